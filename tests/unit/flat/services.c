/* SPDX-License-Identifier: MIT */
/*
 * Faults, accounts, records, data and actions of the small machine.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/flat/fixture.h"

static struct machine_fault_site irq_site = { "guest.irq.request", 0 };
static struct machine_fault_site mem_site = { "guest.mem.alloc", 0 };
static char hits[64];

/* Six calls: devices 8, 16, 8, 16, 8, 16; index 0 1 2 0 1 2. */
static int six_calls(void *arg)
{
	uint32_t i;

	(void)arg;
	for (i = 0; i < 6; i++)
		snprintf(hits + strlen(hits), sizeof(hits) - strlen(hits),
			 "%d ",
			 calls->fault_point(m, &irq_site, i % 2 ? 16 : 8,
					    i % 3));
	calls->fault_point(m, &mem_site, 8, 0);
	return 0;
}

TEST(flat_fault, rules_narrow_by_device_index_and_call)
{
	static const struct {
		uint32_t device, index;
		uint64_t nth, times;
		const char *expected;
		unsigned int calls, hits;
	} rows[] = {
		{ FLAT_ANY, FLAT_ANY, 1, 1, "16 0 0 0 0 0 ", 6, 1 },
		{ FLAT_ANY, FLAT_ANY, 3, 2, "0 0 16 16 0 0 ", 6, 2 },
		{ FLAT_ANY, FLAT_ANY, 5, 0, "0 0 0 0 16 16 ", 6, 2 },
		{ 16, FLAT_ANY, 2, 1, "0 0 0 16 0 0 ", 3, 1 },
		{ FLAT_ANY, 2, 1, 0, "0 0 16 0 0 16 ", 2, 2 },
		{ 16, 1, 0, 0, "0 16 0 0 0 0 ", 1, 1 },
		{ 24, FLAT_ANY, 1, 0, "0 0 0 0 0 0 ", 0, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct flat_machine *fm = flat_test_machine(NULL);
		size_t rule = flat_fault_at(fm, "guest.irq.request",
					    rows[i].device, rows[i].index,
					    rows[i].nth, rows[i].times, EBUSY);

		TEST_ROW("row %zu", i);
		hits[0] = '\0';
		EXPECT_EQ(0, in_guest(fm, six_calls));
		EXPECT_STREQ(rows[i].expected, hits);
		EXPECT_EQ(rows[i].calls, flat_fault_calls(fm, rule));
		EXPECT_EQ(rows[i].hits, flat_fault_hits(fm, rule));
		EXPECT_EQ(6, flat_point_calls(fm, "guest.irq.request"));
		EXPECT_EQ(1, flat_point_calls(fm, "guest.mem.alloc"));
		EXPECT_EQ(0, flat_point_calls(fm, "guest.never"));
		flat_destroy(fm);
	}
}

TEST(flat_fault, the_first_rule_that_fires_decides_and_all_count)
{
	struct flat_machine *fm = flat_test_machine(NULL);
	size_t a = flat_fault(fm, "guest.irq.request", FLAT_ANY, 2, 1, ENOMEM);
	size_t b = flat_fault(fm, "guest.irq.request", FLAT_ANY, 2, 2, EBUSY);

	hits[0] = '\0';
	EXPECT_EQ(0, in_guest(fm, six_calls));
	EXPECT_STREQ("0 12 16 0 0 0 ", hits);
	EXPECT_EQ(6, flat_fault_calls(fm, a));
	EXPECT_EQ(6, flat_fault_calls(fm, b));
	EXPECT_EQ(1, flat_fault_hits(fm, b));
	flat_fault_clear(fm);
	hits[0] = '\0';
	EXPECT_EQ(0, in_guest(fm, six_calls));
	EXPECT_STREQ("0 0 0 0 0 0 ", hits);
	flat_destroy(fm);
}

TEST(flat_fault, a_models_point_knows_its_device)
{
	struct model_fault_site site = { "device.features_ok", 0 };
	struct flat_machine *fm = flat_test_machine(NULL);
	struct pci_host *h = stub.fn.host;

	flat_fault(fm, "device.features_ok", MACHINE_BDF(0, 2, 0), 1, 0, 0);
	EXPECT_EQ(0, h->ops->fault(h, &site, 0));
	flat_fault(fm, "device.features_ok", MACHINE_BDF(0, 1, 0), 1, 1, 0);
	EXPECT_EQ(1, h->ops->fault(h, &site, 0));
	EXPECT_EQ(0, h->ops->fault(h, &site, 0));
	EXPECT_EQ(3, flat_point_calls(fm, "device.features_ok"));
	flat_destroy(fm);
}

/* Sites live as long as the image and see many machines. */
TEST(flat_fault, a_number_of_an_earlier_machine_is_not_believed)
{
	struct model_fault_site a = { "device.a", 1 }, b = { "device.b", 1 };
	struct flat_machine *fm = flat_test_machine(NULL);
	struct pci_host *h = stub.fn.host;

	flat_fault(fm, "device.b", FLAT_ANY, 1, 0, EIO);
	EXPECT_EQ(0, h->ops->fault(h, &a, 0));
	EXPECT_EQ(EIO, h->ops->fault(h, &b, 0));
	b.handle = 4000;
	EXPECT_EQ(EIO, h->ops->fault(h, &b, 0));
	EXPECT_EQ(1, flat_point_calls(fm, "device.a"));
	EXPECT_EQ(2, flat_point_calls(fm, "device.b"));
	flat_destroy(fm);
}

/* ---- accounts ---- */

static int take_some(void *arg)
{
	(void)arg;
	calls->account(m, MACHINE_RES_MEMORY, 0x40001000, 64, 8);
	calls->account(m, MACHINE_RES_IRQ_VECTOR, 24, 1, 8);
	calls->account(m, MACHINE_RES_MEMORY, 0x40002000, 100,
		       MACHINE_NO_DEVICE);
	calls->account(m, MACHINE_RES_ENABLE, 8, 1, 8);
	calls->account(m, MACHINE_RES_ENABLE, 8, 1, 8);
	calls->account(m, MACHINE_RES_REGION, 8, 1, 8);
	calls->account(m, MACHINE_RES_ENABLE, 8, -1, 8);
	calls->account(m, MACHINE_RES_REGION, 8, -1, 8);
	calls->account(m, MACHINE_RES_IRQ_VECTOR, 24, -1, 8);
	return 0;
}

TEST(flat_account, what_is_held_is_listed_in_the_order_taken)
{
	struct flat_machine *fm = flat_test_machine(NULL);
	char text[256], small[8];

	EXPECT_EQ(0, in_guest(fm, take_some));
	EXPECT_EQ(2, flat_live(fm, MACHINE_RES_MEMORY));
	EXPECT_EQ(164, flat_live_amount(fm, MACHINE_RES_MEMORY));
	EXPECT_EQ(0, flat_live(fm, MACHINE_RES_IRQ_VECTOR));
	EXPECT_EQ(1, flat_live(fm, MACHINE_RES_ENABLE));
	EXPECT_EQ(0, flat_live(fm, MACHINE_RES_REGION));
	EXPECT_EQ(3, flat_live(fm, MACHINE_RES_COUNT));
	EXPECT_EQ(3, flat_leaks(fm, text, sizeof(text)));
	EXPECT_STREQ("memory 0x40001000 amount 64, 00:01.0\n"
		     "memory 0x40002000 amount 100, no device\n"
		     "enabled function 0x8 amount 1, 00:01.0\n", text);
	EXPECT_EQ(3, flat_leaks(fm, small, sizeof(small)));
	EXPECT_STREQ("memory ", small);
	flat_destroy(fm);
}

static int return_twice(void *arg)
{
	(void)arg;
	calls->account(m, MACHINE_RES_DMA_MAPPING, 0x1000, 16, 8);
	calls->account(m, MACHINE_RES_DMA_MAPPING, 0x1000, -16, 8);
	calls->account(m, MACHINE_RES_DMA_MAPPING, 0x1000, -16, 8);
	return 0;
}

static int return_more(void *arg)
{
	(void)arg;
	calls->account(m, MACHINE_RES_DMA_MAPPING, 0x1000, 16, 8);
	calls->account(m, MACHINE_RES_DMA_MAPPING, 0x1000, INT64_MIN, 8);
	return 0;
}

static int return_first(void *arg)
{
	(void)arg;
	calls->account(m, MACHINE_RES_REGION, 0x1000, -1, 8);
	return 0;
}

TEST(flat_account, what_is_not_held_cannot_be_returned)
{
	int (*const rows[])(void *) = { return_twice, return_more,
					return_first };
	size_t i;

	for (i = 0; i < 3; i++) {
		struct flat_machine *fm = flat_test_machine(NULL);

		TEST_ROW("row %zu", i);
		EXPECT_EQ(FLAT_BUG, in_guest(fm, rows[i]));
		EXPECT_STREQ("double-free", flat_code(fm));
		flat_destroy(fm);
	}
}

static int account_overflow(void *arg)
{
	(void)arg;
	calls->account(m, MACHINE_RES_MEMORY, 1, INT64_MAX, 8);
	calls->account(m, MACHINE_RES_MEMORY, 1, 1, 8);
	return 0;
}

/* The same number names different things. */
static int same_id(void *arg)
{
	int kind;

	(void)arg;
	for (kind = 0; kind < MACHINE_RES_COUNT; kind++)
		calls->account(m, (enum machine_resource)kind, 3, 1, 8);
	return 0;
}

TEST(flat_account, kinds_are_apart)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	EXPECT_EQ(0, in_guest(fm, same_id));
	EXPECT_EQ(7, flat_live(fm, MACHINE_RES_COUNT));
	/* Three kinds of DMA mappings, one id: one mapping. */
	EXPECT_EQ(1, flat_live(fm, MACHINE_RES_DMA_MAPPING));
	EXPECT_EQ(3, flat_live_amount(fm, MACHINE_RES_DMA_MAPPING));
	EXPECT_EQ(1, flat_live(fm, MACHINE_RES_IO_MAPPING));
	EXPECT_EQ(1, flat_live_amount(fm, MACHINE_RES_IO_MAPPING));
	flat_destroy(fm);
}

static int account_kind(void *arg)
{
	(void)arg;
	calls->account(m, MACHINE_RES_COUNT, 1, 1, 8);
	return 0;
}

TEST(flat_account, nonsense_is_the_guests_bug)
{
	int (*const rows[])(void *) = { account_overflow, account_kind };
	size_t i;

	for (i = 0; i < 2; i++) {
		struct flat_machine *fm = flat_test_machine(NULL);

		TEST_ROW("row %zu", i);
		EXPECT_EQ(FLAT_BUG, in_guest(fm, rows[i]));
		EXPECT_STREQ("bad-argument", flat_code(fm));
		flat_destroy(fm);
	}
}

/* A table that grows and shrinks against one that is plain. */
#define IDS 700

static int churn(void *arg)
{
	static int64_t held[IDS];
	uint64_t seed = 1, i, n = 0, sum = 0;

	(void)arg;
	memset(held, 0, sizeof(held));
	for (i = 0; i < 40000; i++) {
		uint64_t id;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		id = (seed >> 33) % IDS;
		if (held[id]) {
			calls->account(m, MACHINE_RES_MEMORY, id << 12,
				       -held[id], 8);
			held[id] = 0;
		} else {
			held[id] = (int64_t)(i % 9 + 1);
			calls->account(m, MACHINE_RES_MEMORY, id << 12,
				       held[id], 8);
		}
	}
	for (i = 0; i < IDS; i++) {
		n += held[i] != 0;
		sum += (uint64_t)held[i];
	}
	*(uint64_t *)arg = n;
	return (int)-(int64_t)sum;
}

TEST(flat_account, many_taken_and_returned_in_any_order)
{
	struct flat_machine *fm = flat_test_machine(NULL);
	uint64_t n;
	int result = flat_call(fm, churn, &n);

	EXPECT_EQ(n, flat_live(fm, MACHINE_RES_MEMORY));
	EXPECT_EQ((uint64_t)-result, flat_live_amount(fm, MACHINE_RES_MEMORY));
	EXPECT_GT(n, 200);
	flat_destroy(fm);
}

/* ---- records and data ---- */

static int tell(void *arg)
{
	struct machine_note note = {
		.kind = MACHINE_NOTE_RUNG_END,
		.device = 8,
		.text = "msix-per-queue",
		.result = -28,
	};
	int i;

	(void)arg;
	for (i = 0; i < 600; i++)
		calls->log(m, 7, "padding");
	calls->log(m, 4, "virtio0: no vectors");
	calls->note(m, &note);
	note.text = NULL;
	note.kind = MACHINE_NOTE_REQUEST;
	calls->note(m, &note);
	return 0;
}

TEST(flat_record, the_last_records_are_kept_in_order)
{
	struct flat_machine *fm = flat_test_machine(NULL);
	struct model_event ev = { .kind = MODEL_EV_KICK, .index = 3 };
	const struct flat_record *r;

	EXPECT_EQ(0, flat_records(fm));
	EXPECT_EQ(0, in_guest(fm, tell));
	stub.fn.host->ops->event(stub.fn.host, &ev);
	EXPECT_EQ(512, flat_records(fm));
	EXPECT_TRUE(flat_record(fm, 512) == NULL);
	EXPECT_EQ(FLAT_REC_MODEL, flat_record(fm, 511)->kind);
	r = flat_record(fm, 508);
	EXPECT_EQ(FLAT_REC_LOG, r->kind);
	EXPECT_EQ(4, r->index);
	EXPECT_STREQ("virtio0: no vectors", r->text);
	EXPECT_TRUE(flat_logged(fm, "no vectors"));
	EXPECT_FALSE(flat_logged(fm, "no vectorz"));
	r = flat_note(fm, MACHINE_NOTE_RUNG_END, "per-queue");
	ASSERT_TRUE(r != NULL);
	EXPECT_EQ(-28, r->result);
	EXPECT_TRUE(flat_note(fm, MACHINE_NOTE_RUNG_END, "shared") == NULL);
	EXPECT_STREQ("", flat_note(fm, MACHINE_NOTE_REQUEST, NULL)->text);
	r = flat_model_event(fm, MODEL_EV_KICK, NULL);
	ASSERT_TRUE(r != NULL);
	EXPECT_EQ(3, r->index);
	EXPECT_EQ(8, r->device);
	EXPECT_EQ(1, flat_counters(fm)->model_events[MODEL_EV_KICK]);
	flat_records_clear(fm);
	EXPECT_EQ(0, flat_records(fm));
	flat_destroy(fm);
}

static int long_log(void *arg)
{
	char text[300];

	(void)arg;
	memset(text, 'x', sizeof(text));
	text[299] = '\0';
	calls->log(m, 6, text);
	return 0;
}

TEST(flat_record, a_long_text_is_cut)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	EXPECT_EQ(0, in_guest(fm, long_log));
	EXPECT_EQ(111, strlen(flat_record(fm, 0)->text));
	flat_destroy(fm);
}

static bool data_is_seven(void *arg, enum machine_data_kind kind,
			  uint32_t device, uint64_t offset, const void *buf,
			  uint64_t len)
{
	*(uint64_t *)arg += len;
	return kind == MACHINE_DATA_READ && device == 8 && offset == 512 &&
	       *(const uint8_t *)buf == 7;
}

static int tell_data(void *arg)
{
	uint8_t byte = (uint8_t)*(int *)arg;

	return calls->data(m, MACHINE_DATA_READ, 8, 512, &byte, 1) ? 0 : -EIO;
}

TEST(flat_record, data_is_held_against_the_tests_own_copy)
{
	struct flat_machine *fm = flat_test_machine(NULL);
	uint64_t bytes = 0;
	int seven = 7, eight = 8;

	EXPECT_EQ(0, flat_call(fm, tell_data, &eight));
	flat_on_data(fm, data_is_seven, &bytes);
	EXPECT_EQ(0, flat_call(fm, tell_data, &seven));
	EXPECT_EQ(-EIO, flat_call(fm, tell_data, &eight));
	EXPECT_EQ(2, bytes);
	EXPECT_EQ(1, flat_counters(fm)->data_bad);
	flat_destroy(fm);
}

/* ---- actions ---- */

TEST(flat_action, parameters_by_name_with_units_and_defaults)
{
	static const struct {
		const char *args;
		int expected;
		const char *text;
	} rows[] = {
		{ "n=1", -6, "" },
		{ "n=0x10,size=0", -16, "" },
		{ "n=-7,size=7", 0, "" },
		{ "n=1,twice=true", -12, "" },
		{ "n=1,twice=false", -6, "" },
		{ "size=2KiB,n=1", -2049, "" },
		{ "n=0,size=0,time=3us", -3000, "" },
		{ "n=0,size=0,device=00:02.1", -17, "" },
		{ "n=0,size=0,device=01:1f.7", -511, "" },
		{ "n=0,text=two words", -5, "" },
		{ "", FLAT_USAGE, "parameter n is missing" },
		{ NULL, FLAT_USAGE, "parameter n is missing" },
		{ "m=1", FLAT_USAGE, "no parameter \"m\"" },
		{ "n", FLAT_USAGE, "\"n\" has no =" },
		{ "n=", FLAT_USAGE, "n cannot be \"\"" },
		{ "n=1x", FLAT_USAGE, "n cannot be \"1x\"" },
		{ "n= 1", FLAT_USAGE, "n cannot be \" 1\"" },
		{ "n=99999999999999999999", FLAT_USAGE, "n cannot be" },
		{ "n=1,twice=1", FLAT_USAGE, "twice cannot be \"1\"" },
		{ "n=1,size=1KB", FLAT_USAGE, "size cannot be" },
		{ "n=1,size=-1", FLAT_USAGE, "size cannot be" },
		{ "n=1,size=9999999999GiB", FLAT_USAGE, "size cannot be" },
		{ "n=1,time=1", FLAT_USAGE, "time cannot be \"1\"" },
		{ "n=1,device=disk0", FLAT_USAGE, "device cannot be" },
		{ "n=1,device=00:20.0", FLAT_USAGE, "device cannot be" },
		{ "n=1,device=00:01.8", FLAT_USAGE, "device cannot be" },
		{ "n=1,device=00:01.0x", FLAT_USAGE, "device cannot be" },
	};
	struct flat_machine *fm = flat_test_machine(NULL);
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		TEST_ROW("args %s", rows[i].args ? rows[i].args : "NULL");
		EXPECT_EQ(rows[i].expected,
			  flat_action(fm, "test.answer", rows[i].args));
		EXPECT_SUBSTR(flat_text(fm), rows[i].text);
	}
	EXPECT_TRUE(flat_logged(fm, "two words"));
	EXPECT_EQ(FLAT_USAGE, flat_action(fm, "test.none", NULL));
	EXPECT_STREQ("no action \"test.none\"", flat_text(fm));
	EXPECT_EQ(FLAT_BUG, flat_action(fm, "test.wrong", NULL));
	EXPECT_STREQ("bad-argument", flat_code(fm));
	flat_destroy(fm);
}

TEST(flat_action, needs_a_guest)
{
	struct guest_image old = test_guest;
	struct flat_machine *fm = flat_create(NULL);

	EXPECT_EQ(FLAT_USAGE, flat_action(fm, "test.answer", "n=1"));
	EXPECT_EQ(FLAT_USAGE, flat_shutdown(fm));
	old.abi_version = 99;
	EXPECT_EQ(FLAT_USAGE, flat_boot(fm, &old));
	EXPECT_EQ(0, flat_boot(fm, &test_guest));
	EXPECT_EQ(FLAT_USAGE, flat_boot(fm, &test_guest));
	EXPECT_EQ(0, flat_shutdown(fm));
	flat_destroy(fm);
}
