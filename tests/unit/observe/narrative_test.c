/* SPDX-License-Identifier: MIT */
/*
 * The story of a probe: rungs, reasons, and which of them were injected.
 */
#include "sim/observe/narrative.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/observe/feed.h"

struct story {
	struct feed f;
	struct facts *facts;
	struct narrative *n;
};

static void story_init(struct story *s)
{
	feed_init(&s->f);
	s->facts = facts_create(&s->f.world, s->f.bus);
	s->n = narrative_create(&s->f.world, s->f.bus, s->facts);
}

static void story_done(struct story *s)
{
	narrative_destroy(s->n);
	facts_destroy(s->facts);
	feed_done(&s->f);
}

/* The i-th entry of a kind, or NULL. */
static const struct narrative_entry *nth(const struct story *s,
					 enum narrative_kind kind,
					 unsigned int i)
{
	size_t k;

	for (k = 0; k < narrative_count(s->n); k++) {
		const struct narrative_entry *e = narrative_entry(s->n, k);

		if (e->kind == kind && !i--)
			return e;
	}
	return NULL;
}

static void service(struct story *s, const char *text, int result)
{
	feed_note(&s->f, 0, MACHINE_NOTE_SERVICE, text, result);
}

TEST(narrative, rungs_named_by_the_driver)
{
	static const uint32_t shared[] = { 1, 1 };
	const struct narrative_entry *e;
	struct story s;

	story_init(&s);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_note(&s.f, 0, MACHINE_NOTE_RUNG_BEGIN, "msix-per-queue", 0);
	feed_fault(&s.f, 0, "guest.pci.alloc_irq_vectors", 28, 1);
	service(&s, "vector allocation", -28);
	feed_note(&s.f, 0, MACHINE_NOTE_RUNG_END, "msix-per-queue", -28);
	feed_note(&s.f, 0, MACHINE_NOTE_RUNG_BEGIN, "msix-shared", 0);
	service(&s, "vector allocation", 2);
	feed_bring_up(&s.f, 0, 0, 2, shared);
	feed_note(&s.f, 0, MACHINE_NOTE_RUNG_END, "msix-shared", 0);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_END, NULL, 0);

	e = nth(&s, NARRATIVE_RUNG_FAILED, 0);
	ASSERT_NE(NULL, e);
	EXPECT_STREQ("msix-per-queue", event_text(s.f.bus, e->rung));
	EXPECT_STREQ("vector allocation", event_text(s.f.bus, e->text));
	EXPECT_EQ(28, e->error);
	EXPECT_TRUE(e->injected);
	EXPECT_EQ(1, e->call);
	EXPECT_EQ(4, e->seq);
	EXPECT_EQ(NULL, nth(&s, NARRATIVE_RUNG_FAILED, 1));
	/* The fault is explained by it. */
	EXPECT_TRUE(nth(&s, NARRATIVE_FAULT, 0)->injected);
	e = nth(&s, NARRATIVE_BOUND, 0);
	ASSERT_NE(NULL, e);
	EXPECT_EQ(FACTS_MSIX_SHARED, e->state.mode);
	EXPECT_STREQ("msix-shared", event_text(s.f.bus, e->rung));
	EXPECT_TRUE(e->by_driver);
	story_done(&s);
}

TEST(narrative, rungs_counted_where_the_driver_is_silent)
{
	const struct narrative_entry *e;
	struct story s;

	story_init(&s);
	s.f.caller = 0x1234;
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	service(&s, "vector allocation", -28);
	service(&s, "vector allocation", 2);
	feed_model(&s.f, 0, MODEL_EV_MSIX_CONTROL, 0, 0x8003, NULL);
	service(&s, "request_irq(virtio0-config)", -16);
	feed_model(&s.f, 0, MODEL_EV_MSIX_CONTROL, 0, 0x0003, NULL);
	service(&s, "request_irq(virtio0)", -16);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_END, NULL, -16);

	e = nth(&s, NARRATIVE_RUNG_FAILED, 0);
	EXPECT_STREQ("msix-per-queue", event_text(s.f.bus, e->rung));
	EXPECT_FALSE(e->injected);
	EXPECT_EQ(1, e->nframes);
	EXPECT_EQ(0x1234, e->frames[0]);
	e = nth(&s, NARRATIVE_RUNG_FAILED, 1);
	EXPECT_STREQ("msix-shared", event_text(s.f.bus, e->rung));
	EXPECT_EQ(16, e->error);
	e = nth(&s, NARRATIVE_RUNG_FAILED, 2);
	ASSERT_NE(NULL, e);
	EXPECT_STREQ("intx", event_text(s.f.bus, e->rung));
	EXPECT_EQ(16, nth(&s, NARRATIVE_PROBE_FAILED, 0)->error);
	story_done(&s);
}

TEST(narrative, a_rung_that_failed_without_a_word_from_a_service)
{
	const struct narrative_entry *e;
	struct story s;

	story_init(&s);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_note(&s.f, 0, MACHINE_NOTE_RUNG_BEGIN, "msix-per-queue", 0);
	feed_fault(&s.f, 0, "guest.mem.alloc", 12, 3);
	feed_note(&s.f, 0, MACHINE_NOTE_RUNG_END, "msix-per-queue", -12);
	e = nth(&s, NARRATIVE_RUNG_FAILED, 0);
	ASSERT_NE(NULL, e);
	EXPECT_EQ(NULL, event_text(s.f.bus, e->text));
	EXPECT_TRUE(e->injected);
	EXPECT_STREQ("guest.mem.alloc", event_text(s.f.bus, e->point));
	story_done(&s);
}

TEST(narrative, silent_driver_and_silent_failure)
{
	const struct narrative_entry *e;
	struct story s;

	story_init(&s);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	service(&s, "vector allocation", 3);
	service(&s, "vector allocation", 2);
	e = nth(&s, NARRATIVE_RUNG_FAILED, 0);
	ASSERT_NE(NULL, e);
	EXPECT_STREQ("msix-per-queue", event_text(s.f.bus, e->rung));
	EXPECT_EQ(NULL, nth(&s, NARRATIVE_RUNG_FAILED, 1));
	story_done(&s);
}

/* Linux tells nobody that the device refused a vector; the next thing that it
 * does, or the end of its probe, shows it. */
TEST(narrative, the_last_silent_failure_shows_at_the_end)
{
	const struct narrative_entry *e;
	struct story s;

	story_init(&s);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	service(&s, "vector allocation", 3);
	feed_model(&s.f, 0, MODEL_EV_MSIX_CONTROL, 0, 0x8003, NULL);
	feed_model(&s.f, 0, MODEL_EV_MSIX_CONTROL, 0, 0x0003, NULL);
	service(&s, "vector allocation", 2);
	feed_model(&s.f, 0, MODEL_EV_MSIX_CONTROL, 0, 0x8003, NULL);
	s.f.cpu = EVENT_NO_CPU;
	feed_fault(&s.f, 0, "device.msix.queue_vector", 0, 2);
	s.f.cpu = 0;
	feed_model(&s.f, 0, MODEL_EV_MSIX_CONTROL, 0, 0x0003, NULL);
	service(&s, "request_irq(virtio0)", 0);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_END, "virtio_blk", 0);
	e = nth(&s, NARRATIVE_RUNG_FAILED, 1);
	ASSERT_NE(NULL, e);
	EXPECT_STREQ("msix-shared", event_text(s.f.bus, e->rung));
	EXPECT_TRUE(e->injected);
	EXPECT_EQ(2, e->call);
	EXPECT_EQ(NULL, nth(&s, NARRATIVE_RUNG_FAILED, 2));
	story_done(&s);
}

/* The guest's own refusal, which the driver passed on to nobody. */
TEST(narrative, a_silent_failure_is_blamed_on_what_fired_in_the_attempt)
{
	const struct narrative_entry *e;
	struct story s;

	story_init(&s);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_fault(&s.f, 0, "guest.mem.alloc", 12, 1); /* tolerated */
	service(&s, "vector allocation", 3);
	service(&s, "vector allocation", 3);
	EXPECT_FALSE(nth(&s, NARRATIVE_RUNG_FAILED, 0)->injected);
	feed_fault(&s.f, 0, "guest.mem.alloc", 12, 2);
	service(&s, "vector allocation", 2);
	e = nth(&s, NARRATIVE_RUNG_FAILED, 1);
	EXPECT_TRUE(e->injected);
	EXPECT_EQ(2, e->call);
	story_done(&s);
}

/* With MSI-X on there was no such failure. */
TEST(narrative, an_attempt_that_holds_has_not_failed)
{
	struct story s;

	story_init(&s);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	service(&s, "vector allocation", 3);
	feed_model(&s.f, 0, MODEL_EV_MSIX_CONTROL, 0, 0x8003, NULL);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_END, "virtio_blk", 0);
	EXPECT_EQ(NULL, nth(&s, NARRATIVE_RUNG_FAILED, 0));
	story_done(&s);
}

TEST(narrative, a_genuine_failure_is_not_taken_for_injected)
{
	struct story s;

	story_init(&s);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_note(&s.f, 0, MACHINE_NOTE_RUNG_BEGIN, "msix-shared", 0);
	feed_fault(&s.f, 0, "guest.mem.alloc", 12, 3); /* tolerated */
	service(&s, "request_irq(virtio0-config)", -16);
	EXPECT_FALSE(nth(&s, NARRATIVE_RUNG_FAILED, 0)->injected);
	EXPECT_FALSE(nth(&s, NARRATIVE_FAULT, 0)->injected);
	story_done(&s);
}

TEST(narrative, another_device_s_fault_is_no_reason)
{
	struct story s;

	story_init(&s);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_fault(&s.f, 1, "guest.irq.request", 16, 1);
	service(&s, "request_irq(virtio0-config)", -16);
	EXPECT_FALSE(nth(&s, NARRATIVE_FAILURE, 0)->injected);
	story_done(&s);
}

TEST(narrative, another_cpu_s_fault_is_no_reason)
{
	struct story s;

	story_init(&s);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	s.f.cpu = 1;
	feed_fault(&s.f, 0, "guest.irq.request", 16, 1);
	s.f.cpu = 0;
	service(&s, "request_irq(virtio0-config)", -16);
	EXPECT_FALSE(nth(&s, NARRATIVE_FAILURE, 0)->injected);
	story_done(&s);
}

TEST(narrative, a_device_s_fault_shows_in_the_read_back)
{
	const struct narrative_entry *e;
	struct story s;

	story_init(&s);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_note(&s.f, 0, MACHINE_NOTE_RUNG_BEGIN, "msix-per-queue", 0);
	s.f.cpu = EVENT_NO_CPU;
	feed_fault(&s.f, 0, "device.msix.queue_vector", 1, 1);
	s.f.cpu = 0;
	service(&s, "queue 0 vector read-back", -16);
	e = nth(&s, NARRATIVE_RUNG_FAILED, 0);
	EXPECT_TRUE(e->injected);
	EXPECT_STREQ("device.msix.queue_vector",
		     event_text(s.f.bus, e->point));
	story_done(&s);
}

/* A device that breaks a rule all the time is not behind all that fails. */
TEST(narrative, a_device_s_fault_explains_no_later_step)
{
	struct story s;

	story_init(&s);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_note(&s.f, 0, MACHINE_NOTE_RUNG_BEGIN, "msix-per-queue", 0);
	feed_fault(&s.f, 0, "device.isr.kept", 0, 1);
	service(&s, "queue 0 vector read-back", -16);
	feed_note(&s.f, 0, MACHINE_NOTE_RUNG_END, "msix-per-queue", -16);
	feed_fault(&s.f, 0, "device.isr.kept", 0, 2);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_END, NULL, 0);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	service(&s, "vector allocation", 2);
	service(&s, "request_irq(virtio0)", -16);
	EXPECT_TRUE(nth(&s, NARRATIVE_RUNG_FAILED, 0)->injected);
	ASSERT_NE(NULL, nth(&s, NARRATIVE_RUNG_FAILED, 1));
	EXPECT_FALSE(nth(&s, NARRATIVE_RUNG_FAILED, 1)->injected);
	story_done(&s);
}

TEST(narrative, a_fault_before_the_probe_explains_its_failure)
{
	struct story s;

	story_init(&s);
	feed_fault(&s.f, 0, "guest.pci.irq_zero", 1, 1);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_note(&s.f, 0, MACHINE_NOTE_RUNG_BEGIN, "intx", 0);
	feed_note(&s.f, 0, MACHINE_NOTE_RUNG_END, "intx", -19);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_END, NULL, -19);
	EXPECT_TRUE(nth(&s, NARRATIVE_RUNG_FAILED, 0)->injected);
	/* It is as broken in the next probe. */
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_note(&s.f, 0, MACHINE_NOTE_RUNG_BEGIN, "intx", 0);
	feed_note(&s.f, 0, MACHINE_NOTE_RUNG_END, "intx", -19);
	EXPECT_TRUE(nth(&s, NARRATIVE_RUNG_FAILED, 1)->injected);
	story_done(&s);
}

TEST(narrative, a_fault_of_an_earlier_probe_explains_nothing)
{
	struct story s;

	story_init(&s);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_fault(&s.f, 0, "guest.mem.alloc", 12, 1); /* tolerated */
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_END, NULL, 0);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	service(&s, "request_irq(virtio0)", -16);
	EXPECT_FALSE(nth(&s, NARRATIVE_FAILURE, 0)->injected);
	story_done(&s);
}

TEST(narrative, one_fault_explains_one_failure)
{
	struct story s;

	story_init(&s);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_note(&s.f, 0, MACHINE_NOTE_RUNG_BEGIN, "msix-per-queue", 0);
	feed_fault(&s.f, 0, "guest.pci.alloc_irq_vectors", 28, 1);
	service(&s, "vector allocation", -28);
	feed_note(&s.f, 0, MACHINE_NOTE_RUNG_END, "msix-per-queue", -28);
	feed_note(&s.f, 0, MACHINE_NOTE_RUNG_BEGIN, "msix-shared", 0);
	service(&s, "vector allocation", -28);
	EXPECT_TRUE(nth(&s, NARRATIVE_RUNG_FAILED, 0)->injected);
	EXPECT_FALSE(nth(&s, NARRATIVE_RUNG_FAILED, 1)->injected);
	story_done(&s);
}

TEST(narrative, steps_features_and_the_rest)
{
	struct story s;

	story_init(&s);
	feed_model(&s.f, 0, MODEL_EV_FEATURES, 0, 0x120000000, NULL);
	feed_model(&s.f, 0, MODEL_EV_NEEDS_RESET, 0, 0, "chain loops");
	feed_model(&s.f, 0, MODEL_EV_GUEST_ERROR, 0, 0, "bad index");
	feed_model(&s.f, 0, MODEL_EV_USED, 0, 1, NULL);
	feed_event(&s.f, (struct event){ .kind = EV_STEP_END,
		.device = EVENT_NO_DEVICE, .cpu = EVENT_NO_CPU, .index = 1,
		.value = (uint64_t)-5,
		.text = event_intern(s.f.bus, "blk.read") });
	EXPECT_EQ(0x120000000, nth(&s, NARRATIVE_FEATURES, 0)->value);
	EXPECT_STREQ("chain loops",
		     event_text(s.f.bus,
				nth(&s, NARRATIVE_NEEDS_RESET, 0)->text));
	EXPECT_NE(NULL, nth(&s, NARRATIVE_VIOLATION, 0));
	EXPECT_EQ(5, nth(&s, NARRATIVE_STEP, 0)->error);
	EXPECT_EQ(4, narrative_count(s.n));
	story_done(&s);
}

TEST(narrative, grows)
{
	struct story s;
	unsigned int i;

	story_init(&s);
	for (i = 0; i < 1000; i++)
		feed_note(&s.f, 0, MACHINE_NOTE_STEP, "remark", 0);
	EXPECT_EQ(1000, narrative_count(s.n));
	EXPECT_EQ(1000, narrative_entry(s.n, 999)->seq);
	story_done(&s);
}
