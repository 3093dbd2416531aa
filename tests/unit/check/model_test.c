/* SPDX-License-Identifier: MIT */
/*
 * The rules that a device model must keep; each is broken once.
 */
#include "sim/check/model.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/observe/feed.h"

struct setup {
	struct feed f;
	struct findings found;
	struct model_check *c;
};

static const struct device_model blk = { .name = "virtio-blk" };

static void begin(struct setup *s)
{
	feed_init(&s->f);
	s->f.devices[0].model = &blk;
	findings_init(&s->found);
	s->c = model_check_create(&s->f.world, s->f.bus, &s->found, NULL);
}

static void end(struct setup *s)
{
	model_check_destroy(s->c);
	findings_free(&s->found);
	feed_done(&s->f);
}

/* Longer than what is posted may take: 10 us. */
static void settle(struct setup *s)
{
	s->f.now += 20000000;
}

static void up(struct setup *s)
{
	static const uint32_t vectors[] = { 1 };

	feed_bring_up(&s->f, 0, 0, 1, vectors);
	settle(s);
}

static void notify(struct setup *s, uint32_t queue, enum model_notify fate)
{
	feed_model(&s->f, 0, MODEL_EV_NOTIFY, queue, fate, NULL);
}

#define EXPECT_RULE(phrase)                                           \
	do {                                                          \
		ASSERT_EQ(1, s.found.count);                          \
		EXPECT_STREQ("device-rule", s.found.items[0].code);   \
		EXPECT_SUBSTR(s.found.items[0].text, phrase);         \
		end(&s);                                              \
	} while (0)

/* The same of a rule that is a clause. */
#define EXPECT_RULE_OF(id, phrase)                                    \
	do {                                                          \
		ASSERT_EQ(1, s.found.count);                          \
		EXPECT_STREQ(id, s.found.items[0].clause);            \
		EXPECT_RULE(phrase);                                  \
	} while (0)

TEST(model_rules, kept)
{
	struct setup s;

	begin(&s);
	up(&s);
	feed_dma(&s.f, 0, EV_DMA_READ, 0x5000, 16, 0);
	feed_dma(&s.f, 0, EV_DMA_WRITE, 0x6000, 512, 0);
	feed_model(&s.f, 0, MODEL_EV_USED, 0, 1, NULL);
	notify(&s, 0, MODEL_NOTIFY_SENT);
	notify(&s, 0xffff, MODEL_NOTIFY_SENT);
	notify(&s, 0, MODEL_NOTIFY_PENDING);
	feed_model(&s.f, 0, MODEL_EV_RESET, 0xffff, 1, NULL);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

TEST(model_rules, message_with_bus_master_off)
{
	struct setup s;

	begin(&s);
	up(&s);
	feed_model(&s.f, 0, MODEL_EV_COMMAND, 0xffff, 0x0002, NULL);
	notify(&s, 0, MODEL_NOTIFY_DROPPED);
	EXPECT_EQ(0, s.found.count);
	notify(&s, 0, MODEL_NOTIFY_SENT);
	notify(&s, 0, MODEL_NOTIFY_SENT); /* told once */
	EXPECT_RULE("message with Bus Master off");
}

TEST(model_rules, message_with_msix_off)
{
	struct setup s;

	begin(&s);
	up(&s);
	feed_model(&s.f, 0, MODEL_EV_MSIX_CONTROL, 0xffff, 0x0003, NULL);
	notify(&s, 0, MODEL_NOTIFY_PENDING);
	EXPECT_RULE("MSI-X off");
}

TEST(model_rules, message_with_the_function_masked)
{
	struct setup s;

	begin(&s);
	up(&s);
	feed_model(&s.f, 0, MODEL_EV_MSIX_CONTROL, 0xffff, 0xc003, NULL);
	notify(&s, 0, MODEL_NOTIFY_PENDING);
	EXPECT_EQ(0, s.found.count);
	notify(&s, 0, MODEL_NOTIFY_SENT);
	EXPECT_RULE("function masked");
}

TEST(model_rules, message_without_a_vector)
{
	struct setup s;

	begin(&s);
	up(&s);
	feed_model(&s.f, 0, MODEL_EV_QUEUE_VECTOR, 0, 0xffff, NULL);
	notify(&s, 0, MODEL_NOTIFY_NO_VECTOR);
	EXPECT_EQ(0, s.found.count);
	notify(&s, 0, MODEL_NOTIFY_SENT);
	EXPECT_STREQ("PCI-UBN-V1", s.found.items[0].clause);
	EXPECT_RULE("a queue that has no vector");
}

TEST(model_rules, config_message_without_a_vector)
{
	struct setup s;

	begin(&s);
	up(&s);
	feed_model(&s.f, 0, MODEL_EV_CONFIG_VECTOR, 0xffff, 0xffff, NULL);
	notify(&s, 0xffff, MODEL_NOTIFY_SENT);
	EXPECT_STREQ("PCI-CCN-V1", s.found.items[0].clause);
	EXPECT_RULE("a configuration change, which has no vector");
}

TEST(model_rules, intx_decided_with_msix_on)
{
	struct setup s;

	begin(&s);
	up(&s);
	notify(&s, 0, MODEL_NOTIFY_INTX);
	EXPECT_RULE("INTx with MSI-X on");
}

TEST(model_rules, pin_asserted_with_msix_on)
{
	struct setup s;

	begin(&s);
	up(&s);
	feed_intx(&s.f, 0, 1);
	EXPECT_RULE("INTx with MSI-X on");
}

TEST(model_rules, a_line_message_from_before_may_still_arrive)
{
	struct setup s;

	begin(&s);
	feed_model(&s.f, 0, MODEL_EV_MSIX_CONTROL, 0xffff, 0x8003, NULL);
	feed_intx(&s.f, 0, 1);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

TEST(model_rules, pin_asserted_with_interrupt_disable)
{
	struct setup s;

	begin(&s);
	feed_model(&s.f, 0, MODEL_EV_COMMAND, 0xffff, 0x0406, NULL);
	settle(&s);
	feed_intx(&s.f, 0, 1);
	EXPECT_RULE("Interrupt Disable");
}

TEST(model_rules, dma_with_bus_master_off)
{
	struct setup s;

	begin(&s);
	up(&s);
	feed_model(&s.f, 0, MODEL_EV_COMMAND, 0xffff, 0x0002, NULL);
	feed_dma(&s.f, 0, EV_DMA_WRITE, 0x6000, 4, 0); /* was on its way */
	EXPECT_EQ(0, s.found.count);
	settle(&s);
	feed_dma(&s.f, 0, EV_DMA_WRITE, 0x6000, 4, 0);
	EXPECT_RULE("DMA access with Bus Master off");
}

TEST(model_rules, dma_before_driver_ok)
{
	struct setup s;

	begin(&s);
	feed_model(&s.f, 0, MODEL_EV_COMMAND, 0xffff, 0x0006, NULL);
	feed_model(&s.f, 0, MODEL_EV_STATUS, 0xffff, 0xb, NULL);
	settle(&s);
	feed_dma(&s.f, 0, EV_DMA_READ, 0x5000, 2, 0);
	EXPECT_RULE_OF("STAT-V1", "before DRIVER_OK");
}

TEST(model_rules, dma_after_a_reset)
{
	struct setup s;

	begin(&s);
	feed_model(&s.f, 0, MODEL_EV_COMMAND, 0xffff, 0x0006, NULL);
	feed_model(&s.f, 0, MODEL_EV_STATUS, 0xffff, 0xf, NULL);
	feed_model(&s.f, 0, MODEL_EV_STATUS, 0xffff, 0, NULL);
	feed_model(&s.f, 0, MODEL_EV_RESET, 0xffff, 1, NULL);
	settle(&s);
	feed_dma(&s.f, 0, EV_DMA_READ, 0x5000, 2, 0);
	EXPECT_RULE_OF("RST-V2", "DMA access after a reset");
}

TEST(model_rules, dma_of_a_device_that_is_not_virtio)
{
	struct setup s;

	begin(&s);
	feed_model(&s.f, 1, MODEL_EV_COMMAND, 0xffff, 0x0006, NULL);
	settle(&s);
	feed_dma(&s.f, 1, EV_DMA_READ, 0x5000, 2, 0);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

TEST(model_rules, used_index_of_a_disabled_queue)
{
	struct setup s;

	begin(&s);
	up(&s);
	feed_model(&s.f, 0, MODEL_EV_QUEUE_ENABLE, 0, 0, NULL);
	feed_model(&s.f, 0, MODEL_EV_USED, 0, 1, NULL);
	EXPECT_RULE("not enabled");
}

TEST(model_rules, pin_kept_over_a_reset)
{
	struct setup s;

	begin(&s);
	feed_model(&s.f, 0, MODEL_EV_STATUS, 0xffff, 0xf, NULL);
	feed_intx(&s.f, 0, 1);
	feed_model(&s.f, 0, MODEL_EV_STATUS, 0xffff, 0, NULL);
	feed_model(&s.f, 0, MODEL_EV_RESET, 0xffff, 1, NULL);
	settle(&s);
	EXPECT_EQ(0, s.found.count);
	feed_model(&s.f, 0, MODEL_EV_STATUS, 0xffff, 1, NULL);
	EXPECT_RULE_OF("RST-V2", "over a reset");
}

/* It was on its way up, and nothing more happens after the reset. */
TEST(model_rules, pin_kept_to_the_end)
{
	struct setup s;

	begin(&s);
	feed_model(&s.f, 0, MODEL_EV_STATUS, 0xffff, 0xf, NULL);
	feed_model(&s.f, 0, MODEL_EV_RESET, 0xffff, 1, NULL);
	feed_intx(&s.f, 0, 1);
	model_check_end(s.c, s.f.now, false);
	EXPECT_EQ(0, s.found.count);
	model_check_end(s.c, s.f.now, true);
	EXPECT_RULE_OF("RST-V2", "over a reset");
}

/* A pin's change is posted: it may be seen after the reset has ended. */
TEST(model_rules, pin_falls_soon_after_a_reset)
{
	struct setup s;

	begin(&s);
	feed_model(&s.f, 0, MODEL_EV_STATUS, 0xffff, 0xf, NULL);
	feed_intx(&s.f, 0, 1);
	feed_model(&s.f, 0, MODEL_EV_RESET, 0xffff, 1, NULL);
	s.f.now += 1000000;
	feed_intx(&s.f, 0, 0);
	settle(&s);
	feed_model(&s.f, 0, MODEL_EV_STATUS, 0xffff, 1, NULL);
	model_check_end(s.c, s.f.now, true);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}
