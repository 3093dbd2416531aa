/* SPDX-License-Identifier: MIT */
/*
 * Facts from event streams as the platform, the models and the guest kernel make
 * them.
 */
#include <string.h>
#include <zlib.h>

#include "sim/observe/facts.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/observe/feed.h"

static const uint32_t per_queue[] = { 1, 2 };
static const uint32_t shared[] = { 1, 1 };
static const uint32_t none[] = { 0xffff, 0xffff };

static void probe(struct feed *f, unsigned int attempts, uint32_t config,
		  const uint32_t *vectors, unsigned int queues)
{
	feed_note(f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	for (; attempts; attempts--)
		feed_note(f, 0, MACHINE_NOTE_SERVICE, "vector allocation",
			  attempts == 1 ? 3 : -28);
	feed_bring_up(f, 0, config, queues, vectors);
	feed_note(f, 0, MACHINE_NOTE_PROBE_END, NULL, 0);
}

static void remove_device(struct feed *f)
{
	feed_note(f, 0, MACHINE_NOTE_REMOVE_BEGIN, "virtio_blk", 0);
	feed_model(f, 0, MODEL_EV_STATUS, 0, 0, NULL);
	feed_model(f, 0, MODEL_EV_RESET, 0, 0, NULL);
	feed_model(f, 0, MODEL_EV_RESET, 0, 1, NULL);
	feed_model(f, 0, MODEL_EV_MSIX_CONTROL, 0, 0x0003, NULL);
	feed_note(f, 0, MACHINE_NOTE_REMOVE_END, NULL, 0);
}

TEST(facts, driver_ok_may_arrive_after_the_probe)
{
	struct feed f;
	struct facts *facts;

	feed_init(&f);
	facts = facts_create(&f.world, f.bus);
	feed_note(&f, 0, MACHINE_NOTE_PROBE_BEGIN, "late", 0);
	feed_model(&f, 0, MODEL_EV_STATUS, 0, 0x0b, NULL);
	feed_note(&f, 0, MACHINE_NOTE_PROBE_END, NULL, 0);
	EXPECT_FALSE(facts_last_bind(&facts->devices[0])->state.driver_ok);
	feed_model(&f, 0, MODEL_EV_STATUS, 0, 0x0f, NULL);
	EXPECT_TRUE(facts_last_bind(&facts->devices[0])->state.driver_ok);
	/* What comes later is no longer the probe's. */
	feed_model(&f, 0, MODEL_EV_STATUS, 0, 0, NULL);
	EXPECT_TRUE(facts_last_bind(&facts->devices[0])->state.driver_ok);
	facts_destroy(facts);
	feed_done(&f);
}

TEST(facts, a_probe_and_its_state)
{
	struct feed f;
	struct facts *facts;

	feed_init(&f);
	facts = facts_create(&f.world, f.bus);
	probe(&f, 1, 0, per_queue, 2);
	ASSERT_EQ(1, facts->devices[0].nbinds);
	EXPECT_EQ(0, facts->devices[0].binds[0].result);
	EXPECT_STREQ("virtio_blk",
		     event_text(f.bus, facts->devices[0].binds[0].driver));
	EXPECT_EQ(FACTS_MSIX_PER_QUEUE,
		  facts->devices[0].binds[0].state.mode);
	EXPECT_EQ(3, facts->devices[0].binds[0].state.vectors);
	EXPECT_EQ(2, facts->devices[0].binds[0].state.queues);
	EXPECT_EQ(0x100000000, facts_now(facts, 0).negotiated);
	EXPECT_EQ(FACTS_NONE, facts_now(facts, 1).mode);
	EXPECT_EQ(NULL, facts_last_bind(&facts->devices[1]));
	facts_destroy(facts);
	feed_done(&f);
}

TEST(facts, binds_keep_their_modes_and_now_follows_the_registers)
{
	struct feed f;
	struct facts *facts;

	feed_init(&f);
	facts = facts_create(&f.world, f.bus);
	probe(&f, 2, 0, shared, 2);
	remove_device(&f);
	EXPECT_EQ(FACTS_NONE, facts_now(facts, 0).mode);
	EXPECT_EQ(0, facts_now(facts, 0).queues);
	EXPECT_TRUE(facts->devices[0].binds[0].removed);
	probe(&f, 1, 0, per_queue, 2);
	ASSERT_EQ(2, facts->devices[0].nbinds);
	EXPECT_EQ(FACTS_MSIX_SHARED, facts->devices[0].binds[0].state.mode);
	EXPECT_EQ(FACTS_MSIX_PER_QUEUE,
		  facts->devices[0].binds[1].state.mode);
	EXPECT_EQ(FACTS_MSIX_PER_QUEUE, facts_now(facts, 0).mode);
	facts_destroy(facts);
	feed_done(&f);
}

TEST(facts, attempts_are_counted_for_each_probe_anew)
{
	static const uint32_t one[] = { 1 };
	struct feed f;
	struct facts *facts;

	feed_init(&f);
	facts = facts_create(&f.world, f.bus);
	probe(&f, 2, 0, one, 1);
	EXPECT_EQ(FACTS_MSIX_SHARED, facts_now(facts, 0).mode);
	remove_device(&f);
	probe(&f, 1, 0, one, 1);
	EXPECT_EQ(FACTS_MSIX_PER_QUEUE, facts_now(facts, 0).mode);
	facts_destroy(facts);
	feed_done(&f);
}

TEST(facts, a_line_by_its_owner_or_by_its_level)
{
	struct feed f;
	struct facts *facts;

	feed_init(&f);
	facts = facts_create(&f.world, f.bus);
	feed_note(&f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_bring_up(&f, 0, 0xffff, 2, none);
	EXPECT_EQ(FACTS_NONE, facts_now(facts, 0).mode);
	feed_owner(&f, 0, "virtio0", MACHINE_IRQ_LINE, 0, 2);
	EXPECT_EQ(FACTS_INTX, facts_now(facts, 0).mode);
	feed_released(&f, 0, "virtio0", MACHINE_IRQ_LINE, 0, 2);
	EXPECT_EQ(FACTS_NONE, facts_now(facts, 0).mode);
	feed_intx(&f, 0, 1);
	EXPECT_EQ(FACTS_INTX, facts_now(facts, 0).mode);
	EXPECT_EQ(1, facts->devices[0].intx_edges);
	feed_intx(&f, 0, 0);
	EXPECT_EQ(1, facts->devices[0].intx_edges);
	facts_destroy(facts);
	feed_done(&f);
}

TEST(facts, before_driver_ok_there_is_no_mode)
{
	struct feed f;
	struct facts *facts;

	feed_init(&f);
	facts = facts_create(&f.world, f.bus);
	feed_bring_up(&f, 0, 0, 2, per_queue);
	EXPECT_EQ(FACTS_MSIX_PER_QUEUE, facts_now(facts, 0).mode);
	feed_model(&f, 0, MODEL_EV_STATUS, 0, 0x8b, NULL);
	EXPECT_EQ(FACTS_NONE, facts_now(facts, 0).mode);
	facts_destroy(facts);
	feed_done(&f);
}

TEST(facts, a_reset_forgets_the_features)
{
	struct feed f;
	struct facts *facts;

	feed_init(&f);
	facts = facts_create(&f.world, f.bus);
	probe(&f, 1, 0, per_queue, 2);
	feed_model(&f, 0, MODEL_EV_STATUS, 0xffff, 0, NULL);
	feed_model(&f, 0, MODEL_EV_STATUS, 0xffff, 0x7, NULL);
	EXPECT_EQ(0, facts_now(facts, 0).negotiated);
	facts_destroy(facts);
	feed_done(&f);
}

TEST(facts, freeze_keeps_the_state_before_shutdown)
{
	struct feed f;
	struct facts *facts;

	feed_init(&f);
	facts = facts_create(&f.world, f.bus);
	probe(&f, 1, 0, per_queue, 2);
	facts_freeze(facts);
	remove_device(&f);
	facts_freeze(facts);
	EXPECT_EQ(FACTS_NONE, facts_now(facts, 0).mode);
	EXPECT_EQ(FACTS_MSIX_PER_QUEUE, facts_final(facts, 0).mode);
	EXPECT_EQ(0x100000000, facts_final(facts, 0).negotiated);
	facts_destroy(facts);
	feed_done(&f);
}

TEST(facts, a_failed_probe)
{
	struct feed f;
	struct facts *facts;

	feed_init(&f);
	facts = facts_create(&f.world, f.bus);
	feed_note(&f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_note(&f, 0, MACHINE_NOTE_PROBE_END, NULL, -16);
	ASSERT_EQ(1, facts->devices[0].nbinds);
	EXPECT_EQ(-16, facts->devices[0].binds[0].result);
	EXPECT_TRUE(facts->devices[0].binds[0].ended);
	EXPECT_EQ(FACTS_NONE, facts->devices[0].binds[0].state.mode);
	facts_destroy(facts);
	feed_done(&f);
}

TEST(facts, owners_and_how_often_they_were_called)
{
	struct feed f;
	struct facts *facts;
	const struct facts_owner *o;

	feed_init(&f);
	facts = facts_create(&f.world, f.bus);
	feed_irq(&f, EV_IRQ_ENTER, MACHINE_IRQ_MSI, 0, 33); /* before it */
	feed_note(&f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_owner(&f, 0, "virtio0-config", MACHINE_IRQ_MSI, 0, 32);
	feed_owner(&f, 0, "virtio0-req.0", MACHINE_IRQ_MSI, 0, 33);
	feed_irq(&f, EV_IRQ_RAISE, MACHINE_IRQ_MSI, 0, 33);
	feed_irq(&f, EV_IRQ_ENTER, MACHINE_IRQ_MSI, 0, 33);
	feed_irq(&f, EV_IRQ_ENTER, MACHINE_IRQ_MSI, 1, 33); /* another CPU */
	feed_irq(&f, EV_IRQ_ENTER, MACHINE_IRQ_LINE, 0, 33);
	feed_irq(&f, EV_IRQ_ENTER, MACHINE_IRQ_MSI, 0, 33);
	ASSERT_EQ(2, facts->devices[0].nowners);
	o = facts->devices[0].owners;
	EXPECT_EQ(0, facts_owner_entered(facts, &o[0]));
	EXPECT_EQ(2, facts_owner_entered(facts, &o[1]));
	EXPECT_STREQ("virtio0-req.0", event_text(f.bus, o[1].name));
	EXPECT_EQ(1, o[1].bind);
	feed_released(&f, 0, "virtio0-req.0", MACHINE_IRQ_MSI, 0, 33);
	feed_irq(&f, EV_IRQ_ENTER, MACHINE_IRQ_MSI, 0, 33);
	EXPECT_EQ(2, facts_owner_entered(facts, &o[1]));
	EXPECT_EQ(4, facts->nirqs);
	EXPECT_EQ(1, facts->irqs[0].raised);
	EXPECT_EQ(4, facts->irqs[0].entered);
	facts_destroy(facts);
	feed_done(&f);
}

TEST(facts, requests_data_and_bytes)
{
	struct feed f;
	struct facts *facts;
	static const char text[] = "the quick brown fox";
	const struct facts_device *d;

	feed_init(&f);
	facts = facts_create(&f.world, f.bus);
	d = &facts->devices[1];
	feed_note(&f, 1, MACHINE_NOTE_REQUEST, NULL, 0);
	feed_note(&f, 1, MACHINE_NOTE_REQUEST, NULL, -5);
	feed_note(&f, 1, MACHINE_NOTE_REQUEST, NULL, 512);
	EXPECT_EQ(2, d->requests_completed);
	EXPECT_EQ(1, d->requests_failed);
	feed_dma(&f, 1, EV_DMA_READ, 0x1000, 16, 0);
	feed_dma(&f, 1, EV_DMA_WRITE, 0x2000, 512, 0);
	feed_dma(&f, 1, EV_DMA_WRITE, 0x2200, 1, 0);
	EXPECT_EQ(16, d->dma_read_bytes);
	EXPECT_EQ(513, d->dma_write_bytes);
	EXPECT_EQ(2, d->events[EV_DMA_WRITE]);
	feed_event(&f, (struct event){ .kind = EV_DATA, .device = 1, .len = 9,
		.value = crc32(0, (const Bytef *)text, 9) });
	feed_event(&f, (struct event){ .kind = EV_DATA, .device = 1, .len = 10,
		.value = crc32(0, (const Bytef *)text + 9, 10) });
	feed_event(&f, (struct event){ .kind = EV_DATA, .device = 1, .len = 4,
		.index = 1, .value = 77 });
	EXPECT_EQ(19, d->data_read_bytes);
	EXPECT_EQ(4, d->data_written_bytes);
	EXPECT_EQ(crc32(0, (const Bytef *)text, 19), d->data_read_crc);
	EXPECT_EQ(0, facts->devices[0].events[EV_DMA_WRITE]);
	facts_destroy(facts);
	feed_done(&f);
}

TEST(facts, queues_violations_log_and_notifications)
{
	struct feed f;
	struct facts *facts;
	const struct facts_device *d;

	feed_init(&f);
	facts = facts_create(&f.world, f.bus);
	d = &facts->devices[0];
	feed_model(&f, 0, MODEL_EV_KICK, 70, 70, NULL);
	feed_model(&f, 0, MODEL_EV_USED, 70, 1, NULL);
	feed_model(&f, 0, MODEL_EV_USED, 70, 2, NULL);
	ASSERT_GT(d->nqueues, 70);
	EXPECT_EQ(1, d->queues[70].kicks);
	EXPECT_EQ(2, d->queues[70].used);
	feed_model(&f, 0, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_SUPPRESSED, NULL);
	EXPECT_EQ(1, d->notify[MODEL_NOTIFY_SUPPRESSED]);
	feed_model(&f, 0, MODEL_EV_KICK, 0xffffffff, 0, NULL); /* absurd */
	feed_model(&f, 0, MODEL_EV_GUEST_ERROR, 0, 0, "kick of queue 9");
	feed_model(&f, 0, MODEL_EV_GUEST_ERROR, 0, 0, "another");
	EXPECT_EQ(2, d->violations);
	EXPECT_STREQ("kick of queue 9", event_text(f.bus, d->first_violation));
	feed_log(&f, 3, "virtio0: no vectors");
	ASSERT_EQ(1, facts->nlines);
	EXPECT_EQ(3, facts->lines[0].level);
	EXPECT_STREQ("virtio0: no vectors",
		     event_text(f.bus, facts->lines[0].text));
	facts_destroy(facts);
	feed_done(&f);
}

/* From messages and the raises that follow them, and from the line's. */
TEST(facts, where_interrupts_went)
{
	struct feed f;
	struct facts *facts;

	feed_init(&f);
	facts = facts_create(&f.world, f.bus);
	EXPECT_EQ(0, facts_cpus(facts, 0));
	feed_model(&f, 0, MODEL_EV_MSIX_CONTROL, 0, 0x8003, NULL);
	feed_msi(&f, 0, 2, 33);
	feed_irq(&f, EV_IRQ_RAISE, MACHINE_IRQ_MSI, 5, 33);
	ASSERT_EQ(3, facts_cpus(facts, 0));
	EXPECT_EQ(0xff, facts_cpu(facts, 0, 0));
	EXPECT_EQ(0xff, facts_cpu(facts, 0, 1));
	EXPECT_EQ(5, facts_cpu(facts, 0, 2));
	/* The last one counts; a message that raises nothing does not. */
	feed_msi(&f, 0, 2, 33);
	feed_irq(&f, EV_IRQ_RAISE, MACHINE_IRQ_MSI, 1, 33);
	feed_irq(&f, EV_IRQ_RAISE, MACHINE_IRQ_MSI, 7, 40);
	feed_msi(&f, 0, 2, 34);
	EXPECT_EQ(1, facts_cpu(facts, 0, 2));
	EXPECT_EQ(0, facts_cpus(facts, 1));

	/* A reset begins anew.  Line 2, shared by whoever asserts it. */
	feed_model(&f, 0, MODEL_EV_STATUS, 0, 0, NULL);
	feed_model(&f, 0, MODEL_EV_MSIX_CONTROL, 0, 0x0003, NULL);
	EXPECT_EQ(0, facts_cpus(facts, 0));
	feed_intx(&f, 0, 1);
	feed_irq(&f, EV_IRQ_RAISE, MACHINE_IRQ_LINE, 3, 1);
	EXPECT_EQ(0, facts_cpus(facts, 0));
	feed_irq(&f, EV_IRQ_RAISE, MACHINE_IRQ_LINE, 3, 2);
	ASSERT_EQ(1, facts_cpus(facts, 0));
	EXPECT_EQ(3, facts_cpu(facts, 0, 0));
	feed_intx(&f, 0, 0);
	feed_irq(&f, EV_IRQ_RAISE, MACHINE_IRQ_LINE, 4, 2);
	EXPECT_EQ(3, facts_cpu(facts, 0, 0));
	EXPECT_EQ(0, facts_cpus(facts, 1));
	facts_destroy(facts);
	feed_done(&f);
}

TEST(facts, contended_locks)
{
	struct feed f;
	struct facts *facts;

	feed_init(&f);
	facts = facts_create(&f.world, f.bus);
	feed_note(&f, 1, MACHINE_NOTE_CONTENDED, "lock", 0);
	feed_note(&f, EVENT_NO_DEVICE, MACHINE_NOTE_CONTENDED, "lock", 0);
	EXPECT_EQ(0, facts->devices[0].contended);
	EXPECT_EQ(1, facts->devices[1].contended);
	EXPECT_EQ(1, facts->machine.contended);
	facts_destroy(facts);
	feed_done(&f);
}
