/* SPDX-License-Identifier: MIT */
/*
 * Interrupt conservation.
 */
#include "sim/check/interrupts.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/observe/feed.h"

struct setup {
	struct feed f;
	struct findings found;
	struct interrupt_check *c;
};

static void begin(struct setup *s)
{
	feed_init(&s->f);
	findings_init(&s->found);
	s->c = interrupt_check_create(&s->f.world, s->f.bus, &s->found);
}

static void end(struct setup *s)
{
	interrupt_check_destroy(s->c);
	findings_free(&s->found);
	feed_done(&s->f);
}

static void notify(struct setup *s, enum model_notify fate)
{
	feed_model(&s->f, 0, MODEL_EV_NOTIFY, 0, fate, NULL);
}

static void finish(struct setup *s)
{
	interrupt_check_end(s->c, s->f.now + 1000000000);
}

/* A whole interrupt, from the device's decision to the handler. */
static void whole(struct setup *s)
{
	notify(s, MODEL_NOTIFY_SENT);
	feed_msi(&s->f, 0, 1, 33);
	feed_irq(&s->f, EV_IRQ_RAISE, MACHINE_IRQ_MSI, 0, 33);
	feed_irq(&s->f, EV_IRQ_ENTER, MACHINE_IRQ_MSI, 0, 33);
}

TEST(interrupts, conserved)
{
	struct setup s;

	begin(&s);
	whole(&s);
	whole(&s);
	notify(&s, MODEL_NOTIFY_SUPPRESSED);
	notify(&s, MODEL_NOTIFY_NO_VECTOR);
	notify(&s, MODEL_NOTIFY_DROPPED);
	notify(&s, MODEL_NOTIFY_PENDING); /* still masked at the end */
	finish(&s);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

TEST(interrupts, a_raise_absorbs_a_second_one)
{
	struct setup s;

	begin(&s);
	notify(&s, MODEL_NOTIFY_SENT);
	notify(&s, MODEL_NOTIFY_SENT);
	feed_msi(&s.f, 0, 1, 33);
	feed_irq(&s.f, EV_IRQ_RAISE, MACHINE_IRQ_MSI, 0, 33);
	feed_msi(&s.f, 0, 1, 33);
	feed_irq(&s.f, EV_IRQ_RAISE, MACHINE_IRQ_MSI, 0, 33);
	feed_irq(&s.f, EV_IRQ_ENTER, MACHINE_IRQ_MSI, 0, 33);
	finish(&s);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

TEST(interrupts, a_decided_message_that_never_came)
{
	struct setup s;

	begin(&s);
	whole(&s);
	notify(&s, MODEL_NOTIFY_SENT);
	finish(&s);
	ASSERT_EQ(1, s.found.count);
	EXPECT_STREQ("interrupt-lost", s.found.items[0].code);
	EXPECT_SUBSTR(s.found.items[0].text, "decided to send");
	EXPECT_EQ(5, s.found.items[0].event);
	end(&s);
}

TEST(interrupts, a_delivered_pending_bit_owes_a_message)
{
	struct setup s;

	begin(&s);
	notify(&s, MODEL_NOTIFY_PENDING);
	feed_model(&s.f, 0, MODEL_EV_MSIX_PENDING, 1, 1, NULL);
	feed_model(&s.f, 0, MODEL_EV_MSIX_PENDING, 1, 0, NULL);
	finish(&s);
	EXPECT_EQ(1, s.found.count);
	end(&s);
}

TEST(interrupts, what_is_pulled_out_owes_nothing)
{
	struct setup s;

	begin(&s);
	notify(&s, MODEL_NOTIFY_SENT);
	notify(&s, MODEL_NOTIFY_INTX);
	feed_fault(&s.f, 0, "bus.device=gone", 0, 1);
	finish(&s);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

TEST(interrupts, what_is_stuck_owes_what_it_owed)
{
	struct setup s;

	begin(&s);
	notify(&s, MODEL_NOTIFY_INTX);
	feed_fault(&s.f, 0, "bus.device=stuck", 0, 1);
	finish(&s);
	EXPECT_EQ(1, s.found.count);
	end(&s);
}

TEST(interrupts, a_reset_may_discard_messages)
{
	struct setup s;

	begin(&s);
	notify(&s, MODEL_NOTIFY_SENT);
	notify(&s, MODEL_NOTIFY_INTX);
	feed_model(&s.f, 0, MODEL_EV_RESET, 0xffff, 0, NULL);
	finish(&s);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

/* `n` messages arrive, so long after a reset before which one was sent. */
static void arrive_after_reset(struct setup *s, unsigned int n, uint64_t ps)
{
	begin(s);
	notify(s, MODEL_NOTIFY_SENT);
	feed_model(&s->f, 0, MODEL_EV_RESET, 0xffff, 0, NULL);
	feed_model(&s->f, 0, MODEL_EV_RESET, 0xffff, 1, NULL);
	s->f.now += ps;
	for (; n; n--) {
		feed_msi(&s->f, 0, 1, 33);
		feed_irq(&s->f, EV_IRQ_RAISE, MACHINE_IRQ_MSI, 0, 33);
		feed_irq(&s->f, EV_IRQ_ENTER, MACHINE_IRQ_MSI, 0, 33);
	}
	finish(s);
}

TEST(interrupts, a_message_that_was_on_its_way_at_a_reset)
{
	struct setup s;

	arrive_after_reset(&s, 1, 1000000);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

TEST(interrupts, a_message_more_than_was_on_its_way_at_a_reset)
{
	struct setup s;

	arrive_after_reset(&s, 2, 1000000);
	ASSERT_EQ(1, s.found.count);
	EXPECT_STREQ("interrupt-from-nowhere", s.found.items[0].code);
	end(&s);
}

TEST(interrupts, a_message_long_after_a_reset)
{
	struct setup s;

	arrive_after_reset(&s, 1, 20000000);
	ASSERT_EQ(1, s.found.count);
	EXPECT_STREQ("interrupt-from-nowhere", s.found.items[0].code);
	end(&s);
}

TEST(interrupts, bus_master_off_and_interrupt_disable_may_discard_them)
{
	struct setup s;

	begin(&s);
	notify(&s, MODEL_NOTIFY_SENT);
	feed_model(&s.f, 0, MODEL_EV_COMMAND, 0xffff, 0x0002, NULL);
	notify(&s, MODEL_NOTIFY_INTX);
	feed_model(&s.f, 0, MODEL_EV_COMMAND, 0xffff, 0x0402, NULL);
	finish(&s);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

TEST(interrupts, a_message_that_raised_nothing)
{
	struct setup s;

	begin(&s);
	notify(&s, MODEL_NOTIFY_SENT);
	feed_msi(&s.f, 0, 1, 33);
	finish(&s);
	ASSERT_EQ(1, s.found.count);
	EXPECT_SUBSTR(s.found.items[0].text, "raised nothing");
	EXPECT_EQ(2, s.found.items[0].event);
	end(&s);
}

TEST(interrupts, a_message_to_nobody_is_told)
{
	struct setup s;

	begin(&s);
	notify(&s, MODEL_NOTIFY_SENT);
	feed_msi(&s.f, 0, 1, 33);
	feed_event(&s.f, (struct event){ .kind = EV_MSI_LOST, .device = 0,
		.cpu = EVENT_NO_CPU, .index = EVENT_NO_INDEX, .addr = 0x1000,
		.value = 33 });
	finish(&s);
	ASSERT_EQ(1, s.found.count);
	EXPECT_SUBSTR(s.found.items[0].text, "nobody serves");
	end(&s);
}

TEST(interrupts, a_message_that_a_fault_loses_is_told_with_it)
{
	struct setup s;

	begin(&s);
	notify(&s, MODEL_NOTIFY_SENT);
	feed_fault(&s.f, 0, "bus.msi=lost", 0, 1);
	feed_msi(&s.f, 0, 1, 33);
	feed_event(&s.f, (struct event){ .kind = EV_MSI_LOST, .device = 0,
		.cpu = EVENT_NO_CPU, .index = 1, .value = 33,
		.text = event_intern(s.f.bus,
				     "lost on its way (bus.msi=lost)") });
	finish(&s);
	ASSERT_EQ(1, s.found.count);
	EXPECT_STREQ("the message of vector 1 was lost on its way "
		     "(bus.msi=lost)", s.found.items[0].text);
	EXPECT_EQ(0, s.found.items[0].device);
	end(&s);
}

/* Nobody's mistake: the fault is told, and that is all. */
TEST(interrupts, a_message_that_a_fault_sends_again)
{
	struct setup s;

	begin(&s);
	feed_fault(&s.f, 0, "bus.msi=duplicated", 0, 1);
	whole(&s);
	feed_event(&s.f, (struct event){ .kind = EV_MSI, .device = 0,
		.cpu = EVENT_NO_CPU, .index = 1, .value = 33,
		.text = event_intern(s.f.bus, "bus.msi=duplicated") });
	feed_irq(&s.f, EV_IRQ_RAISE, MACHINE_IRQ_MSI, 0, 33);
	feed_irq(&s.f, EV_IRQ_ENTER, MACHINE_IRQ_MSI, 0, 33);
	finish(&s);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

/* The device has been reset meanwhile and owes nothing. */
TEST(interrupts, a_message_that_a_fault_delays_over_a_reset)
{
	struct setup s;

	begin(&s);
	notify(&s, MODEL_NOTIFY_SENT);
	feed_fault(&s.f, 0, "bus.msi=delayed", 0, 1);
	feed_model(&s.f, 0, MODEL_EV_RESET, 0, 0, NULL);
	feed_msi(&s.f, 0, 1, 33);
	feed_irq(&s.f, EV_IRQ_RAISE, MACHINE_IRQ_MSI, 0, 33);
	feed_irq(&s.f, EV_IRQ_ENTER, MACHINE_IRQ_MSI, 0, 33);
	finish(&s);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

TEST(interrupts, a_message_without_a_decision)
{
	struct setup s;

	begin(&s);
	whole(&s);
	feed_msi(&s.f, 0, 1, 33);
	feed_irq(&s.f, EV_IRQ_RAISE, MACHINE_IRQ_MSI, 0, 33);
	feed_irq(&s.f, EV_IRQ_ENTER, MACHINE_IRQ_MSI, 0, 33);
	finish(&s);
	ASSERT_EQ(1, s.found.count);
	EXPECT_STREQ("interrupt-from-nowhere", s.found.items[0].code);
	end(&s);
}

TEST(interrupts, a_model_that_tells_no_decisions_may_send)
{
	struct setup s;

	begin(&s);
	feed_msi(&s.f, 1, 0, 40);
	feed_irq(&s.f, EV_IRQ_RAISE, MACHINE_IRQ_MSI, 0, 40);
	feed_irq(&s.f, EV_IRQ_ENTER, MACHINE_IRQ_MSI, 0, 40);
	finish(&s);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

TEST(interrupts, raised_and_never_taken)
{
	struct setup s;

	begin(&s);
	notify(&s, MODEL_NOTIFY_SENT);
	feed_msi(&s.f, 0, 1, 33);
	feed_irq(&s.f, EV_IRQ_RAISE, MACHINE_IRQ_MSI, 2, 33);
	finish(&s);
	ASSERT_EQ(1, s.found.count);
	EXPECT_STREQ("vector 33 of CPU 2 was raised and never taken",
		     s.found.items[0].text);
	end(&s);
}

TEST(interrupts, raised_in_the_last_moment_is_pending)
{
	struct setup s;

	begin(&s);
	notify(&s, MODEL_NOTIFY_SENT);
	feed_msi(&s.f, 0, 1, 33);
	feed_irq(&s.f, EV_IRQ_RAISE, MACHINE_IRQ_MSI, 0, 33);
	interrupt_check_end(s.c, s.f.now - 1000000 + 500000);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

TEST(interrupts, taken_and_never_raised)
{
	struct setup s;

	begin(&s);
	whole(&s);
	feed_irq(&s.f, EV_IRQ_ENTER, MACHINE_IRQ_MSI, 0, 33);
	ASSERT_EQ(1, s.found.count);
	EXPECT_STREQ("interrupt-from-nowhere", s.found.items[0].code);
	end(&s);
}

TEST(interrupts, a_line_is_delivered_again_while_it_is_up)
{
	struct setup s;

	begin(&s);
	notify(&s, MODEL_NOTIFY_INTX);
	feed_intx(&s.f, 0, 1);
	feed_irq(&s.f, EV_IRQ_RAISE, MACHINE_IRQ_LINE, 0, 2);
	feed_irq(&s.f, EV_IRQ_ENTER, MACHINE_IRQ_LINE, 0, 2);
	feed_irq(&s.f, EV_IRQ_ENTER, MACHINE_IRQ_LINE, 0, 2);
	feed_intx(&s.f, 0, 0);
	finish(&s);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

TEST(interrupts, an_interrupt_whose_line_stayed_down)
{
	struct setup s;

	begin(&s);
	notify(&s, MODEL_NOTIFY_INTX);
	finish(&s);
	ASSERT_EQ(1, s.found.count);
	EXPECT_SUBSTR(s.found.items[0].text, "line was not asserted");
	end(&s);
}

TEST(interrupts, a_line_that_nobody_acknowledged)
{
	struct setup s;

	begin(&s);
	notify(&s, MODEL_NOTIFY_INTX);
	feed_intx(&s.f, 0, 1);
	notify(&s, MODEL_NOTIFY_INTX); /* the line is up already */
	finish(&s);
	ASSERT_EQ(1, s.found.count);
	EXPECT_STREQ("intx-stuck", s.found.items[0].code);
	end(&s);
}
