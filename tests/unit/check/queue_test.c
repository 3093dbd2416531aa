/* SPDX-License-Identifier: MIT */
/*
 * The rules of virtqueues, seen from the bus: queue 0 has four entries, its
 * driver area at 0x5000, its device area at 0x6000.
 */
#include "models/pci/registers.h"
#include "sim/check/queue.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/observe/feed.h"

#define SIZE 4u
#define DRIVER 0x5000u
#define DEVICE 0x6000u
#define USED_EVENT (DRIVER + 4 + 2 * SIZE)
#define AVAIL_EVENT (DEVICE + 4 + 8 * SIZE)
#define F_EVENT_IDX (1ull << 29)

struct setup {
	struct feed f;
	struct findings found;
	struct queue_check *c;
};

static const struct reg regs[] = {
	{ .name = "queue_select", .offset = 0x16, .width = 2 },
	{ .name = "queue_driver", .offset = 0x28, .width = 8 },
	{ .name = "queue_device", .offset = 0x30, .width = 8 },
};
static const struct reg_block block = { "common", regs, 3, 0x38 };
static const struct device_registers registers[] = {
	{ 4, 0, &block }, { 0, 0, NULL },
};
static const struct device_model blk = { .name = "virtio-blk",
					 .registers = registers };

static void write_register(struct setup *s, uint64_t at, uint32_t len,
			   uint64_t value)
{
	feed_event(&s->f, (struct event){ .kind = EV_MMIO_WRITE, .device = 0,
		.index = 4, .addr = at, .len = len, .value = value });
}

static void model(struct setup *s, enum model_event_kind kind, uint32_t index,
		  uint64_t value)
{
	feed_model(&s->f, 0, kind, index, value, NULL);
}

static void begin(struct setup *s, uint64_t features)
{
	feed_init(&s->f);
	s->f.devices[0].model = &blk;
	findings_init(&s->found);
	s->c = queue_check_create(&s->f.world, s->f.bus, &s->found);
	model(s, MODEL_EV_COMMAND, 0, 0x0006);
	model(s, MODEL_EV_FEATURES, 0xffff, features);
	write_register(s, 0x16, 2, 0);
	write_register(s, 0x28, 4, DRIVER);
	write_register(s, 0x2c, 4, 0);
	write_register(s, 0x30, 8, DEVICE);
	model(s, MODEL_EV_QUEUE_ENABLE, 0, SIZE);
	model(s, MODEL_EV_STATUS, 0xffff, 0xf);
}

static void end(struct setup *s, const char *phrase)
{
	s->f.now += 20000000;
	queue_check_end(s->c, s->f.now);
	EXPECT_EQ(phrase != NULL, s->found.count);
	if (phrase && s->found.count)
		EXPECT_SUBSTR(s->found.items[0].text, phrase);
	queue_check_destroy(s->c);
	findings_free(&s->found);
	feed_done(&s->f);
}

/* The same of a rule that is a clause. */
static void broken(struct setup *s, const char *clause, const char *phrase)
{
	s->f.now += 20000000;
	queue_check_end(s->c, s->f.now);
	ASSERT_EQ(1, s->found.count);
	EXPECT_STREQ(clause, s->found.items[0].clause);
	end(s, phrase);
}

static void reads(struct setup *s, uint64_t addr, uint32_t len, uint64_t value)
{
	feed_dma(&s->f, 0, EV_DMA_READ, addr, len, value);
}

static void writes(struct setup *s, uint64_t addr, uint32_t len, uint64_t value)
{
	feed_dma(&s->f, 0, EV_DMA_WRITE, addr, len, value);
}

/* Notified, the device looks at the index and takes a head. */
static void take(struct setup *s, uint16_t position, uint16_t head)
{
	model(s, MODEL_EV_KICK, 0, 0);
	reads(s, DRIVER + 2, 2, position + 1u);
	reads(s, DRIVER + 4 + 2 * (position % SIZE), 2, head);
}

static void element(struct setup *s, uint16_t position, uint32_t id,
		    uint64_t len)
{
	writes(s, DEVICE + 4 + 8 * (position % SIZE), 8, id | len << 32);
}

static void used(struct setup *s, uint16_t index)
{
	writes(s, DEVICE + 2, 2, index);
	model(s, MODEL_EV_USED, 0, index);
}

static void decide(struct setup *s, enum model_notify what)
{
	model(s, MODEL_EV_NOTIFY, 0, what);
}

TEST(queue_rules, kept)
{
	struct setup s;

	begin(&s, 0);
	for (uint16_t i = 0; i < 6; i++) {
		take(&s, i, i % SIZE);
		writes(&s, 0x9000, 513, 0);
		element(&s, i, i % SIZE, 513);
		used(&s, i + 1u);
		reads(&s, DRIVER, 2, i & 1);
		decide(&s, i & 1 ? MODEL_NOTIFY_SUPPRESSED : MODEL_NOTIFY_SENT);
	}
	end(&s, NULL);
}

TEST(queue_rules, kept_with_event_idx)
{
	struct setup s;

	begin(&s, F_EVENT_IDX);
	take(&s, 0, 0);
	element(&s, 0, 0, 0);
	used(&s, 1);
	reads(&s, USED_EVENT, 2, 0);
	decide(&s, MODEL_NOTIFY_SENT);
	writes(&s, AVAIL_EVENT, 2, 1);
	reads(&s, DRIVER + 2, 2, 1);
	take(&s, 1, 1);
	element(&s, 1, 1, 0);
	used(&s, 2);
	reads(&s, USED_EVENT, 2, 5);
	decide(&s, MODEL_NOTIFY_SUPPRESSED);
	end(&s, NULL);
}

TEST(queue_rules, index_before_element)
{
	struct setup s;

	begin(&s, 0);
	take(&s, 0, 0);
	used(&s, 1);
	element(&s, 0, 0, 0);
	broken(&s, "SQ-USED-V1", "before it had written the element");
}

TEST(queue_rules, more_claimed_than_written)
{
	struct setup s;

	begin(&s, 0);
	take(&s, 0, 0);
	writes(&s, 0x9000, 1, 0);
	element(&s, 0, 0, 2);
	broken(&s, "SQ-USED-V2", "of more than it had written");
}

TEST(queue_rules, descriptor_beyond_the_table)
{
	struct setup s;

	begin(&s, 0);
	take(&s, 0, 0);
	element(&s, 0, SIZE, 0);
	broken(&s, "IMP-V1", "a descriptor beyond the table");
}

TEST(queue_rules, descriptor_that_was_not_available)
{
	struct setup s;

	begin(&s, 0);
	take(&s, 0, 2);
	element(&s, 0, 2, 0);
	EXPECT_EQ(0, s.found.count);
	element(&s, 1, 2, 0); /* it was given back already */
	broken(&s, "IMP-V1", "that was not made available");
}

/* Of a read of five heads one is not seen: none is judged. */
TEST(queue_rules, heads_that_are_not_all_seen)
{
	struct setup s;

	begin(&s, 0);
	reads(&s, DRIVER + 2, 2, 4);
	reads(&s, DRIVER + 4, 10, 0);
	element(&s, 0, 3, 0);
	end(&s, NULL);
}

TEST(queue_rules, avail_event_not_negotiated)
{
	struct setup s;

	begin(&s, 0);
	writes(&s, AVAIL_EVENT, 2, 1);
	end(&s, "EVENT_IDX was not negotiated");
}

TEST(queue_rules, interrupt_missed)
{
	struct setup s;

	begin(&s, 0);
	take(&s, 0, 0);
	element(&s, 0, 0, 0);
	used(&s, 1);
	reads(&s, DRIVER, 2, 0);
	decide(&s, MODEL_NOTIFY_SUPPRESSED);
	broken(&s, "SQ-UNOT-V3", "although the driver had asked for one");
}

/* used_event 0, and the index goes from 0 to 2. */
TEST(queue_rules, interrupt_missed_by_equality)
{
	struct setup s;

	begin(&s, F_EVENT_IDX);
	take(&s, 0, 0);
	take(&s, 1, 1);
	element(&s, 0, 0, 0);
	element(&s, 1, 1, 0);
	used(&s, 2);
	reads(&s, USED_EVENT, 2, 0);
	decide(&s, MODEL_NOTIFY_SUPPRESSED);
	broken(&s, "SQ-UNOT-V5", "although the driver had asked for one");
}

/* ---- the field that is to be ignored ---- */

/* The index goes on by one, and the device has read both fields. */
static void one(struct setup *s, uint16_t position, uint16_t flags,
		uint16_t used_event, enum model_notify what)
{
	take(s, position, position % SIZE);
	element(s, position, position % SIZE, 0);
	used(s, position + 1u);
	reads(s, DRIVER, 2, flags);
	reads(s, USED_EVENT, 2, used_event);
	decide(s, what);
}

TEST(queue_rules, used_event_without_event_idx)
{
	struct setup s;

	begin(&s, 0);
	one(&s, 0, 0, 0, MODEL_NOTIFY_SENT);
	one(&s, 1, 0, 0, MODEL_NOTIFY_SUPPRESSED);
	broken(&s, "SQ-UNOT-V1", "and had read used_event");
}

/* Once it has paid no heed to it, there is another reason. */
TEST(queue_rules, used_event_without_event_idx_ignored)
{
	struct setup s;

	begin(&s, 0);
	one(&s, 0, 0, 3, MODEL_NOTIFY_SENT);
	one(&s, 1, 0, 0, MODEL_NOTIFY_SUPPRESSED);
	broken(&s, "SQ-UNOT-V3", "although the driver had asked for one");
}

TEST(queue_rules, used_event_that_would_have_asked_too)
{
	struct setup s;

	begin(&s, 0);
	one(&s, 0, 0, 0, MODEL_NOTIFY_SUPPRESSED);
	broken(&s, "SQ-UNOT-V3", "although the driver had asked for one");
}

/* Not read, but there: it would have asked for the fourth element. */
TEST(queue_rules, used_event_without_event_idx_in_memory)
{
	static const uint8_t three[] = { 3, 0 };
	struct setup s;

	begin(&s, 0);
	s.f.world.memory = three;
	s.f.world.memory_at = USED_EVENT;
	s.f.world.memory_bytes = sizeof(three);
	take(&s, 0, 0);
	element(&s, 0, 0, 0);
	used(&s, 1);
	reads(&s, DRIVER, 2, 0);
	decide(&s, MODEL_NOTIFY_SENT);
	one(&s, 1, 0, 0, MODEL_NOTIFY_SUPPRESSED);
	broken(&s, "SQ-UNOT-V3", "although the driver had asked for one");
}

/* It would explain it, and the device does not know. */
TEST(queue_rules, used_event_without_event_idx_not_read)
{
	static const uint8_t zero[] = { 0, 0 };
	struct setup s;

	begin(&s, 0);
	s.f.world.memory = zero;
	s.f.world.memory_at = USED_EVENT;
	s.f.world.memory_bytes = sizeof(zero);
	one(&s, 0, 0, 0, MODEL_NOTIFY_SENT);
	take(&s, 1, 1);
	element(&s, 1, 1, 0);
	used(&s, 2);
	reads(&s, DRIVER, 2, 0);
	decide(&s, MODEL_NOTIFY_SUPPRESSED);
	broken(&s, "SQ-UNOT-V3", "although the driver had asked for one");
}

/* used_event is at the index, so each is asked for. */
TEST(queue_rules, flags_with_event_idx)
{
	struct setup s;

	begin(&s, F_EVENT_IDX);
	one(&s, 0, 0, 0, MODEL_NOTIFY_SENT);
	one(&s, 1, 1, 1, MODEL_NOTIFY_SUPPRESSED);
	broken(&s, "SQ-UNOT-V4", "and had read flags");
}

TEST(queue_rules, flags_with_event_idx_ignored)
{
	struct setup s;

	begin(&s, F_EVENT_IDX);
	one(&s, 0, 1, 0, MODEL_NOTIFY_SENT);
	one(&s, 1, 1, 1, MODEL_NOTIFY_SUPPRESSED);
	broken(&s, "SQ-UNOT-V5", "although the driver had asked for one");
}

TEST(queue_rules, interrupt_not_wanted)
{
	static const enum model_notify ways[] = {
		MODEL_NOTIFY_SENT, MODEL_NOTIFY_PENDING, MODEL_NOTIFY_INTX,
	};

	for (unsigned int i = 0; i < 3; i++) {
		struct setup s;

		TEST_ROW("way %u", i);
		begin(&s, 0);
		take(&s, 0, 0);
		element(&s, 0, 0, 0);
		used(&s, 1);
		reads(&s, DRIVER, 2, 1);
		decide(&s, ways[i]);
		broken(&s, "SQ-UNOT-V2", "asked it not to send");
	}
}

/* used_event 4, and the index goes from 0 to 1. */
TEST(queue_rules, interrupt_not_wanted_by_used_event)
{
	struct setup s;

	begin(&s, F_EVENT_IDX);
	take(&s, 0, 0);
	element(&s, 0, 0, 0);
	used(&s, 1);
	reads(&s, USED_EVENT, 2, 4);
	decide(&s, MODEL_NOTIFY_SENT);
	broken(&s, "SQ-UNOT-V6", "asked it not to send, by used_event");
}

TEST(queue_rules, what_a_reset_drops_was_not_decided)
{
	struct setup s;

	begin(&s, 0);
	take(&s, 0, 0);
	element(&s, 0, 0, 0);
	used(&s, 1);
	reads(&s, DRIVER, 2, 1);
	decide(&s, MODEL_NOTIFY_DROPPED);
	end(&s, NULL);
}

TEST(queue_rules, kick_without_a_look)
{
	struct setup s;

	begin(&s, 0);
	model(&s, MODEL_EV_KICK, 0, 0);
	broken(&s, "IMP-V2", "was notified of a queue and did not look at it");
}

TEST(queue_rules, kick_without_a_look_before_a_reset)
{
	struct setup s;

	begin(&s, 0);
	model(&s, MODEL_EV_KICK, 0, 0);
	s.f.now += 20000000;
	model(&s, MODEL_EV_RESET, 0xffff, 0);
	EXPECT_EQ(1, s.found.count);
	broken(&s, "IMP-V2", "was notified of a queue and did not look at it");
}

/* It knows of two buffers, and has used one of them. */
TEST(queue_rules, a_kick_while_the_device_is_at_work)
{
	struct setup s;

	begin(&s, 0);
	reads(&s, DRIVER + 2, 2, 2);
	model(&s, MODEL_EV_KICK, 0, 0);
	model(&s, MODEL_EV_USED, 0, 1);
	s.f.now += 20000000;
	model(&s, MODEL_EV_RESET, 0xffff, 0);
	end(&s, NULL);
}

/* All are used, and it has only just written that kicks are wanted again. */
TEST(queue_rules, a_kick_before_the_device_came_to_look)
{
	struct setup s;

	begin(&s, 0);
	reads(&s, DRIVER + 2, 2, 1);
	model(&s, MODEL_EV_KICK, 0, 0);
	s.f.now += 20000000;
	model(&s, MODEL_EV_USED, 0, 1);
	writes(&s, DEVICE, 2, 0);
	model(&s, MODEL_EV_RESET, 0xffff, 0);
	end(&s, NULL);
}

/* It is through with what it knew of, and does not come back. */
TEST(queue_rules, a_kick_that_is_not_looked_at_after_work)
{
	struct setup s;

	begin(&s, 0);
	reads(&s, DRIVER + 2, 2, 1);
	model(&s, MODEL_EV_KICK, 0, 0);
	model(&s, MODEL_EV_USED, 0, 1);
	s.f.now += 20000000;
	model(&s, MODEL_EV_RESET, 0xffff, 0);
	broken(&s, "IMP-V2", "was notified of a queue and did not look at it");
}

TEST(queue_rules, a_broken_device_looks_at_nothing)
{
	struct setup s;

	begin(&s, 0);
	model(&s, MODEL_EV_KICK, 0, 0);
	model(&s, MODEL_EV_NEEDS_RESET, 0, 0x4f);
	model(&s, MODEL_EV_KICK, 0, 0);
	end(&s, NULL);
}

TEST(queue_rules, no_look_after_avail_event)
{
	struct setup s;

	begin(&s, F_EVENT_IDX);
	take(&s, 0, 0);
	writes(&s, AVAIL_EVENT, 2, 1);
	broken(&s, "IMP-V3", "did not look at the queue once more");
}

TEST(queue_rules, no_look_after_notifications_are_on_again)
{
	struct setup s;

	begin(&s, 0);
	take(&s, 0, 0);
	writes(&s, DEVICE, 2, 1);
	writes(&s, DEVICE, 2, 0);
	s.f.now += 20000000;
	model(&s, MODEL_EV_KICK, 0, 0);
	reads(&s, DRIVER + 2, 2, 1);
	broken(&s, "IMP-V3", "did not look at the queue once more");
}

/* A bus that loses reads, or the device itself, is not the device's doing. */
TEST(queue_rules, a_bus_that_breaks_silences_them)
{
	struct setup s;

	begin(&s, 0);
	model(&s, MODEL_EV_KICK, 0, 0);
	feed_fault(&s.f, 0, "bus.device=gone", 0, 1);
	end(&s, NULL);
}

TEST(queue_rules, another_device_s_bus_fault_does_not)
{
	struct setup s;

	begin(&s, 0);
	model(&s, MODEL_EV_KICK, 0, 0);
	feed_fault(&s.f, 1, "bus.device=gone", 0, 1);
	feed_fault(&s.f, 0, "device.kick.lost", 0, 1);
	end(&s, "did not look at it");
}

/* ---- the used index behind the available one ---- */

TEST(queue_rules, used_index_may_reach_the_available_one)
{
	struct setup s;

	begin(&s, 0);
	reads(&s, DRIVER + 2, 2, 3);
	model(&s, MODEL_EV_USED, 0, 3);
	end(&s, NULL);
}

TEST(queue_rules, used_index_ahead)
{
	struct setup s;

	begin(&s, 0);
	reads(&s, DRIVER + 2, 2, 3);
	model(&s, MODEL_EV_USED, 0, 4);
	broken(&s, "IMP-V4", "past the available one");
}

TEST(queue_rules, used_index_ahead_over_the_wrap)
{
	struct setup s;

	begin(&s, 0);
	/* flags and idx in one read: idx 0x0001. */
	reads(&s, DRIVER, 4, 0x00010000);
	model(&s, MODEL_EV_USED, 0, 0xffff);
	EXPECT_EQ(0, s.found.count);
	model(&s, MODEL_EV_USED, 0, 2);
	broken(&s, "IMP-V4", "past the available one");
}

TEST(queue_rules, more_than_a_ring_of_buffers_cannot_be_outstanding)
{
	struct setup s;

	begin(&s, 0);
	reads(&s, DRIVER + 2, 2, 300);
	model(&s, MODEL_EV_USED, 0, 296); /* four behind */
	EXPECT_EQ(0, s.found.count);
	model(&s, MODEL_EV_USED, 0, 295);
	broken(&s, "IMP-V4", "past the available one");
}
