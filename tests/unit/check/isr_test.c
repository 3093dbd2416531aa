/* SPDX-License-Identifier: MIT */
/*
 * What ISR status may and must show, and when the pin may fall.
 */
#include "models/pci/registers.h"
#include "sim/check/isr.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/observe/feed.h"

struct setup {
	struct feed f;
	struct findings found;
	struct isr_check *c;
};

static const struct reg isr_regs[] = {
	{ .name = "ISR status", .offset = 0, .width = 1 },
};
static const struct reg_block isr_block = { "isr", isr_regs, 1, 1 };
static const struct device_registers registers[] = {
	{ 4, 0x1000, &isr_block }, { 0, 0, NULL },
};
static const struct device_model blk = { .name = "virtio-blk",
					 .registers = registers };

static void begin(struct setup *s)
{
	feed_init(&s->f);
	s->f.devices[0].model = &blk;
	findings_init(&s->found);
	s->c = isr_check_create(&s->f.world, s->f.bus, &s->found);
}

static void end(struct setup *s, const char *phrase)
{
	isr_check_end(s->c);
	EXPECT_EQ(phrase != NULL, s->found.count);
	if (phrase && s->found.count)
		EXPECT_SUBSTR(s->found.items[0].text, phrase);
	isr_check_destroy(s->c);
	findings_free(&s->found);
	feed_done(&s->f);
}

static void notify(struct setup *s, uint32_t source, enum model_notify what)
{
	feed_model(&s->f, 0, MODEL_EV_NOTIFY, source, what, NULL);
}

static void access_at(struct setup *s, enum event_kind kind, uint64_t addr,
		      uint64_t value)
{
	feed_event(&s->f, (struct event){ .kind = kind, .device = 0,
		.cpu = s->f.cpu, .index = 4, .addr = addr, .len = 1,
		.value = value });
}

static void isr(struct setup *s, uint64_t value)
{
	access_at(s, EV_MMIO_READ, 0x1000, value);
}

/* One interrupt, as it ought to be. */
static void interrupt(struct setup *s)
{
	notify(s, 0, MODEL_NOTIFY_INTX);
	feed_intx(&s->f, 0, 1);
	isr(s, 1);
	feed_intx(&s->f, 0, 0);
}

TEST(isr_rules, kept)
{
	struct setup s;

	begin(&s);
	interrupt(&s);
	isr(&s, 0);
	interrupt(&s);
	/* A configuration change with MSI-X on sets its bit too; or may not. */
	notify(&s, 0xffff, MODEL_NOTIFY_SENT);
	isr(&s, 2);
	notify(&s, 0xffff, MODEL_NOTIFY_SENT);
	isr(&s, 0);
	end(&s, NULL);
}

/* One asserted anew before its fall has arrived, one read before its rise has. */
TEST(isr_rules, changes_of_the_pin_arrive_late)
{
	struct setup s;

	begin(&s);
	notify(&s, 0, MODEL_NOTIFY_INTX);
	feed_intx(&s.f, 0, 1);
	isr(&s, 1);
	notify(&s, 0, MODEL_NOTIFY_INTX);
	feed_intx(&s.f, 0, 0);
	feed_intx(&s.f, 0, 1);
	isr(&s, 1);
	feed_intx(&s.f, 0, 0);
	notify(&s, 0, MODEL_NOTIFY_INTX);
	isr(&s, 1);
	feed_intx(&s.f, 0, 1);
	feed_intx(&s.f, 0, 0);
	end(&s, NULL);
}

/* The fall is at the same moment as the read that is behind it, and before it. */
TEST(isr_rules, fall_with_its_read)
{
	struct setup s;
	uint64_t now;

	begin(&s);
	notify(&s, 0, MODEL_NOTIFY_INTX);
	feed_intx(&s.f, 0, 1);
	now = s.f.now;
	feed_intx(&s.f, 0, 0);
	s.f.now = now;
	isr(&s, 1);
	end(&s, NULL);
}

TEST(isr_rules, not_cleared)
{
	struct setup s;

	begin(&s);
	interrupt(&s);
	isr(&s, 1);
	end(&s, "what had been read already");
}

TEST(isr_rules, left_over_a_reset)
{
	struct setup s;

	begin(&s);
	notify(&s, 0xffff, MODEL_NOTIFY_SENT);
	feed_model(&s.f, 0, MODEL_EV_RESET, 0xffff, 1, NULL);
	isr(&s, 2);
	end(&s, "from before a reset");
}

TEST(isr_rules, not_shown)
{
	struct setup s;

	begin(&s);
	notify(&s, 0, MODEL_NOTIFY_INTX);
	feed_intx(&s.f, 0, 1);
	isr(&s, 0);
	end(&s, "did not show why");
}

/* Nobody is there: that is not the device's word. */
TEST(isr_rules, all_ones_are_no_answer)
{
	struct setup s;

	begin(&s);
	isr(&s, 0xff);
	end(&s, NULL);
}

TEST(isr_rules, pin_as_an_edge)
{
	struct setup s;

	begin(&s);
	notify(&s, 0, MODEL_NOTIFY_INTX);
	feed_intx(&s.f, 0, 1);
	feed_intx(&s.f, 0, 0);
	isr(&s, 1);
	end(&s, "a level, not an edge");
}

TEST(isr_rules, edge_that_nobody_reads)
{
	struct setup s;

	begin(&s);
	notify(&s, 0, MODEL_NOTIFY_INTX);
	feed_intx(&s.f, 0, 1);
	feed_intx(&s.f, 0, 0);
	end(&s, "a level, not an edge");
}

TEST(isr_rules, other_reasons_for_a_fall)
{
	static const enum model_event_kind reasons[] = {
		MODEL_EV_RESET, MODEL_EV_COMMAND, MODEL_EV_MSIX_CONTROL,
	};

	for (unsigned int i = 0; i < 3; i++) {
		struct setup s;

		TEST_ROW("reason %u", i);
		begin(&s);
		notify(&s, 0, MODEL_NOTIFY_INTX);
		feed_intx(&s.f, 0, 1);
		feed_model(&s.f, 0, reasons[i], 0xffff, 0, NULL);
		feed_intx(&s.f, 0, 0);
		end(&s, NULL);
	}
}

TEST(isr_rules, pin_that_stays)
{
	struct setup s;

	begin(&s);
	notify(&s, 0, MODEL_NOTIFY_INTX);
	feed_intx(&s.f, 0, 1);
	isr(&s, 1);
	access_at(&s, EV_MMIO_WRITE, 0x3000, 0);
	end(&s, "kept its pin asserted after ISR status was read");
}

/* It was not this CPU that read; or the pin is wanted again. */
TEST(isr_rules, pin_that_may_stay)
{
	struct setup s;

	begin(&s);
	notify(&s, 0, MODEL_NOTIFY_INTX);
	feed_intx(&s.f, 0, 1);
	isr(&s, 1);
	s.f.cpu = 1;
	access_at(&s, EV_MMIO_WRITE, 0x3000, 0);
	s.f.cpu = 0;
	notify(&s, 0, MODEL_NOTIFY_INTX);
	access_at(&s, EV_MMIO_WRITE, 0x3000, 0);
	end(&s, NULL);
}
