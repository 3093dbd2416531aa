/* SPDX-License-Identifier: MIT */
/*
 * What a virtio device shows in its registers, and what has to follow a change
 * of its configuration, DEVICE_NEEDS_RESET, the begin of a reset.
 */
#include "models/pci/registers.h"
#include "sim/check/setup.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/observe/feed.h"

struct setup {
	struct feed f;
	struct findings found;
	struct setup_check *c;
};

static const struct reg regs[] = {
	{ .name = "config_msix_vector", .offset = 0x10, .width = 2 },
	{ .name = "config_generation", .offset = 0x15, .width = 1 },
	{ .name = "queue_select", .offset = 0x16, .width = 2 },
	{ .name = "queue_size", .offset = 0x18, .width = 2 },
	{ .name = "queue_msix_vector", .offset = 0x1a, .width = 2 },
	{ .name = "queue_enable", .offset = 0x1c, .width = 2 },
};
static const struct reg_block common = { "common", regs, 6, 0x40 };
static const struct reg fields[] = {
	{ .name = "num_pages", .offset = 0, .width = 4 },
};
static const struct reg_block config = { "config", fields, 1, 4 };
static const struct device_registers registers[] = {
	{ 4, 0, &common }, { 4, 0x2000, &config }, { 0, 0, NULL },
};
static const struct device_reading readings[] = {
	{ .name = "config", .fields = &config }, { .name = NULL },
};
static const struct device_model balloon = {
	.size = sizeof(struct device_model), .name = "virtio-balloon",
	.registers = registers, .readings = readings,
};

static void access_at(struct setup *s, enum event_kind kind, uint64_t at,
		      uint32_t len, uint64_t value)
{
	feed_event(&s->f, (struct event){ .kind = kind, .device = 0,
		.index = 4, .addr = at, .len = len, .value = value });
}

static void shows(struct setup *s, uint64_t at, uint64_t value)
{
	access_at(s, EV_MMIO_READ, at, at < 0x10 ? 4 : 2, value);
}

static void sets(struct setup *s, uint64_t at, uint64_t value)
{
	access_at(s, EV_MMIO_WRITE, at, 2, value);
}

static void model(struct setup *s, enum model_event_kind kind, uint32_t index,
		  uint64_t value)
{
	feed_model(&s->f, 0, kind, index, value, NULL);
}

static void begin(struct setup *s)
{
	feed_init(&s->f);
	s->f.devices[0].model = &balloon;
	findings_init(&s->found);
	s->c = setup_check_create(&s->f.world, s->f.bus, &s->found);
	model(s, MODEL_EV_MSIX_CONTROL, 0, 0x8003);
	model(s, MODEL_EV_STATUS, 0xffff, 0xf);
	sets(s, 0x16, 0);
}

static void end(struct setup *s, const char *phrase)
{
	setup_check_end(s->c, s->f.now);
	EXPECT_EQ(phrase != NULL, s->found.count);
	if (phrase && s->found.count)
		EXPECT_SUBSTR(s->found.items[0].text, phrase);
	setup_check_destroy(s->c);
	findings_free(&s->found);
	feed_done(&s->f);
}

/* The same of a rule that is a clause of the specification. */
static void breaks(struct setup *s, const char *phrase, const char *clause)
{
	setup_check_end(s->c, s->f.now);
	ASSERT_EQ(1, s->found.count);
	EXPECT_STREQ(clause, s->found.items[0].clause);
	end(s, phrase);
}

TEST(setup_rules, kept)
{
	struct setup s;

	begin(&s);
	shows(&s, 0x18, 256);
	shows(&s, 0x18, 0);
	shows(&s, 0x1c, 0);
	shows(&s, 0x1a, 0xffff);
	sets(&s, 0x1a, 2);
	model(&s, MODEL_EV_QUEUE_VECTOR, 0, 2);
	shows(&s, 0x1a, 2);
	sets(&s, 0x10, 3);
	model(&s, MODEL_EV_CONFIG_VECTOR, 0xffff, 0xffff); /* refused */
	shows(&s, 0x10, 0xffff);
	sets(&s, 0x1c, 1);
	model(&s, MODEL_EV_QUEUE_ENABLE, 0, 256);
	shows(&s, 0x1c, 1);
	sets(&s, 0x10, 0xffff);
	model(&s, MODEL_EV_CONFIG_VECTOR, 0xffff, 0xffff);
	end(&s, NULL);
}

TEST(setup_rules, queue_size_of_no_power_of_two)
{
	struct setup s;

	begin(&s);
	shows(&s, 0x18, 7);
	breaks(&s, "a queue_size that is no power of two", "PCI-COM-V16");
}

TEST(setup_rules, packed_rings_have_any_size)
{
	struct setup s;

	begin(&s);
	model(&s, MODEL_EV_FEATURES, 0xffff, 1ull << 34);
	shows(&s, 0x18, 7);
	end(&s, NULL);
}

TEST(setup_rules, queue_enabled_over_a_reset)
{
	struct setup s;

	begin(&s);
	model(&s, MODEL_EV_QUEUE_ENABLE, 0, 256);
	model(&s, MODEL_EV_RESET, 0xffff, 0);
	model(&s, MODEL_EV_RESET, 0xffff, 1);
	shows(&s, 0x1c, 1);
	breaks(&s, "queue_enable 1 for a queue that was not enabled", "PCI-COM-V9");
}

TEST(setup_rules, vector_that_nobody_mapped)
{
	static const uint64_t at[] = { 0x10, 0x1a };

	for (unsigned int i = 0; i < 2; i++) {
		struct setup s;

		TEST_ROW("register %#lx", (unsigned long)at[i]);
		begin(&s);
		shows(&s, at[i], 0);
		breaks(&s, "a vector that was not mapped", "PCI-MSIX-V7");
	}
}

TEST(setup_rules, another_vector)
{
	struct setup s;

	begin(&s);
	sets(&s, 0x1a, 2);
	model(&s, MODEL_EV_QUEUE_VECTOR, 0, 2);
	sets(&s, 0x1a, 1);
	model(&s, MODEL_EV_QUEUE_VECTOR, 0, 2);
	breaks(&s, "another vector than the one that was written",
	       "PCI-MSIX-V4");
}

TEST(setup_rules, vector_that_stays)
{
	struct setup s;

	begin(&s);
	sets(&s, 0x1a, 2);
	model(&s, MODEL_EV_QUEUE_VECTOR, 0, 2);
	sets(&s, 0x1a, 0xffff);
	model(&s, MODEL_EV_QUEUE_VECTOR, 0, 2);
	breaks(&s, "kept a vector mapped when NO_VECTOR", "PCI-MSIX-V5");
}

TEST(setup_rules, another_vector_shown)
{
	struct setup s;

	begin(&s);
	sets(&s, 0x1a, 2);
	model(&s, MODEL_EV_QUEUE_VECTOR, 0, 2);
	shows(&s, 0x1a, 3);
	breaks(&s, "showed another vector", "PCI-MSIX-V6");
}

TEST(setup_rules, refused_and_shown)
{
	struct setup s;

	begin(&s);
	sets(&s, 0x10, 2);
	model(&s, MODEL_EV_CONFIG_VECTOR, 0xffff, 0xffff);
	shows(&s, 0x10, 2);
	breaks(&s, "refused a vector", "PCI-MSIX-V9");
}

TEST(setup_rules, vector_beyond_the_table)
{
	struct setup s;

	begin(&s);
	sets(&s, 0x10, 4);
	model(&s, MODEL_EV_CONFIG_VECTOR, 0xffff, 4);
	breaks(&s, "a vector beyond its MSI-X table", "PCI-MSIX-V2");
}

TEST(setup_rules, change_announced)
{
	struct setup s;

	begin(&s);
	shows(&s, 0x15, 7);
	shows(&s, 0x2000, 0);
	model(&s, MODEL_EV_CONFIG, 0xffff, 8);
	model(&s, MODEL_EV_NOTIFY, 0xffff, MODEL_NOTIFY_SENT);
	/* Not read since: the generation may stand still. */
	model(&s, MODEL_EV_CONFIG, 0xffff, 8);
	model(&s, MODEL_EV_NOTIFY, 0xffff, MODEL_NOTIFY_SENT);
	end(&s, NULL);
}

TEST(setup_rules, change_not_announced)
{
	struct setup s;

	begin(&s);
	model(&s, MODEL_EV_CONFIG, 0xffff, 1);
	EXPECT_EQ(0, s.found.count);
	shows(&s, 0x2000, 0);
	end(&s, "sent no notification of it");
}

TEST(setup_rules, change_before_driver_ok_is_nobodys_business)
{
	struct setup s;

	begin(&s);
	model(&s, MODEL_EV_STATUS, 0xffff, 0xb);
	model(&s, MODEL_EV_CONFIG, 0xffff, 1);
	end(&s, NULL);
}

TEST(setup_rules, generation_stands_still)
{
	struct setup s;

	begin(&s);
	shows(&s, 0x15, 7);
	shows(&s, 0x2000, 0);
	model(&s, MODEL_EV_CONFIG, 0xffff, 7);
	model(&s, MODEL_EV_NOTIFY, 0xffff, MODEL_NOTIFY_SENT);
	breaks(&s, "did not move config_generation", "PCI-COM-V6");
}

TEST(setup_rules, needs_reset)
{
	struct setup s;

	begin(&s);
	model(&s, MODEL_EV_NEEDS_RESET, 0xffff, 0x4f);
	model(&s, MODEL_EV_NOTIFY, 0xffff, MODEL_NOTIFY_SENT);
	end(&s, NULL);
}

TEST(setup_rules, needs_reset_clears_status)
{
	struct setup s;

	begin(&s);
	model(&s, MODEL_EV_NEEDS_RESET, 0xffff, 0x40);
	model(&s, MODEL_EV_NOTIFY, 0xffff, MODEL_NOTIFY_SENT);
	end(&s, "cleared bits of device_status");
}

TEST(setup_rules, needs_reset_not_announced)
{
	struct setup s;

	begin(&s);
	model(&s, MODEL_EV_NEEDS_RESET, 0xffff, 0x4f);
	setup_check_end(s.c, s.f.now);
	ASSERT_EQ(1, s.found.count);
	EXPECT_STREQ("STAT-V4", s.found.items[0].clause);
	end(&s, "sent no configuration change notification");
}

TEST(setup_rules, reset_that_takes_its_time)
{
	struct setup s;

	begin(&s);
	model(&s, MODEL_EV_RESET, 0xffff, 0);
	s.f.now += 2000000000;
	model(&s, MODEL_EV_RESET, 0xffff, 1);
	s.f.now += 100000000000;
	end(&s, NULL);
}

TEST(setup_rules, reset_that_never_ends)
{
	struct setup s;

	begin(&s);
	model(&s, MODEL_EV_RESET, 0xffff, 0);
	s.f.now += 100000000000;
	breaks(&s, "began a reset and never came to its end", "PCI-COM-V7");
}
