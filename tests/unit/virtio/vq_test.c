/* SPDX-License-Identifier: MIT */
/*
 * What can be wrong with a descriptor chain, and what may look odd but is right
 * (virtio 1.2 2.7.5, 2.7.6).  Each wrong one breaks the device: NEEDS_RESET, the
 * configuration interrupt, a phrase; nothing is used; a reset makes it well.
 */
#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

#define NEXT 1
#define WRITE 2
#define INDIRECT 4
#define F_INDIRECT (1ull << 28)

/* Publishes the head, kicks, runs and expects the device to have broken. */
static void expect_broken(struct drv *d, uint16_t head, const char *phrase)
{
	uint32_t id, len;

	fake_host_forget(&d->host);
	drv_publish(d, 0, head);
	drv_kick(d, 0);
	drv_run(d);
	EXPECT_EQ(0x4f, drv_read(d, 0x14, 1));
	EXPECT_EQ(1, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	EXPECT_EQ(1, fake_host_count(&d->host, MODEL_EV_NEEDS_RESET));
	EXPECT_SUBSTR(fake_host_event(&d->host, MODEL_EV_NEEDS_RESET)->text,
		      phrase);
	EXPECT_FALSE(drv_used(d, 0, &id, &len));
	EXPECT_EQ(1, d->host.msis);
	EXPECT_EQ(0x30, d->host.last_msi.data);
	/* And it recovers. */
	drv_start(d, d->features);
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_TRUE(drv_used(d, 0, &id, &len));
}

/* A device with queues of 8, started. */
static struct drv *small_queue(uint64_t features)
{
	struct drv *d = drv_new(&(struct drv_options){ .queue_size = 8 });

	drv_start(d, features);
	return d;
}

TEST(bad_chain, head_beyond_the_table)
{
	struct drv *d = small_queue(0);

	expect_broken(d, 8, "beyond the table");
	drv_free(d);
}

TEST(bad_chain, next_beyond_the_table)
{
	struct drv *d = small_queue(0);

	drv_desc(d, d->q[0].desc, 0, FAKE_RAM_BASE, 16, NEXT, 8);
	expect_broken(d, 0, "beyond its table");
	drv_free(d);
}

TEST(bad_chain, a_descriptor_that_names_itself)
{
	struct drv *d = small_queue(0);

	drv_desc(d, d->q[0].desc, 3, FAKE_RAM_BASE, 16, NEXT, 3);
	expect_broken(d, 3, "loops");
	drv_free(d);
}

TEST(bad_chain, a_loop_of_the_whole_table)
{
	struct drv *d = small_queue(0);

	for (uint16_t i = 0; i < 8; i++)
		drv_desc(d, d->q[0].desc, i, FAKE_RAM_BASE, 16, NEXT,
			 (i + 1) % 8);
	expect_broken(d, 5, "loops");
	drv_free(d);
}

TEST(bad_chain, more_than_4_gib)
{
	struct drv *d = small_queue(0);

	drv_desc(d, d->q[0].desc, 0, FAKE_RAM_BASE, 0xffffffff, NEXT, 1);
	drv_desc(d, d->q[0].desc, 1, FAKE_RAM_BASE, 2, WRITE, 0);
	expect_broken(d, 0, "2^32 bytes");
	drv_free(d);
}

TEST(bad_chain, readable_behind_writable)
{
	struct drv *d = small_queue(0);

	drv_desc(d, d->q[0].desc, 0, FAKE_RAM_BASE, 1, NEXT | WRITE, 1);
	drv_desc(d, d->q[0].desc, 1, FAKE_RAM_BASE, 16, 0, 0);
	expect_broken(d, 0, "device-readable buffer behind");
	drv_free(d);
}

TEST(bad_chain, indirect_not_negotiated)
{
	struct drv *d = small_queue(0);

	drv_desc(d, d->q[0].desc, 0, FAKE_RAM_BASE, 16, INDIRECT, 0);
	expect_broken(d, 0, "not negotiated");
	drv_free(d);
}

TEST(bad_chain, indirect_and_next_together)
{
	struct drv *d = small_queue(F_INDIRECT);

	drv_desc(d, d->q[0].desc, 0, FAKE_RAM_BASE, 16, INDIRECT | NEXT, 1);
	expect_broken(d, 0, "INDIRECT and NEXT");
	drv_free(d);
}

TEST(bad_chain, indirect_inside_an_indirect_table)
{
	struct drv *d = small_queue(F_INDIRECT);
	uint64_t table = drv_alloc(d, 32);

	drv_desc(d, table, 0, FAKE_RAM_BASE, 16, INDIRECT, 0);
	drv_desc(d, d->q[0].desc, 0, table, 32, INDIRECT, 0);
	expect_broken(d, 0, "inside an indirect table");
	drv_free(d);
}

TEST(bad_chain, indirect_table_of_an_impossible_length)
{
	static const uint32_t lengths[] = { 0, 1, 15, 17, 40 };

	for (size_t i = 0; i < 5; i++) {
		struct drv *d = small_queue(F_INDIRECT);

		TEST_ROW("%u bytes", lengths[i]);
		drv_desc(d, d->q[0].desc, 0, drv_alloc(d, 64), lengths[i],
			 INDIRECT, 0);
		expect_broken(d, 0, "no multiple of 16");
		drv_free(d);
	}
}

TEST(bad_chain, a_loop_inside_an_indirect_table)
{
	struct drv *d = small_queue(F_INDIRECT);
	uint64_t table = drv_alloc(d, 32);

	drv_desc(d, table, 0, FAKE_RAM_BASE, 16, NEXT, 1);
	drv_desc(d, table, 1, FAKE_RAM_BASE, 16, NEXT, 0);
	drv_desc(d, d->q[0].desc, 0, table, 32, INDIRECT, 0);
	expect_broken(d, 0, "loops");
	drv_free(d);
}

TEST(bad_chain, next_beyond_an_indirect_table)
{
	struct drv *d = small_queue(F_INDIRECT);
	uint64_t table = drv_alloc(d, 32);

	drv_desc(d, table, 0, FAKE_RAM_BASE, 16, NEXT, 2);
	drv_desc(d, d->q[0].desc, 0, table, 32, INDIRECT, 0);
	expect_broken(d, 0, "beyond its table");
	drv_free(d);
}

TEST(bad_chain, more_buffers_than_the_device_takes)
{
	struct drv *d = small_queue(F_INDIRECT);
	uint64_t table = drv_alloc(d, 16 * 1025);

	for (uint16_t i = 0; i < 1025; i++)
		drv_desc(d, table, i, FAKE_RAM_BASE, 1, NEXT, i + 1);
	drv_desc(d, d->q[0].desc, 0, table, 16 * 1025, INDIRECT, 0);
	expect_broken(d, 0, "1024 buffers");
	drv_free(d);
}

TEST(bad_chain, avail_index_more_than_a_ring_ahead)
{
	struct drv *d = small_queue(0);

	d->q[0].avail_idx = 8; /* publish makes it 9 */
	expect_broken(d, 0, "a ring ahead");
	drv_free(d);
}

TEST(bad_chain, avail_index_that_goes_back)
{
	struct drv *d = small_queue(0);

	drv_submit(d, 0, 0, 0, 512);
	drv_submit(d, 0, 0, 0, 512);
	d->q[0].used_idx = 2;
	d->q[0].avail_idx = 0;
	expect_broken(d, 0, "went back");
	drv_free(d);
}

TEST(bad_address, of_the_available_ring)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_negotiate(d, 0);
	drv_write(d, 0x20, 4, FAKE_RAM_BASE);
	drv_write(d, 0x28, 4, 0x1000);
	drv_write(d, 0x30, 4, FAKE_RAM_BASE + 0x2000);
	drv_write(d, 0x1c, 2, 1);
	drv_driver_ok(d);
	drv_kick(d, 0);
	drv_run(d);
	EXPECT_EQ(0x4f, drv_read(d, 0x14, 1));
	EXPECT_TRUE(drv_said(d, MODEL_EV_NEEDS_RESET, "available ring"));
	drv_free(d);
}

/* Which phrase a DMA error in each read or write of a request leads to; the
 * calls are those of a queue without EVENT_IDX, chain in one 64-byte line. */
TEST(bad_address, each_ring_access_breaks_with_its_own_phrase)
{
	static const struct {
		unsigned int nth;
		const char *phrase;
	} rows[] = {
		{ 1, "available ring" },   /* avail.idx */
		{ 2, "available ring" },   /* avail.ring[] */
		{ 3, "descriptor table" },
		/* 4 header, 5 data, 6 status: see blk_test.c */
		{ 7, "used ring" },        /* used.ring[] */
		{ 8, "used ring" },        /* used.idx */
		{ 9, "available ring" },   /* avail.flags */
	};

	for (size_t i = 0; i < 6; i++) {
		struct drv *d = drv_new(&(struct drv_options){ 0 });

		TEST_ROW("call %u", rows[i].nth);
		drv_start(d, 0);
		fake_host_fail_at(&d->host, rows[i].nth, FAKE_FAIL_ERROR);
		drv_submit(d, 0, 0, 0, 512);
		EXPECT_EQ(0x4f, drv_read(d, 0x14, 1));
		EXPECT_TRUE(drv_said(d, MODEL_EV_NEEDS_RESET, rows[i].phrase));
		drv_free(d);
	}
}

TEST(bad_address, of_an_indirect_table)
{
	struct drv *d = small_queue(F_INDIRECT);

	drv_desc(d, d->q[0].desc, 0, 0x10, 48, INDIRECT, 0);
	expect_broken(d, 0, "indirect table's address");
	drv_free(d);
}

TEST(bad_address, at_the_top_of_the_address_space)
{
	struct drv *d = small_queue(F_INDIRECT);

	drv_desc(d, d->q[0].desc, 0, 0xfffffffffffffff0ull, 0xfffffff0,
		 INDIRECT, 0);
	expect_broken(d, 0, "indirect table's address");
	drv_free(d);
}

/* ---- odd, but right ---- */

/* A read whose chain is n descriptors in an indirect table. */
static void read_indirect(struct drv *d, uint16_t flags, uint32_t direct)
{
	struct drv_request r = drv_prepare(d, 0, 0, 3, 512);
	uint64_t table = drv_alloc(d, 16 * 3);
	uint64_t desc = d->q[0].desc;
	uint32_t id, len;

	if (direct) {
		drv_desc(d, desc, 0, r.header, 16, NEXT, 5);
		drv_desc(d, table, 0, r.data, 512, WRITE | NEXT, 1);
		drv_desc(d, table, 1, r.status, 1, WRITE, 0);
		drv_desc(d, desc, 5, table, 32, INDIRECT | flags, 0);
	} else {
		drv_desc(d, table, 0, r.header, 16, NEXT, 2);
		drv_desc(d, table, 2, r.data, 512, WRITE | NEXT, 1);
		drv_desc(d, table, 1, r.status, 1, WRITE, 0);
		drv_desc(d, desc, 0, table, 48, INDIRECT | flags, 0);
	}
	drv_publish(d, 0, 0);
	drv_kick(d, 0);
	drv_run(d);
	ASSERT_TRUE(drv_used(d, 0, &id, &len));
	EXPECT_EQ(0, id);
	EXPECT_EQ(513, len);
	EXPECT_EQ(0, drv_result(d, &r));
	EXPECT_MEMEQ(d->image + 3 * 512, drv_ram(d, r.data, 512), 512);
	/* A chain longer than the queue is said. */
	EXPECT_EQ(d->q[0].size < 3,
		  fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
}

TEST(indirect, a_chain_in_a_table_of_its_own)
{
	struct drv *d = small_queue(F_INDIRECT);

	read_indirect(d, 0, 0);
	drv_free(d);
}

TEST(indirect, the_write_flag_beside_indirect_is_ignored)
{
	struct drv *d = small_queue(F_INDIRECT);

	read_indirect(d, WRITE, 0);
	drv_free(d);
}

TEST(indirect, direct_descriptors_may_lead_to_an_indirect_one)
{
	struct drv *d = small_queue(F_INDIRECT);

	read_indirect(d, 0, 1);
	drv_free(d);
}

TEST(indirect, a_table_larger_than_one_fetch)
{
	struct drv *d = small_queue(F_INDIRECT);
	struct drv_request r = drv_prepare(d, 0, 0, 0, 512 * 70);
	uint64_t table = drv_alloc(d, 16 * 72);
	uint32_t id, len;

	drv_desc(d, table, 0, r.header, 16, NEXT, 1);
	for (uint16_t i = 1; i <= 70; i++)
		drv_desc(d, table, i, r.data + 512u * (i - 1u), 512,
			 WRITE | NEXT, i + 1);
	drv_desc(d, table, 71, r.status, 1, WRITE, 0);
	drv_desc(d, d->q[0].desc, 0, table, 16 * 72, INDIRECT, 0);
	drv_publish(d, 0, 0);
	drv_kick(d, 0);
	drv_run(d);
	ASSERT_TRUE(drv_used(d, 0, &id, &len));
	EXPECT_EQ(512 * 70 + 1, len);
	EXPECT_MEMEQ(d->image, drv_ram(d, r.data, 512 * 70), 512 * 70);
	/* Longer than the queue of 8: said, and served. */
	EXPECT_EQ(1, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
	drv_free(d);
}

TEST(chain, may_be_scattered_over_the_table)
{
	struct drv *d = small_queue(0);
	struct drv_request r = drv_prepare(d, 0, 0, 1, 512);
	uint64_t desc = d->q[0].desc;
	uint32_t id, len;

	drv_desc(d, desc, 6, r.header, 16, NEXT, 1);
	drv_desc(d, desc, 1, r.data, 512, NEXT | WRITE, 4);
	drv_desc(d, desc, 4, r.status, 1, WRITE, 0);
	drv_publish(d, 0, 6);
	drv_kick(d, 0);
	drv_run(d);
	ASSERT_TRUE(drv_used(d, 0, &id, &len));
	EXPECT_EQ(6, id);
	EXPECT_EQ(513, len);
	EXPECT_MEMEQ(d->image + 512, drv_ram(d, r.data, 512), 512);
	drv_free(d);
}

TEST(chain, empty_buffers_are_stepped_over)
{
	struct drv *d = small_queue(0);
	struct drv_request r = drv_prepare(d, 0, 0, 1, 512);
	const struct drv_buf bufs[] = {
		{ 0, 0, 0 }, { r.header, 16, 0 }, { 0, 0, 0 },
		{ 0, 0, 2 }, { r.data, 512, 2 }, { r.status, 1, 2 },
		{ 0, 0, 2 },
	};
	uint32_t id, len;

	drv_publish(d, 0, drv_chain(d, 0, bufs, 7));
	drv_kick(d, 0);
	drv_run(d);
	ASSERT_TRUE(drv_used(d, 0, &id, &len));
	EXPECT_EQ(513, len);
	EXPECT_EQ(0, drv_result(d, &r));
	EXPECT_MEMEQ(d->image + 512, drv_ram(d, r.data, 512), 512);
	drv_free(d);
}

TEST(chain, a_queue_of_one_entry_works_with_indirect)
{
	struct drv *d = drv_new(&(struct drv_options){ .queue_size = 8 });

	drv_negotiate(d, F_INDIRECT);
	drv_setup_queue(d, 0, 1);
	drv_driver_ok(d);
	EXPECT_EQ(1, d->q[0].size);
	for (int i = 0; i < 3; i++) {
		fake_host_forget(&d->host);
		read_indirect(d, 0, 0);
	}
	drv_free(d);
}
