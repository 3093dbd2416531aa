/* SPDX-License-Identifier: MIT */
/*
 * The split ring byte by byte (virtio 1.2, 2.7), with the test as the device.
 * Guest code, with the specification's numbers.
 */
#include <linux/errno.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/driver/ring_bench.h"

#define INDIRECT (1ull << 28)
#define EVENT_IDX (1ull << 29)

static u64 desc(const struct ring_bench *b, unsigned int i)
{
	return virtqueue_get_desc_addr(b->vq) + 16ull * i;
}

static u64 avail(const struct ring_bench *b)
{
	return virtqueue_get_avail_addr(b->vq);
}

static u64 used(const struct ring_bench *b)
{
	return virtqueue_get_used_addr(b->vq);
}

static u16 used_event(const struct ring_bench *b, unsigned int num)
{
	return ring_bench_get16(avail(b) + 4 + 2 * num);
}

static void set_avail_event(const struct ring_bench *b, unsigned int num,
			    u16 value)
{
	ring_bench_put16(used(b) + 4 + 8 * num, value);
}

/* The device uses a buffer. */
static void use(const struct ring_bench *b, unsigned int num, u32 id, u32 len)
{
	u16 idx = ring_bench_get16(used(b) + 2);
	u64 elem = used(b) + 4 + 8 * (idx % num);

	ring_bench_put32(elem, id);
	ring_bench_put32(elem + 4, len);
	ring_bench_put16(used(b) + 2, (u16)(idx + 1));
}

/* One buffer of n elements of 16 bytes, the last of them written by the device;
 * its data is its own first element. */
static int add(struct ring_bench *b, unsigned int n)
{
	struct scatterlist sg[8], *sgs[8];
	void *data = NULL;
	unsigned int i;

	for (i = 0; i < n; i++) {
		void *buf = ring_bench_buffer(16);

		data = data ? data : buf;
		sg_init_one(&sg[i], buf, 16);
		sgs[i] = &sg[i];
	}
	return virtqueue_add_sgs(b->vq, sgs, n - 1, 1, data, 0);
}

/* ---- layout: 2.7, 2.7.13 ---- */

TEST(driver_ring, areas_are_aligned_and_apart)
{
	unsigned int num;

	for (num = 1; num <= 32768; num *= 2) {
		struct ring_bench b;

		TEST_ROW("queue of %u", num);
		ring_bench_open(&b, 0, num, 0, true);
		ASSERT_EQ(0, b.err);
		EXPECT_EQ(0, desc(&b, 0) % 16);
		EXPECT_EQ(0, avail(&b) % 2);
		EXPECT_EQ(0, used(&b) % 4);
		EXPECT_GE(avail(&b), desc(&b, num));
		EXPECT_GE(used(&b), avail(&b) + 6 + 2 * num);
		EXPECT_EQ(num, virtqueue_num_free(b.vq));
		EXPECT_EQ(0, ring_bench_close(&b));
	}
}

TEST(driver_ring, impossible_sizes_are_refused)
{
	static const unsigned int sizes[] = { 0, 3, 6, 32767, 32769, 65536,
					      0x80000000 };
	struct ring_bench b;
	size_t i;

	for (i = 0; i < 7; i++) {
		ring_bench_open(&b, 0, sizes[i], 0, true);
		EXPECT_TRUE(!b.vq);
		EXPECT_EQ(-EINVAL, b.err);
		EXPECT_EQ(0, ring_bench_close(&b));
	}
}

TEST(driver_ring, chain_in_the_ring)
{
	struct ring_bench b;
	unsigned int i;

	ring_bench_open(&b, 0, 8, 4, true);
	EXPECT_EQ(0, add(&b, 3));
	EXPECT_EQ(5, virtqueue_num_free(b.vq));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(16, ring_bench_get32(desc(&b, i) + 8));
		/* NEXT 1 but for the last, WRITE 2 for the last */
		EXPECT_EQ(i < 2 ? 1 : 2, ring_bench_get16(desc(&b, i) + 12));
		if (i < 2)
			EXPECT_EQ(i + 1, ring_bench_get16(desc(&b, i) + 14));
	}
	EXPECT_EQ(0, ring_bench_get16(avail(&b)));
	EXPECT_EQ(1, ring_bench_get16(avail(&b) + 2));
	EXPECT_EQ(0, ring_bench_get16(avail(&b) + 4));
	EXPECT_EQ(0, add(&b, 3));
	EXPECT_EQ(2, ring_bench_get16(avail(&b) + 2));
	EXPECT_EQ(3, ring_bench_get16(avail(&b) + 6));
	EXPECT_EQ(-ENOSPC, add(&b, 3));
	EXPECT_EQ(0, add(&b, 2));
	EXPECT_EQ(0, virtqueue_num_free(b.vq));
	EXPECT_EQ(8, ring_bench_maps);
	while (virtqueue_detach_unused_buf(b.vq))
		;
	EXPECT_EQ(8, virtqueue_num_free(b.vq));
	EXPECT_EQ(0, ring_bench_close(&b));
}

TEST(driver_ring, chain_in_an_indirect_table)
{
	struct ring_bench b;
	unsigned int i;
	u64 table;

	ring_bench_open(&b, INDIRECT, 8, 4, true);
	EXPECT_EQ(0, add(&b, 4));
	EXPECT_EQ(7, virtqueue_num_free(b.vq));
	EXPECT_EQ(4, ring_bench_get16(desc(&b, 0) + 12));
	EXPECT_EQ(64, ring_bench_get32(desc(&b, 0) + 8));
	table = ring_bench_get64(desc(&b, 0));
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(i < 3 ? 1 : 2, ring_bench_get16(table + 16 * i + 12));
		if (i < 3)
			EXPECT_EQ(i + 1, ring_bench_get16(table + 16 * i + 14));
	}
	/* Longer than the tables: in the ring. One element needs none. */
	EXPECT_EQ(0, add(&b, 5));
	EXPECT_EQ(2, virtqueue_num_free(b.vq));
	EXPECT_EQ(0, add(&b, 1));
	EXPECT_EQ(1, virtqueue_num_free(b.vq));
	EXPECT_EQ(2, ring_bench_get16(desc(&b, 6) + 12));
	EXPECT_EQ(0, add(&b, 2));
	EXPECT_EQ(-ENOSPC, add(&b, 2));
	while (virtqueue_detach_unused_buf(b.vq))
		;
	EXPECT_EQ(8, virtqueue_num_free(b.vq));
	EXPECT_EQ(0, ring_bench_close(&b));
}

/* 2.7.5.3.1: a chain is not longer than the queue, indirect or not. */
TEST(driver_ring, chain_longer_than_the_queue_is_refused)
{
	struct ring_bench b;

	ring_bench_open(&b, INDIRECT, 4, 8, true);
	EXPECT_EQ(-EINVAL, add(&b, 5));
	EXPECT_EQ(0, add(&b, 4));
	EXPECT_TRUE(virtqueue_detach_unused_buf(b.vq));
	EXPECT_EQ(0, ring_bench_close(&b));
}

/* Each mapping refused in turn: nothing taken, nothing published. */
TEST(driver_ring, refused_mapping_leaves_no_trace)
{
	unsigned int n, indirect;

	for (indirect = 0; indirect < 2; indirect++) {
		for (n = 1; n <= 3; n++) {
			struct ring_bench b;

			TEST_ROW("mapping %u", n);
			ring_bench_open(&b, indirect ? INDIRECT : 0, 4, 4,
					true);
			ring_bench_fail_map = n;
			EXPECT_EQ(-ENOMEM, add(&b, 3));
			EXPECT_EQ(0, ring_bench_maps);
			EXPECT_EQ(4, virtqueue_num_free(b.vq));
			EXPECT_EQ(0, ring_bench_get16(avail(&b) + 2));
			EXPECT_EQ(0, add(&b, 3));
			EXPECT_TRUE(virtqueue_detach_unused_buf(b.vq));
			EXPECT_EQ(0, ring_bench_close(&b));
		}
	}
}

/* ---- kicks: 2.7.10 ---- */

TEST(driver_ring, without_event_idx_the_flag_decides)
{
	struct ring_bench b;

	ring_bench_open(&b, 0, 8, 0, true);
	set_avail_event(&b, 8, 5);
	EXPECT_TRUE(!virtqueue_kick_prepare(b.vq));
	EXPECT_EQ(0, add(&b, 1));
	EXPECT_TRUE(virtqueue_kick_prepare(b.vq));
	ring_bench_put16(used(&b), 1);
	EXPECT_EQ(0, add(&b, 1));
	EXPECT_TRUE(!virtqueue_kick_prepare(b.vq));
	ring_bench_put16(used(&b), 0xfffe);
	EXPECT_EQ(0, add(&b, 1));
	EXPECT_TRUE(virtqueue_kick_prepare(b.vq));
	while (virtqueue_detach_unused_buf(b.vq))
		;
	EXPECT_EQ(0, ring_bench_close(&b));
}

/* avail_event, added since the last kick: 2.7.10.1, from index `start`. */
static const struct {
	u16 start, event, added;
	bool kick;
} events[] = {
	{ 0, 0, 1, true },        /* the entry that was just filled */
	{ 0, 1, 1, false },       /* the one after it */
	{ 0, 0xffff, 1, false },  /* the one before it */
	{ 0, 2, 4, true },        /* inside the batch, not its end */
	{ 0, 3, 4, true },        /* its last */
	{ 0, 4, 4, false },
	{ 0xfffe, 0xffff, 4, true }, /* over the wrap */
	{ 0xfffe, 0, 4, true },
	{ 0xfffe, 1, 4, true },
	{ 0xfffe, 2, 4, false },
	{ 0xfffe, 0xfffd, 4, false },
};

/* Brings avail and used index to `start`. */
static void spin_to(struct ring_bench *b, unsigned int num, u16 start)
{
	unsigned int len;
	u16 i;

	for (i = 0; i != start; i++) {
		if (add(b, 1))
			break;
		use(b, num, ring_bench_get16(avail(b) + 4 + 2 * (i % num)), 0);
		virtqueue_get_buf(b->vq, &len);
	}
	virtqueue_kick_prepare(b->vq);
}

TEST(driver_ring, with_event_idx_the_range_decides)
{
	size_t i;
	u16 n;

	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		struct ring_bench b;

		TEST_ROW("row %d", (int)i);
		ring_bench_open(&b, EVENT_IDX, 8, 0, true);
		spin_to(&b, 8, events[i].start);
		/* The flag means nothing then (2.7.10.2). */
		ring_bench_put16(used(&b), 1);
		set_avail_event(&b, 8, events[i].event);
		for (n = 0; n < events[i].added; n++)
			EXPECT_EQ(0, add(&b, 1));
		EXPECT_EQ(events[i].kick, virtqueue_kick_prepare(b.vq));
		EXPECT_TRUE(!virtqueue_kick_prepare(b.vq));
		while (virtqueue_detach_unused_buf(b.vq))
			;
		EXPECT_EQ(0, ring_bench_close(&b));
	}
}

/* ---- what comes back: 2.7.14 ---- */

TEST(driver_ring, used_buffers_come_back_in_the_device_s_order)
{
	unsigned int len = 0;
	struct ring_bench b;
	void *first, *second;

	ring_bench_open(&b, 0, 4, 0, true);
	EXPECT_EQ(0, add(&b, 1));
	EXPECT_EQ(0, add(&b, 2));
	EXPECT_TRUE(!virtqueue_get_buf(b.vq, &len));
	use(&b, 4, 1, 16);
	first = virtqueue_get_buf(b.vq, &len);
	EXPECT_EQ(16, len);
	use(&b, 4, 0, 7);
	second = virtqueue_get_buf(b.vq, &len);
	EXPECT_EQ(7, len);
	EXPECT_TRUE(first && second && first != second);
	EXPECT_TRUE(!virtqueue_get_buf(b.vq, &len));
	EXPECT_EQ(4, virtqueue_num_free(b.vq));
	EXPECT_EQ(0, ring_bench_close(&b));
}

/* IN_ORDER, 2.7.12.1: one element for several buffers, and descriptors that are
 * taken round the table. */
TEST(driver_ring, in_order_an_element_stands_for_those_before_it)
{
	unsigned int len;
	struct ring_bench b;
	u64 desc;

	ring_bench_open(&b, 1ull << 35, 8, 0, true);
	desc = virtqueue_get_desc_addr(b.vq);
	EXPECT_EQ(0, add(&b, 2));
	EXPECT_EQ(0, add(&b, 1));
	EXPECT_EQ(0, add(&b, 3));
	use(&b, 8, 3, 5);
	ring_bench_put16(used(&b) + 2, 3);
	EXPECT_TRUE(virtqueue_get_buf(b.vq, &len));
	EXPECT_EQ(16, len);
	EXPECT_EQ(4, virtqueue_num_free(b.vq));
	EXPECT_TRUE(virtqueue_get_buf(b.vq, &len));
	EXPECT_EQ(16, len);
	EXPECT_TRUE(virtqueue_get_buf(b.vq, &len));
	EXPECT_EQ(5, len);
	EXPECT_TRUE(!virtqueue_get_buf(b.vq, &len));
	EXPECT_EQ(8, virtqueue_num_free(b.vq));
	EXPECT_EQ(0, add(&b, 4));
	EXPECT_EQ(6, ring_bench_get16(avail(&b) + 4 + 2 * 3));
	EXPECT_EQ(7, ring_bench_get16(desc + 16 * 6 + 14));
	EXPECT_EQ(0, ring_bench_get16(desc + 16 * 7 + 14));
	EXPECT_EQ(1, ring_bench_get16(desc + 14));
	use(&b, 8, 6, 9);
	EXPECT_TRUE(virtqueue_get_buf(b.vq, &len));
	EXPECT_EQ(9, len);
	EXPECT_EQ(0, add(&b, 1));
	use(&b, 8, 5, 0);
	EXPECT_TRUE(!virtqueue_get_buf(b.vq, &len));
	EXPECT_TRUE(virtqueue_is_broken(b.vq));
	EXPECT_TRUE(virtqueue_detach_unused_buf(b.vq));
	EXPECT_EQ(0, ring_bench_close(&b));
}

/* The books know how many the device has, also after some came back. */
TEST(driver_ring, index_may_not_pass_what_is_outstanding)
{
	unsigned int len;
	struct ring_bench b;

	ring_bench_open(&b, 0, 8, 0, true);
	EXPECT_EQ(0, add(&b, 1));
	EXPECT_EQ(0, add(&b, 1));
	use(&b, 8, 0, 0);
	EXPECT_TRUE(virtqueue_get_buf(b.vq, &len));
	use(&b, 8, 1, 0);
	ring_bench_put16(used(&b) + 2, 3);
	EXPECT_TRUE(!virtqueue_get_buf(b.vq, &len));
	EXPECT_TRUE(virtqueue_is_broken(b.vq));
	EXPECT_EQ(1, ring_bench_logs);
	EXPECT_EQ(-EIO, add(&b, 1));
	EXPECT_TRUE(virtqueue_enable_cb(b.vq));
	EXPECT_TRUE(!virtqueue_notify(b.vq));
	EXPECT_EQ(0, b.kicked);
	EXPECT_TRUE(virtqueue_detach_unused_buf(b.vq));
	EXPECT_TRUE(!virtqueue_detach_unused_buf(b.vq));
	EXPECT_EQ(0, ring_bench_close(&b));
}

/* The device writes over its side of the ring and the driver's too. */
TEST(driver_ring, nothing_is_read_back_from_the_table)
{
	unsigned int len, i;
	struct ring_bench b;

	ring_bench_open(&b, 0, 8, 0, true);
	EXPECT_EQ(0, add(&b, 3));
	for (i = 0; i < 8 * 16; i += 2)
		ring_bench_put16(desc(&b, 0) + i, 0xffff);
	use(&b, 8, 0, 16);
	EXPECT_TRUE(virtqueue_get_buf(b.vq, &len));
	EXPECT_EQ(8, virtqueue_num_free(b.vq));
	EXPECT_EQ(0, add(&b, 8));
	EXPECT_TRUE(virtqueue_detach_unused_buf(b.vq));
	EXPECT_EQ(0, ring_bench_close(&b));
}

/* ---- when the device shall interrupt: 2.7.7 ---- */

TEST(driver_ring, callback_runs_for_news_only)
{
	unsigned int len;
	struct ring_bench b;

	ring_bench_open(&b, 0, 4, 0, true);
	EXPECT_EQ(0, add(&b, 1));
	EXPECT_EQ(IRQ_NONE, vring_interrupt(0, b.vq));
	EXPECT_EQ(0, b.called);
	use(&b, 4, 0, 0);
	EXPECT_EQ(IRQ_HANDLED, vring_interrupt(0, b.vq));
	EXPECT_EQ(1, b.called);
	EXPECT_TRUE(virtqueue_get_buf(b.vq, &len));
	EXPECT_EQ(IRQ_NONE, vring_interrupt(0, b.vq));
	EXPECT_EQ(0, ring_bench_close(&b));
}

/* The driver is asked again, but a line that stays up gets nobody's thanks. */
TEST(driver_ring, news_is_handled_once)
{
	unsigned int len;
	struct ring_bench b;

	ring_bench_open(&b, 0, 4, 0, true);
	EXPECT_EQ(0, add(&b, 1));
	EXPECT_EQ(0, add(&b, 1));
	use(&b, 4, 0, 0);
	EXPECT_EQ(IRQ_HANDLED, vring_interrupt(0, b.vq));
	EXPECT_EQ(IRQ_NONE, vring_interrupt(0, b.vq));
	EXPECT_EQ(2, b.called);
	use(&b, 4, 1, 0);
	EXPECT_EQ(IRQ_HANDLED, vring_interrupt(0, b.vq));
	EXPECT_EQ(3, b.called);
	EXPECT_TRUE(virtqueue_get_buf(b.vq, &len));
	EXPECT_TRUE(virtqueue_get_buf(b.vq, &len));
	EXPECT_EQ(0, ring_bench_close(&b));
}

TEST(driver_ring, callbacks_off_and_on_by_the_flag)
{
	unsigned int len;
	struct ring_bench b;

	ring_bench_open(&b, 0, 4, 0, true);
	EXPECT_EQ(0, ring_bench_get16(avail(&b)));
	virtqueue_disable_cb(b.vq);
	EXPECT_EQ(1, ring_bench_get16(avail(&b)));
	EXPECT_EQ(0, add(&b, 1));
	use(&b, 4, 0, 0);
	EXPECT_TRUE(!virtqueue_enable_cb(b.vq));
	EXPECT_EQ(0, ring_bench_get16(avail(&b)));
	EXPECT_TRUE(virtqueue_get_buf(b.vq, &len));
	EXPECT_TRUE(virtqueue_enable_cb(b.vq));
	EXPECT_EQ(0, ring_bench_close(&b));
}

/* 2.7.7.1: the flag stays 0; an index already passed asks for nothing, and
 * taking buffers meanwhile does not ask again. */
TEST(driver_ring, callbacks_off_and_on_by_the_index)
{
	unsigned int len;
	struct ring_bench b;

	ring_bench_open(&b, EVENT_IDX, 4, 0, true);
	EXPECT_EQ(0, used_event(&b, 4));
	EXPECT_EQ(0, add(&b, 1));
	EXPECT_EQ(0, add(&b, 1));
	EXPECT_EQ(0, add(&b, 1));
	use(&b, 4, 0, 0);
	EXPECT_TRUE(virtqueue_get_buf(b.vq, &len));
	EXPECT_EQ(1, used_event(&b, 4));
	virtqueue_disable_cb(b.vq);
	EXPECT_EQ(0, ring_bench_get16(avail(&b)));
	EXPECT_EQ(0, used_event(&b, 4));
	use(&b, 4, 1, 0);
	EXPECT_TRUE(virtqueue_get_buf(b.vq, &len));
	EXPECT_EQ(0, used_event(&b, 4));
	use(&b, 4, 2, 0);
	EXPECT_TRUE(!virtqueue_enable_cb(b.vq));
	EXPECT_EQ(2, used_event(&b, 4));
	EXPECT_TRUE(virtqueue_get_buf(b.vq, &len));
	EXPECT_EQ(3, used_event(&b, 4));
	EXPECT_TRUE(virtqueue_enable_cb(b.vq));
	EXPECT_EQ(0, ring_bench_close(&b));
}

/* A queue without callback says so once and for all. */
TEST(driver_ring, queue_that_nobody_listens_to)
{
	unsigned int len;
	struct ring_bench b;

	ring_bench_open(&b, 0, 4, 0, false);
	EXPECT_EQ(1, ring_bench_get16(avail(&b)));
	EXPECT_EQ(0, ring_bench_close(&b));
	ring_bench_open(&b, EVENT_IDX, 4, 0, false);
	EXPECT_EQ(0, ring_bench_get16(avail(&b)));
	EXPECT_EQ(0xffff, used_event(&b, 4));
	EXPECT_EQ(0, add(&b, 1));
	use(&b, 4, 0, 0);
	EXPECT_EQ(IRQ_HANDLED, vring_interrupt(0, b.vq));
	EXPECT_TRUE(virtqueue_get_buf(b.vq, &len));
	EXPECT_EQ(0xffff, used_event(&b, 4));
	EXPECT_EQ(0, ring_bench_close(&b));
}

/* 6: bits of ring and transport that nobody here can do are dropped, a device
 * type's own pass: 0 to 23 and 50 up. */
TEST(driver_ring, feature_bits_that_pass)
{
	EXPECT_EQ(0xfffc01db30ffffffull, vring_transport_features(~0ull));
	EXPECT_EQ(0, vring_transport_features(1ull << 34 | 1ull << 24));
}
