/* SPDX-License-Identifier: MIT */
/*
 * Order of writes, index wrap, and who notifies whom when (virtio 1.2 2.7.7,
 * 2.7.8, 2.7.10).
 */
#include "models/virtio/vpci.h"
#include "models/virtio/vq.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

#define F_EVENT_IDX (1ull << 29)

/* From `old` to `now`, was `event` passed?  Literal cases around the wrap. */
TEST(event_idx, the_range_rule_holds_over_the_wrap)
{
	static const struct {
		uint16_t event, now, old;
		bool wanted;
	} rows[] = {
		{ 0, 1, 0, true }, { 1, 1, 0, false }, { 0xffff, 1, 0, false },
		{ 0xffff, 0, 0xffff, true }, { 0xfffe, 0, 0xffff, false },
		{ 0, 0, 0xffff, false }, { 5, 6, 5, true }, { 5, 10, 0, true },
		{ 9, 10, 0, true }, { 10, 10, 0, false }, { 0, 10, 0, true },
		{ 0xfffd, 3, 0xfffd, true }, { 2, 3, 0xfffd, true },
		{ 3, 3, 0xfffd, false }, { 0xfffc, 3, 0xfffd, false },
		{ 0x7fff, 0x8000, 0x7fff, true },
		{ 0x8000, 0x8000, 0x7fff, false }, { 7, 7, 7, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		TEST_ROW("event 0x%x, now 0x%x, old 0x%x", rows[i].event,
			 rows[i].now, rows[i].old);
		EXPECT_EQ(rows[i].wanted, vq_need_event(rows[i].event,
							rows[i].now,
							rows[i].old));
	}
}

/* The addresses that the device wrote to, in order, without the data. */
static uint64_t write_to(struct drv *d, unsigned int nth)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < d->host.nposts; i++)
		if (d->host.posts[i].kind == FAKE_POST_WRITE && n++ == nth)
			return d->host.posts[i].addr;
	return 0;
}

TEST(used_ring, element_then_index_in_writes_of_their_own_then_interrupt)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });
	struct drv_request r;
	unsigned int n;

	drv_start(d, 0);
	fake_host_forget(&d->host);
	r = drv_submit(d, 0, 0, 0, 512);
	n = d->host.nposts;
	ASSERT_EQ(5, n);
	EXPECT_EQ(r.data, write_to(d, 0));
	EXPECT_EQ(r.status, write_to(d, 1));
	EXPECT_EQ(d->q[0].used + 4, write_to(d, 2));
	EXPECT_EQ(8, d->host.posts[2].len);
	EXPECT_EQ(d->q[0].used + 2, write_to(d, 3));
	EXPECT_EQ(2, d->host.posts[3].len);
	EXPECT_EQ(FAKE_POST_MSI, d->host.posts[4].kind);
	drv_free(d);
}

TEST(used_ring, indices_wrap_at_65536_and_the_ring_at_its_size)
{
	struct drv *d = drv_new(&(struct drv_options){ .queue_size = 8 });
	uint64_t ram;
	uint32_t id, len;

	drv_start(d, F_EVENT_IDX | 1ull << 28);
	ram = d->next;
	for (uint32_t i = 0; i < 65536 + 20; i++) {
		/* The driver wants each one: used_event = what it has seen. */
		drv_put16(d, d->q[0].avail + 4 + 2 * 8, d->q[0].used_idx);
		d->next = ram;
		fake_host_forget(&d->host);
		drv_submit(d, 0, 4, 0, 0);
		if (!drv_used(d, 0, &id, &len) || d->host.msis != 1) {
			ADD_FAILURE("request %u: %u messages", i, d->host.msis);
			break;
		}
	}
	EXPECT_EQ(20, d->q[0].used_idx);
	EXPECT_EQ(20, drv_ram16(d, d->q[0].used + 2));
	drv_free(d);
}

/* A queue of 4 entries on a device that offers 64: everything behind a ring lies
 * where 4 entries put it. */
static struct drv *ring_of_4(uint64_t features)
{
	struct drv *d = drv_new(&(struct drv_options){ .queue_size = 64 });

	drv_negotiate(d, features);
	drv_enable_msix(d);
	drv_write(d, 0x1a, 2, 1);
	drv_setup_queue(d, 0, 4);
	drv_driver_ok(d);
	return d;
}

TEST(used_ring, of_a_size_that_was_chosen_smaller)
{
	struct drv *d = ring_of_4(F_EVENT_IDX);
	uint32_t id, len;

	for (uint32_t i = 1; i <= 9; i++) {
		struct drv_request r = drv_submit(d, 0, 0, 7, 512 * i);

		TEST_ROW("request %u", i);
		ASSERT_TRUE(drv_used(d, 0, &id, &len));
		EXPECT_EQ(r.head, id);
		EXPECT_EQ(512 * i + 1, len);
		EXPECT_EQ(0, drv_result(d, &r));
	}
	EXPECT_EQ(9, drv_ram16(d, d->q[0].used + 4 + 8 * 4));
	drv_free(d);
}

TEST(used_ring, used_event_of_a_size_that_was_chosen_smaller)
{
	struct drv *d = ring_of_4(F_EVENT_IDX);

	drv_put16(d, d->q[0].avail + 4 + 2 * 4, 1);
	fake_host_forget(&d->host);
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_EQ(0, d->host.msis);
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_EQ(1, d->host.msis);
	drv_free(d);
}

TEST(available_ring, a_batch_that_crosses_the_end_of_the_ring)
{
	struct drv *d = ring_of_4(1ull << 28 | F_EVENT_IDX);
	uint32_t id, len;

	/* Flushes have two descriptors; of the four entries of the ring the
	 * third on are taken first. */
	drv_submit(d, 0, 4, 0, 0);
	drv_submit(d, 0, 4, 0, 0);
	drv_submit(d, 0, 4, 0, 0);
	d->q[0].used_idx = 3;
	for (uint16_t i = 0; i < 2; i++)
		drv_publish(d, 0, drv_prepare(d, 0, 4, 0, 0).head);
	/* Behind the ring there is used_event: not a head. */
	drv_put16(d, d->q[0].avail + 4 + 2 * 4, 0x7777);
	drv_kick(d, 0);
	drv_run(d);
	EXPECT_TRUE(drv_used(d, 0, &id, &len));
	EXPECT_EQ(2, id);
	EXPECT_TRUE(drv_used(d, 0, &id, &len));
	EXPECT_EQ(0, id);
	EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
	drv_free(d);
}

static unsigned int notified(struct drv *d, uint64_t what)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < d->host.nevents; i++)
		n += d->host.events[i].kind == MODEL_EV_NOTIFY &&
		     d->host.events[i].value == what;
	return n;
}

TEST(suppression, by_flags_without_event_idx)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 0);
	drv_put16(d, d->q[0].avail, 1);
	fake_host_forget(&d->host);
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_EQ(0, d->host.msis);
	EXPECT_EQ(1, notified(d, MODEL_NOTIFY_SUPPRESSED));
	drv_put16(d, d->q[0].avail, 0);
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_EQ(1, d->host.msis);
	EXPECT_EQ(1, notified(d, MODEL_NOTIFY_SENT));
	drv_free(d);
}

TEST(suppression, used_event_is_nothing_without_event_idx)
{
	struct drv *d = drv_new(&(struct drv_options){ .queue_size = 8 });

	drv_start(d, 0);
	drv_put16(d, d->q[0].avail + 4 + 2 * 8, 0x1234);
	fake_host_forget(&d->host);
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_EQ(1, d->host.msis);
	drv_free(d);
}

TEST(suppression, flags_are_nothing_with_event_idx)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, F_EVENT_IDX);
	drv_put16(d, d->q[0].avail, 1);
	fake_host_forget(&d->host);
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_EQ(1, d->host.msis);
	drv_free(d);
}

TEST(suppression, by_used_event)
{
	struct drv *d = drv_new(&(struct drv_options){ .queue_size = 8 });

	drv_start(d, F_EVENT_IDX);
	drv_put16(d, d->q[0].avail + 4 + 2 * 8, 2);
	fake_host_forget(&d->host);
	drv_submit(d, 0, 0, 0, 512);
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_EQ(0, d->host.msis);
	EXPECT_EQ(2, notified(d, MODEL_NOTIFY_SUPPRESSED));
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_EQ(1, d->host.msis);
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_EQ(1, d->host.msis);
	drv_free(d);
}

/* A device type that takes all there is, gives all back, and decides once. */
static void run_in_batches(struct virtio_device *vdev, struct vq *vq)
{
	(void)vdev;
	while (vq_pop(vq) == VQ_OK)
		if (vq_push(vq, 0) != VQ_OK)
			return;
	if (vq_notify(vq) == VQ_OK)
		vq_rearm(vq);
}

TEST(suppression, used_event_is_looked_for_in_the_whole_batch)
{
	static const struct {
		uint16_t used_event;
		unsigned int messages;
	} rows[] = {
		{ 0, 1 }, { 1, 1 }, { 2, 1 }, { 3, 0 }, { 0xffff, 0 },
	};
	const struct virtio_device_ops ops = { .queue_run = run_in_batches };

	for (size_t i = 0; i < 5; i++) {
		struct drv *d = drv_new(&(struct drv_options){
			.queue_size = 16 });
		struct virtio_device *vdev = ((struct vpci *)d->fn)->vdev;
		const struct virtio_device_ops *own = vdev->ops;

		TEST_ROW("used_event 0x%x", rows[i].used_event);
		drv_start(d, F_EVENT_IDX);
		drv_put16(d, d->q[0].avail + 4 + 2 * 16, rows[i].used_event);
		for (int n = 0; n < 3; n++)
			drv_publish(d, 0, drv_prepare(d, 0, 4, 0, 0).head);
		fake_host_forget(&d->host);
		vdev->ops = &ops;
		drv_kick(d, 0);
		drv_run(d);
		vdev->ops = own;
		EXPECT_EQ(3, drv_ram16(d, d->q[0].used + 2));
		EXPECT_EQ(rows[i].messages, d->host.msis);
		drv_free(d);
	}
}

TEST(kicks, avail_event_follows_what_was_taken)
{
	struct drv *d = drv_new(&(struct drv_options){ .queue_size = 8 });
	uint64_t avail_event;

	drv_start(d, F_EVENT_IDX);
	avail_event = d->q[0].used + 4 + 8 * 8;
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_EQ(1, drv_ram16(d, avail_event));
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_EQ(2, drv_ram16(d, avail_event));
	EXPECT_EQ(0, drv_ram16(d, d->q[0].used));
	drv_free(d);
}

/* Another request appears, without a kick, just when the device writes
 * avail_event: it must look again before it sleeps. */
static void publish_one(struct fake_host *h)
{
	struct drv *d = h->arg;
	struct drv_request r = drv_prepare(d, 0, 0, 2, 512);

	drv_publish(d, 0, r.head);
}

TEST(kicks, a_request_that_slips_in_before_sleep_is_found)
{
	/* Every DMA call of the request, the last ones above all. */
	for (unsigned int nth = 2; nth <= 12; nth++) {
		struct drv *d = drv_new(&(struct drv_options){ 0 });
		uint32_t id, len;

		TEST_ROW("call %u", nth);
		drv_start(d, F_EVENT_IDX);
		d->host.on_fail = publish_one;
		d->host.arg = d;
		fake_host_forget(&d->host);
		fake_host_fail_at(&d->host, nth, FAKE_FAIL_CALL);
		drv_submit(d, 0, 0, 0, 512);
		EXPECT_TRUE(drv_used(d, 0, &id, &len));
		/* Call 12 would be after the last look: avail.idx is read as
		 * the 11th, what comes later has a kick of its own. */
		EXPECT_EQ(nth <= 11, drv_used(d, 0, &id, &len));
		drv_free(d);
	}
}

/* Publishes n reads and kicks once. */
static void burst(struct drv *d, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		drv_publish(d, 0, drv_prepare(d, 0, 0, i, 512).head);
	fake_host_forget(&d->host);
	drv_kick(d, 0);
	drv_run(d);
}

static void expect_all_used(struct drv *d, uint32_t n)
{
	uint32_t id, len;

	for (uint32_t i = 0; i < n; i++) {
		ASSERT_TRUE(drv_used(d, 0, &id, &len));
		EXPECT_EQ(i * 3, id);
	}
	EXPECT_TRUE(!drv_used(d, 0, &id, &len));
	EXPECT_EQ(n, fake_host_count(&d->host, MODEL_EV_USED));
}

TEST(kicks, one_for_many_requests_serves_them_all)
{
	struct drv *d = drv_new(&(struct drv_options){ .queue_size = 64 });

	drv_start(d, 0);
	burst(d, 21);
	expect_all_used(d, 21);
	/* 16 ring entries are fetched at once, then 5. */
	EXPECT_EQ(2, fake_host_count(&d->host, MODEL_EV_NOTIFY));
	EXPECT_EQ(2, d->host.msis);
	drv_free(d);
}

TEST(batch, is_not_made_of_requests_that_take_time)
{
	struct drv *d = drv_new(&(struct drv_options){
		.queue_size = 64, .latency = 1000 });

	drv_start(d, 0);
	burst(d, 21);
	expect_all_used(d, 21);
	EXPECT_EQ(21, fake_host_count(&d->host, MODEL_EV_NOTIFY));
	EXPECT_EQ(21, d->host.msis);
	drv_free(d);
}

TEST(batch, interrupts_if_it_passes_used_event_anywhere)
{
	static const struct {
		uint16_t used_event;
		unsigned int sent, suppressed;
	} rows[] = {
		{ 0, 1, 1 },  { 7, 1, 1 },  { 15, 1, 1 }, { 16, 1, 1 },
		{ 20, 1, 1 }, { 21, 0, 2 }, { 65535, 0, 2 },
	};

	for (size_t i = 0; i < 7; i++) {
		struct drv *d = drv_new(&(struct drv_options){
			.queue_size = 64 });

		TEST_ROW("used_event %u", rows[i].used_event);
		drv_start(d, F_EVENT_IDX);
		drv_put16(d, d->q[0].avail + 4 + 2 * 64, rows[i].used_event);
		burst(d, 21);
		expect_all_used(d, 21);
		EXPECT_EQ(rows[i].sent, notified(d, MODEL_NOTIFY_SENT));
		EXPECT_EQ(rows[i].suppressed,
			  notified(d, MODEL_NOTIFY_SUPPRESSED));
		drv_free(d);
	}
}

TEST(batch, is_announced_up_to_the_chain_that_breaks_the_device)
{
	struct drv *d = drv_new(&(struct drv_options){ .queue_size = 64 });
	uint32_t id, len;

	drv_start(d, 0);
	drv_publish(d, 0, drv_prepare(d, 0, 0, 0, 512).head);
	drv_publish(d, 0, 64); /* beyond the table */
	fake_host_forget(&d->host);
	drv_kick(d, 0);
	drv_run(d);
	EXPECT_TRUE(drv_used(d, 0, &id, &len));
	EXPECT_EQ(0x4f, drv_read(d, 0x14, 1));
	EXPECT_EQ(1, fake_host_event(&d->host, MODEL_EV_NOTIFY)->value ==
		     MODEL_NOTIFY_SENT);
	EXPECT_EQ(0, fake_host_event(&d->host, MODEL_EV_NOTIFY)->index);
	EXPECT_EQ(2, d->host.msis); /* NEEDS_RESET, used buffer */
	drv_free(d);
}

/* Number of the last event of a kind. */
static unsigned int last_of(const struct drv *d, enum model_event_kind kind)
{
	unsigned int at = 0;

	for (unsigned int i = 0; i < d->host.nevents; i++)
		if (d->host.events[i].kind == kind)
			at = i;
	return at;
}

TEST(batch, that_is_cut_off_goes_on_and_is_announced)
{
	for (unsigned int nth = 1; nth <= 24; nth++) {
		struct drv *d = drv_new(&(struct drv_options){
			.queue_size = 64 });

		TEST_ROW("call %u", nth);
		drv_start(d, 0);
		fake_host_fail_at(&d->host, nth, FAKE_FAIL_BUS_MASTER);
		burst(d, 3);
		drv_cfg_write(d, 0x04, 2, 6);
		drv_run(d);
		expect_all_used(d, 3);
		EXPECT_LT(last_of(d, MODEL_EV_USED),
			  last_of(d, MODEL_EV_NOTIFY));
		EXPECT_LE(1, d->host.msis);
		drv_free(d);
	}
}

TEST(kicks, are_turned_off_while_several_requests_wait)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });
	bool on = false, off = false;

	drv_start(d, 0);
	for (int i = 0; i < 3; i++)
		drv_publish(d, 0, drv_prepare(d, 0, 0, 0, 512).head);
	fake_host_forget(&d->host);
	drv_kick(d, 0);
	drv_run(d);
	for (unsigned int i = 0; i < d->host.nposts; i++)
		if (d->host.posts[i].kind == FAKE_POST_WRITE &&
		    d->host.posts[i].addr == d->q[0].used) {
			on = off;
			off = true;
		}
	EXPECT_TRUE(off && on);
	EXPECT_EQ(0, drv_ram16(d, d->q[0].used));
	drv_free(d);
}

TEST(kicks, without_new_buffers_do_no_harm)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });
	uint32_t id, len;

	drv_start(d, F_EVENT_IDX);
	for (int i = 0; i < 3; i++) {
		drv_kick(d, 0);
		drv_run(d);
	}
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	EXPECT_EQ(0, d->host.msis);
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_TRUE(drv_used(d, 0, &id, &len));
	drv_free(d);
}

TEST(kicks, are_checked)
{
	static const struct {
		uint32_t offset, width;
		uint64_t value;
		const char *said;
	} rows[] = {
		{ 0x3002, 2, 0, "address of no queue" },
		{ 0x3008, 2, 2, "address of no queue" },
		{ 0x3ffc, 2, 0, "address of no queue" },
		{ 0x3000, 4, 0, "another width" },
		{ 0x3000, 1, 0, "another width" },
		{ 0x3000, 2, 1, "carries neither" },
		{ 0x3004, 2, 1, "not enabled" },
	};
	struct drv *d = drv_new(&(struct drv_options){ .queues = 2 });

	drv_negotiate(d, 0);
	drv_setup_queue(d, 0, 0);
	drv_driver_ok(d);
	for (size_t i = 0; i < 7; i++) {
		TEST_ROW("row %zu", i);
		fake_host_forget(&d->host);
		drv_write(d, rows[i].offset, rows[i].width, rows[i].value);
		EXPECT_EQ(1, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
		EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, rows[i].said));
	}
	drv_free(d);
}

TEST(kicks, carry_ring_position_or_queue_notify_data_if_negotiated)
{
	struct drv *d = drv_new(&(struct drv_options){
		.offer = 1ull << 38 | 1ull << 39 });
	uint64_t data;

	drv_start(d, 1ull << 38);
	fake_host_forget(&d->host);
	drv_write(d, 0x3000, 4, 0x00070000);
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	EXPECT_EQ(0x70000, fake_host_event(&d->host, MODEL_EV_KICK)->value);
	drv_start(d, 1ull << 39);
	fake_host_forget(&d->host);
	data = drv_read(d, 0x38, 2);
	drv_write(d, 0x3000, 2, data);
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_write(d, 0x3000, 2, 0);
	EXPECT_EQ(1, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
}

TEST(dma, a_request_at_queue_depth_1_costs_few_calls)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, F_EVENT_IDX);
	drv_submit(d, 0, 0, 0, 4096);
	fake_host_forget(&d->host);
	drv_submit(d, 0, 0, 0, 4096);
	/* avail.idx, ring entry, descriptors, header; data, status, element,
	 * index; used_event; avail_event; avail.idx. */
	EXPECT_EQ(11, d->host.dma_calls);
	drv_free(d);
}
