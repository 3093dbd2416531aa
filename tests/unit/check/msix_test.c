/* SPDX-License-Identifier: MIT */
/*
 * MSI-X as the guest has set it up: a table of four entries at the beginning of
 * BAR 1, its pending bits at 0x800.
 */
#include <string.h>

#include "sim/check/msix.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/observe/feed.h"

#define CAP 0x50u

struct setup {
	struct feed f;
	struct findings found;
	struct pci_function fn, *functions[2];
	struct msix_check *c;
};

static uint8_t config[256];

static uint32_t config_read(struct pci_function *fn, uint32_t offset,
			    uint32_t width)
{
	uint32_t value = 0;

	(void)fn;
	memcpy(&value, config + offset, width);
	return value;
}

static const struct pci_function_ops ops = { .config_read = config_read };

static void access_at(struct setup *s, enum event_kind kind, uint32_t bar,
		      uint64_t addr, uint32_t len, uint64_t value)
{
	feed_event(&s->f, (struct event){ .kind = kind, .device = 0,
		.cpu = 0, .index = bar, .addr = addr, .len = len,
		.value = value });
}

static void table(struct setup *s, uint64_t addr, uint64_t value)
{
	access_at(s, EV_MMIO_WRITE, 1, addr, 4, value);
}

static void control(struct setup *s, uint32_t value)
{
	access_at(s, EV_CONFIG_WRITE, EVENT_NO_INDEX, CAP + 2, 2, value);
	feed_model(&s->f, 0, MODEL_EV_MSIX_CONTROL, 0, value, NULL);
}

static void notify(struct setup *s, uint32_t source, enum model_notify what)
{
	feed_model(&s->f, 0, MODEL_EV_NOTIFY, source, what, NULL);
}

static void message(struct setup *s, uint32_t vector, uint32_t data)
{
	feed_event(&s->f, (struct event){ .kind = EV_MSI, .device = 0,
		.cpu = EVENT_NO_CPU, .index = vector, .addr = 0xfee00000,
		.value = data });
}

/* MSI-X on; vector 0 is the configuration's, 1 queue 0's; messages of vector n
 * carry 0x40 + n. */
static void begin(struct setup *s)
{
	memset(config, 0, sizeof(config));
	config[0x06] = 0x10;
	config[0x34] = 0x40;
	config[0x40] = 0x01; /* power management, and then MSI-X */
	config[0x41] = CAP;
	config[CAP] = 0x11;
	config[CAP + 2] = 3;
	config[CAP + 4] = 1;
	config[CAP + 8] = 1;
	config[CAP + 9] = 8;
	feed_init(&s->f);
	findings_init(&s->found);
	s->fn.ops = &ops;
	s->functions[0] = &s->fn;
	s->functions[1] = NULL;
	s->c = msix_check_create(&s->f.world, s->f.bus, &s->found,
				 s->functions);
	access_at(s, EV_CONFIG_READ, EVENT_NO_INDEX, 0, 4, 0x10421af4);
	feed_model(&s->f, 0, MODEL_EV_COMMAND, 0, 0x0006, NULL);
	control(s, 0x8003);
	for (uint32_t v = 0; v < 4; v++) {
		table(s, 16 * v, 0xfee00000);
		table(s, 16 * v + 4, 0);
		table(s, 16 * v + 8, 0x40 + v);
		table(s, 16 * v + 12, 0);
	}
	feed_model(&s->f, 0, MODEL_EV_CONFIG_VECTOR, 0xffff, 0, NULL);
	feed_model(&s->f, 0, MODEL_EV_QUEUE_VECTOR, 0, 1, NULL);
	s->f.now += 20000000;
}

static void end(struct setup *s, const char *phrase)
{
	msix_check_end(s->c, s->f.now);
	EXPECT_EQ(phrase != NULL, s->found.count);
	if (phrase && s->found.count) {
		EXPECT_SUBSTR(s->found.items[0].text, phrase);
		EXPECT_STREQ("PCI-BUS-V1", s->found.items[0].clause);
	}
	msix_check_destroy(s->c);
	findings_free(&s->found);
	feed_done(&s->f);
}

TEST(msix_rules, kept)
{
	struct setup s;

	begin(&s);
	notify(&s, 0, MODEL_NOTIFY_SENT);
	message(&s, 1, 0x41);
	table(&s, 28, 1);
	notify(&s, 0, MODEL_NOTIFY_PENDING);
	access_at(&s, EV_MMIO_READ, 1, 0x800, 8, 2);
	table(&s, 28, 0);
	feed_model(&s.f, 0, MODEL_EV_MSIX_PENDING, 1, 0, NULL);
	message(&s, 1, 0x41);
	control(&s, 0xc003);
	notify(&s, 0xffff, MODEL_NOTIFY_PENDING);
	control(&s, 0x8003);
	feed_model(&s.f, 0, MODEL_EV_MSIX_PENDING, 0, 0, NULL);
	end(&s, NULL);
}

TEST(msix_rules, masked_and_sent)
{
	struct setup s;

	begin(&s);
	table(&s, 28, 1);
	notify(&s, 0xffff, MODEL_NOTIFY_SENT);
	EXPECT_EQ(0, s.found.count);
	notify(&s, 0, MODEL_NOTIFY_SENT);
	end(&s, "a vector that is masked");
}

TEST(msix_rules, pending_and_sent_while_masked)
{
	struct setup s;

	begin(&s);
	table(&s, 28, 1);
	notify(&s, 0, MODEL_NOTIFY_PENDING);
	feed_model(&s.f, 0, MODEL_EV_MSIX_PENDING, 1, 0, NULL);
	end(&s, "a vector that is masked");
}

/* What was sent before the entry was written may arrive after. */
TEST(msix_rules, message_of_before)
{
	struct setup s;

	begin(&s);
	table(&s, 24, 0x99);
	message(&s, 1, 0x41);
	EXPECT_EQ(0, s.found.count);
	s.f.now += 20000000;
	message(&s, 1, 0x99);
	EXPECT_EQ(0, s.found.count);
	message(&s, 1, 0x41);
	end(&s, "not what its MSI-X table holds");
}

TEST(msix_rules, pending_lost_at_the_vectors_mask)
{
	struct setup s;

	begin(&s);
	table(&s, 28, 1);
	notify(&s, 0, MODEL_NOTIFY_PENDING);
	table(&s, 28, 0);
	EXPECT_EQ(0, s.found.count);
	end(&s, "did not send it when the mask was gone");
}

TEST(msix_rules, pending_lost_at_the_functions_mask)
{
	struct setup s;

	begin(&s);
	control(&s, 0xc003);
	notify(&s, 0, MODEL_NOTIFY_PENDING);
	control(&s, 0x8003);
	table(&s, 0, 0xfee00000);
	end(&s, "did not send it when the mask was gone");
}

TEST(msix_rules, pending_may_stay_while_bus_master_is_off)
{
	struct setup s;

	begin(&s);
	table(&s, 28, 1);
	notify(&s, 0, MODEL_NOTIFY_PENDING);
	feed_model(&s.f, 0, MODEL_EV_COMMAND, 0, 0x0002, NULL);
	table(&s, 28, 0);
	table(&s, 0, 0xfee00000);
	EXPECT_EQ(0, s.found.count);
	feed_model(&s.f, 0, MODEL_EV_COMMAND, 0, 0x0006, NULL);
	end(&s, "did not send it when the mask was gone");
}

TEST(msix_rules, pending_dropped)
{
	struct setup s;

	begin(&s);
	table(&s, 28, 1);
	notify(&s, 0, MODEL_NOTIFY_PENDING);
	feed_model(&s.f, 0, MODEL_EV_MSIX_DROPPED, 1, 0, "no reason");
	end(&s, "dropped a pending interrupt");
}

TEST(msix_rules, pending_dropped_by_a_reset)
{
	struct setup s;

	begin(&s);
	table(&s, 28, 1);
	notify(&s, 0, MODEL_NOTIFY_PENDING);
	feed_model(&s.f, 0, MODEL_EV_RESET, 0xffff, 0, NULL);
	feed_model(&s.f, 0, MODEL_EV_MSIX_DROPPED, 1, 0, "reset");
	feed_model(&s.f, 0, MODEL_EV_RESET, 0xffff, 1, NULL);
	end(&s, NULL);
}

TEST(msix_rules, message_control_not_taken)
{
	static const struct { uint64_t at, value; uint32_t len; } writes[] = {
		{ CAP + 2, 0xc003, 2 }, { CAP, 0xc0030011, 4 },
		{ CAP + 3, 0xc0, 1 },
	};

	for (unsigned int i = 0; i < 3; i++) {
		struct setup s;

		TEST_ROW("row %u", i);
		begin(&s);
		access_at(&s, EV_CONFIG_WRITE, EVENT_NO_INDEX, writes[i].at,
			  writes[i].len, writes[i].value);
		end(&s, "did not take a write of MSI-X Message Control");
	}
}

TEST(msix_rules, pba_does_not_show)
{
	struct setup s;

	begin(&s);
	table(&s, 28, 1);
	notify(&s, 0, MODEL_NOTIFY_PENDING);
	access_at(&s, EV_MMIO_READ, 1, 0x804, 4, 0);
	EXPECT_EQ(0, s.found.count);
	access_at(&s, EV_MMIO_READ, 1, 0x800, 4, 1);
	end(&s, "in the pending bit array");
}

/* Without a function to look at, and without the capability, nothing is held. */
TEST(msix_rules, no_capability)
{
	struct setup s;

	begin(&s);
	feed_event(&s.f, (struct event){ .kind = EV_MSI, .device = 1,
		.index = 1, .value = 1 });
	feed_model(&s.f, 1, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_SENT, NULL);
	end(&s, NULL);
}
