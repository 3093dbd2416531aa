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

/* The same of a rule that is a clause of the specification. */
static void breaks(struct setup *s, const char *phrase, const char *clause)
{
	isr_check_end(s->c);
	ASSERT_EQ(1, s->found.count);
	EXPECT_STREQ(clause, s->found.items[0].clause);
	end(s, phrase);
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
	/* A configuration change sets its bit with MSI-X on too, whether a
	 * message comes of it or not. */
	feed_model(&s.f, 0, MODEL_EV_MSIX_CONTROL, 0, 0x8003, NULL);
	notify(&s, 0xffff, MODEL_NOTIFY_SENT);
	isr(&s, 2);
	notify(&s, 0xffff, MODEL_NOTIFY_NO_VECTOR);
	isr(&s, 2);
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
	breaks(&s, "what had been read already", "PCI-ISR-V5");
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

TEST(isr_rules, shown_while_a_reset_takes_its_time)
{
	struct setup s;

	begin(&s);
	notify(&s, 0xffff, MODEL_NOTIFY_INTX);
	feed_intx(&s.f, 0, 1);
	feed_model(&s.f, 0, MODEL_EV_RESET, 0xffff, 0, NULL);
	isr(&s, 2);
	feed_intx(&s.f, 0, 0);
	feed_model(&s.f, 0, MODEL_EV_RESET, 0xffff, 1, NULL);
	end(&s, NULL);
}

TEST(isr_rules, not_shown)
{
	struct setup s;

	begin(&s);
	notify(&s, 0, MODEL_NOTIFY_INTX);
	feed_intx(&s.f, 0, 1);
	isr(&s, 0);
	breaks(&s, "interrupted for a queue and did not show it", "PCI-ISR-V3");
}

TEST(isr_rules, change_not_shown)
{
	static const enum model_notify ways[] = {
		MODEL_NOTIFY_INTX, MODEL_NOTIFY_SENT
	};

	for (unsigned int i = 0; i < 2; i++) {
		struct setup s;

		TEST_ROW("way %u", i);
		begin(&s);
		notify(&s, 0xffff, ways[i]);
		isr(&s, 0);
		breaks(&s, "interrupted for a configuration change",
		       "PCI-ISR-V2");
	}
}

/* Command and Status in one read of 4 bytes, or Status alone: its bit 3. */
static void status(struct setup *s, uint32_t width, uint64_t value)
{
	feed_event(&s->f, (struct event){ .kind = EV_CONFIG_READ, .device = 0,
		.addr = width == 4 ? 4 : 6, .len = width, .value = value });
}

TEST(isr_rules, pci_status_follows)
{
	struct setup s;

	begin(&s);
	status(&s, 4, 0x00100006);
	notify(&s, 0, MODEL_NOTIFY_INTX);
	feed_intx(&s.f, 0, 1);
	status(&s, 2, 0x0018);
	status(&s, 4, 0x00180006);
	isr(&s, 1);
	feed_intx(&s.f, 0, 0);
	status(&s, 2, 0x0010);
	end(&s, NULL);
}

TEST(isr_rules, pci_status_does_not_follow)
{
	static const uint64_t shown[] = { 0x0010, 0x0018 };

	for (unsigned int i = 0; i < 2; i++) {
		struct setup s;

		TEST_ROW("status %#lx", (unsigned long)shown[i]);
		begin(&s);
		notify(&s, 0, MODEL_NOTIFY_INTX);
		feed_intx(&s.f, 0, 1);
		if (i)
			isr(&s, 1);
		if (i)
			feed_intx(&s.f, 0, 0);
		status(&s, 2, shown[i]);
		if (i)
			isr(&s, 0);
		breaks(&s, "showed in PCI Status", "PCI-ISR-V4");
	}
}

/* ISR status was wrong, and PCI Status said what it said. */
TEST(isr_rules, pci_status_follows_what_was_kept)
{
	struct setup s;

	begin(&s);
	interrupt(&s);
	status(&s, 2, 0x0018);
	isr(&s, 1);
	breaks(&s, "what had been read already", "PCI-ISR-V5");
}

/* With MSI-X on it says nothing of the ISR's bits. */
TEST(isr_rules, pci_status_with_msix)
{
	struct setup s;

	begin(&s);
	feed_model(&s.f, 0, MODEL_EV_MSIX_CONTROL, 0, 0x8003, NULL);
	notify(&s, 0xffff, MODEL_NOTIFY_SENT);
	status(&s, 2, 0x0010);
	end(&s, NULL);
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
	breaks(&s, "a level, not an edge", "PCI-BUS-V1");
}

TEST(isr_rules, edge_that_nobody_reads)
{
	struct setup s;

	begin(&s);
	notify(&s, 0, MODEL_NOTIFY_INTX);
	feed_intx(&s.f, 0, 1);
	feed_intx(&s.f, 0, 0);
	breaks(&s, "a level, not an edge", "PCI-BUS-V1");
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
