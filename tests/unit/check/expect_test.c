/* SPDX-License-Identifier: MIT */
/*
 * Every key of expectations: met, not met, and what is said.
 */
#include <string.h>

#include "models/pci/registers.h"
#include "sim/check/expect.h"
#include "sim/scenario/expect_keys.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/check/bench.h"

static struct scn_match text(const char *s)
{
	return (struct scn_match){ .value = { .type = SCN_STRING, .s = s } };
}

static struct scn_match number(int64_t i)
{
	return (struct scn_match){ .value = { .type = SCN_INT, .i = i } };
}

static struct scn_match range(int64_t min, int64_t max)
{
	return (struct scn_match){ .kind = MATCH_RANGE, .has_min = min >= 0,
				   .min = min, .has_max = max >= 0,
				   .max = max };
}

static struct scn_match not(struct scn_match m)
{
	m.kind = MATCH_NOT;
	return m;
}

/* A run that probes both devices and does a little of everything. */
static void happen(struct bench *b)
{
	bench_probe(b, 0);
	bench_probe(b, 1);
	feed_note(&b->f, 0, MACHINE_NOTE_RUNG_END, "msix-per-queue", 0);
	feed_note(&b->f, 0, MACHINE_NOTE_REQUEST, NULL, 0);
	feed_note(&b->f, 0, MACHINE_NOTE_REQUEST, NULL, -5);
	feed_model(&b->f, 0, MODEL_EV_KICK, 0, 0, NULL);
	feed_log(&b->f, 6, "virtio0: 96 sectors");
	feed_msi(&b->f, 0, 1, 33);
	feed_irq(&b->f, EV_IRQ_RAISE, MACHINE_IRQ_MSI, 6, 33);
	feed_irq(&b->f, EV_IRQ_ENTER, MACHINE_IRQ_MSI, 6, 33);
	feed_note(&b->f, 0, MACHINE_NOTE_CONTENDED, "lock", 0);
}

/* Evaluates one check after a good run; the finding's text, "" if met. */
static const char *evaluate(enum scn_subject subject, const char *key,
			    struct scn_match m)
{
	static char said[400];
	struct scn_check *c;
	struct bench b;

	bench_init(&b);
	b.f.devices[0].offered = 0x100000200;
	c = bench_expect(&b, subject, 0, key);
	c->match = m;
	b.expects[0].fault = "guest.irq.request";
	bench_fault(&b);
	bench_begin(&b);
	happen(&b);
	checks_workload_done(b.checks);
	strcpy(said, bench_text(&b, 0));
	bench_done(&b);
	return said;
}

#define DEVICE(key, match) evaluate(SUBJECT_DEVICE, key, match)
#define RUN(key, match) evaluate(SUBJECT_RUN, key, match)

TEST(expect, interrupts)
{
	EXPECT_STREQ("", DEVICE("interrupts", text("msix-per-queue")));
	EXPECT_STREQ("", DEVICE("interrupts", not(text("intx"))));
	EXPECT_STREQ("disk0 interrupts: expected msix-shared, got "
		     "msix-per-queue", DEVICE("interrupts",
					      text("msix-shared")));
	EXPECT_STREQ("disk0 interrupts: expected not msix-per-queue, got "
		     "msix-per-queue", DEVICE("interrupts",
					      not(text("msix-per-queue"))));
}

TEST(expect, numbers)
{
	EXPECT_STREQ("", DEVICE("vectors", number(3)));
	EXPECT_STREQ("disk0 vectors: expected 2, got 3",
		     DEVICE("vectors", number(2)));
	EXPECT_STREQ("", DEVICE("queues", number(2)));
	EXPECT_STREQ("disk0 queues: expected 1, got 2",
		     DEVICE("queues", number(1)));
	EXPECT_STREQ("", DEVICE("requests.completed", number(1)));
	EXPECT_STREQ("", DEVICE("requests.failed", number(1)));
	EXPECT_STREQ("disk0 requests.failed: expected 0, got 1",
		     DEVICE("requests.failed", number(0)));
	EXPECT_STREQ("", DEVICE("kicks", number(1)));
	EXPECT_STREQ("", DEVICE("msis", number(1)));
	EXPECT_STREQ("", DEVICE("intx_edges", number(0)));
	EXPECT_STREQ("", DEVICE("violations", number(0)));
	EXPECT_STREQ("disk0 kicks: expected not 1, got 1",
		     DEVICE("kicks", not(number(1))));
	EXPECT_STREQ("disk0 kicks: expected -1, got 1",
		     DEVICE("kicks", number(-1)));
}

TEST(expect, ranges)
{
	EXPECT_STREQ("", DEVICE("vectors", range(3, 3)));
	EXPECT_STREQ("", DEVICE("vectors", range(-1, 3)));
	EXPECT_STREQ("", DEVICE("vectors", range(3, -1)));
	EXPECT_STREQ("disk0 vectors: expected at least 4, got 3",
		     DEVICE("vectors", range(4, -1)));
	EXPECT_STREQ("disk0 vectors: expected at most 2, got 3",
		     DEVICE("vectors", range(-1, 2)));
	EXPECT_STREQ("disk0 vectors: expected at least 4 and at most 6, got 3",
		     DEVICE("vectors", range(4, 6)));
}

TEST(expect, binds)
{
	struct scn_value items[2] = { { .type = SCN_STRING,
					.s = "msix-per-queue" },
				      { .type = SCN_STRING, .s = "fails" } };
	struct scn_match m = { .value = { .type = SCN_LIST, .items = items,
					  .count = 1 } };

	EXPECT_STREQ("", DEVICE("binds", m));
	m.value.count = 2;
	EXPECT_STREQ("disk0 binds: expected [msix-per-queue, fails], got "
		     "[msix-per-queue]", DEVICE("binds", m));
	m.value.count = 0;
	EXPECT_STREQ("disk0 binds: expected [], got [msix-per-queue]",
		     DEVICE("binds", m));
	items[0].s = "intx";
	m.value.count = 1;
	EXPECT_STREQ("disk0 binds: expected [intx], got [msix-per-queue]",
		     DEVICE("binds", m));
}

TEST(expect, where_vectors_went)
{
	struct scn_value items[2] = {
		{ .type = SCN_STRING, .s = "none", .i = 255 },
		{ .type = SCN_STRING, .s = "6", .i = 6 }
	};
	struct scn_match m = { .value = { .type = SCN_LIST, .items = items,
					  .count = 2 } };

	EXPECT_STREQ("", DEVICE("vectors_on", m));
	EXPECT_STREQ("disk0 vectors_on: expected not [none, 6], got [none, 6]",
		     DEVICE("vectors_on", not(m)));
	m.value.count = 1;
	EXPECT_STREQ("disk0 vectors_on: expected [none], got [none, 6]",
		     DEVICE("vectors_on", m));
	items[0] = items[1];
	m.value.count = 2;
	EXPECT_STREQ("disk0 vectors_on: expected [6, 6], got [none, 6]",
		     DEVICE("vectors_on", m));
}

TEST(expect, contended_locks)
{
	EXPECT_STREQ("", DEVICE("contended", number(1)));
	EXPECT_STREQ("", RUN("contended", number(1)));
	EXPECT_STREQ("contended: expected 0, got 1",
		     RUN("contended", number(0)));
}

TEST(expect, probe_that_succeeded)
{
	struct scn_match fails = { .kind = MATCH_FAILS };

	EXPECT_STREQ("", DEVICE("probe", text("ok")));
	EXPECT_STREQ("disk0 probe: expected failure, got ok",
		     DEVICE("probe", fails));
	fails.value = (struct scn_value){ .type = SCN_INT, .i = 28 };
	EXPECT_STREQ("disk0 probe: expected failure with ENOSPC, got ok",
		     DEVICE("probe", fails));
}

static const char *probe_failed(struct scn_match m, bool probe)
{
	static char said[200];
	struct bench b;

	bench_init(&b);
	bench_expect(&b, SUBJECT_DEVICE, 0, "probe")->match = m;
	bench_expect(&b, SUBJECT_DEVICE, 1, "queues")->match = number(0);
	bench_begin(&b);
	if (probe) {
		feed_note(&b.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
		feed_note(&b.f, 0, MACHINE_NOTE_PROBE_END, "virtio_blk", -16);
	}
	checks_workload_done(b.checks);
	strcpy(said, bench_text(&b, 0));
	bench_done(&b);
	return said;
}

TEST(expect, probe_that_failed_or_never_was)
{
	struct scn_match fails = { .kind = MATCH_FAILS };

	EXPECT_STREQ("", probe_failed(fails, true));
	fails.value = (struct scn_value){ .type = SCN_INT, .i = 16 };
	EXPECT_STREQ("", probe_failed(fails, true));
	fails.value.i = 28;
	EXPECT_STREQ("disk0 probe: expected failure with ENOSPC, got failure "
		     "with EBUSY", probe_failed(fails, true));
	EXPECT_STREQ("disk0 probe: expected ok, got failure with EBUSY",
		     probe_failed(text("ok"), true));
	EXPECT_STREQ("disk0 probe: expected ok, got no probe",
		     probe_failed(text("ok"), false));
	EXPECT_STREQ("disk0 probe: expected failure with ENOSPC, got no probe",
		     probe_failed(fails, false));
}

TEST(expect, rung_is_what_the_driver_says)
{
	EXPECT_STREQ("", DEVICE("rung", text("msix-per-queue")));
	EXPECT_STREQ("disk0 rung: expected intx, got msix-per-queue",
		     DEVICE("rung", text("intx")));
}

TEST(expect, features)
{
	struct scn_value bits[2] = { { .type = SCN_INT, .i = 32,
				       .s = "VIRTIO_F_VERSION_1" },
				     { .type = SCN_INT, .i = 9 } };
	struct scn_match m = { .kind = MATCH_CONTAINS,
			       .value = { .type = SCN_LIST, .items = bits,
					  .count = 1 } };

	EXPECT_STREQ("", DEVICE("features.negotiated", m));
	m.value.count = 2;
	EXPECT_STREQ("", DEVICE("features.offered", m));
	EXPECT_STREQ("disk0 features.negotiated: expected at least "
		     "[VIRTIO_F_VERSION_1, 9], got [bit 32]",
		     DEVICE("features.negotiated", m));
	m.kind = MATCH_EQUAL;
	EXPECT_STREQ("", DEVICE("features.offered", m));
	m.value.count = 1;
	EXPECT_STREQ("disk0 features.offered: expected [VIRTIO_F_VERSION_1], "
		     "got [bit 9, bit 32]", DEVICE("features.offered", m));
	m.kind = MATCH_NOT;
	EXPECT_STREQ("disk0 features.negotiated: expected none of "
		     "[VIRTIO_F_VERSION_1], got [bit 32]",
		     DEVICE("features.negotiated", m));
	bits[0].i = 40;
	EXPECT_STREQ("", DEVICE("features.negotiated", m));
}

TEST(expect, faults)
{
	EXPECT_STREQ("", evaluate(SUBJECT_FAULT, "hits", number(0)));
	EXPECT_STREQ("guest.irq.request hits: expected 1, got 0",
		     evaluate(SUBJECT_FAULT, "hits", number(1)));
	EXPECT_STREQ("", evaluate(SUBJECT_FAULT, "calls", number(0)));
}

TEST(expect, fault_counts_of_one_device)
{
	struct fault_hit hit;
	struct bench b;

	bench_init(&b);
	bench_expect(&b, SUBJECT_FAULT, 0, "hits")->match = number(1);
	bench_expect(&b, SUBJECT_FAULT, 1, "hits")->match = number(0);
	bench_expect(&b, SUBJECT_FAULT, FAULT_ANY, "calls")->match = number(2);
	b.expects[0].fault = b.expects[1].fault = b.expects[2].fault =
		"guest.irq.request";
	bench_fault(&b);
	bench_begin(&b);
	bench_probe(&b, 0);
	bench_probe(&b, 1);
	fault_engine_hit(b.engine, 0, 0, FAULT_ANY, 0, &hit);
	fault_engine_hit(b.engine, 0, 0, FAULT_ANY, 0, &hit);
	fault_engine_hit(b.engine, 0, 1, FAULT_ANY, 0, &hit);
	checks_workload_done(b.checks);
	EXPECT_STREQ("", bench_text(&b, 0));
	bench_done(&b);
}

TEST(expect, run)
{
	struct scn_match log = { .kind = MATCH_CONTAINS,
				 .value = { .type = SCN_STRING,
					    .s = "96 sectors" } };

	EXPECT_STREQ("", RUN("log", log));
	EXPECT_STREQ("log: a line contains '96 sectors'", RUN("log", not(log)));
	log.value.s = "panic";
	EXPECT_STREQ("log: no line contains 'panic'", RUN("log", log));
	EXPECT_STREQ("", RUN("log", not(log)));
	EXPECT_STREQ("", RUN("violations", number(0)));
	EXPECT_STREQ("", RUN("time", range(-1, 100000000)));
	EXPECT_SUBSTR(RUN("time", range(-1, 5000000)),
		      "time: expected at most 5.0 us, got ");
}

TEST(expect, order)
{
	struct scn_value items[3] = { { .type = SCN_STRING,
					.s = "disk0/probe-begin" },
				      { .type = SCN_STRING,
					.s = "disk0/status value=0xf" },
				      { .type = SCN_STRING,
					.s = "disk1/probe-begin" } };
	struct scn_match m = { .value = { .type = SCN_LIST, .items = items,
					  .count = 3 } };

	EXPECT_STREQ("", evaluate(SUBJECT_ORDER, "order", m));
	items[0].s = "disk1/probe-end";
	EXPECT_STREQ("order: 'disk0/status value=0xf' did not occur after "
		     "'disk1/probe-end'", evaluate(SUBJECT_ORDER, "order", m));
	items[0].s = "needs-reset";
	EXPECT_STREQ("order: 'needs-reset' did not occur",
		     evaluate(SUBJECT_ORDER, "order", m));
	items[0].s = "disk7/probe-begin";
	EXPECT_SUBSTR(evaluate(SUBJECT_ORDER, "order", m),
		      "order: 'disk7/probe-begin': no such device");
}

TEST(expect, entries_of_another_guest_do_not_count)
{
	struct bench b;

	bench_init(&b);
	bench_expect(&b, SUBJECT_DEVICE, 0, "vectors")->match = number(99);
	b.expects[0].guest = "linux-6.12";
	bench_begin(&b);
	bench_probe(&b, 0);
	bench_probe(&b, 1);
	checks_workload_done(b.checks);
	EXPECT_EQ(0, checks_findings(b.checks)->count);
	bench_done(&b);
}

TEST(expect, positions_and_devices_are_kept)
{
	const struct finding *f;
	struct bench b;

	bench_init(&b);
	bench_expect(&b, SUBJECT_DEVICE, 1, "vectors")->match = number(99);
	bench_begin(&b);
	bench_probe(&b, 0);
	bench_probe(&b, 1);
	checks_workload_done(b.checks);
	ASSERT_EQ(1, checks_findings(b.checks)->count);
	f = &checks_findings(b.checks)->items[0];
	EXPECT_STREQ("expectation", f->code);
	EXPECT_EQ(20, f->pos.line);
	EXPECT_EQ(5, f->pos.column);
	EXPECT_EQ(1, f->device);
	bench_done(&b);
}

/* The parser's table and the getters are two halves of one thing. */
TEST(expect, every_key_of_the_format_has_a_getter)
{
	const struct expect_key *k;

	for (k = expect_keys; k->name; k++) {
		TEST_ROW("%s", k->name);
		EXPECT_TRUE(expect_knows(k->subject, k->name));
	}
	EXPECT_FALSE(expect_knows(SUBJECT_DEVICE, "no-such-key"));
}

/* ---- what a device's model lets be read ---- */

static const struct reg fields[] = {
	{ "shown", 0, 8, 0, 0, 0, "", "", NULL, NULL },
	{ "hidden", 8, 8, 0, 0, 0, "", "", NULL, NULL },
};

/* Nothing is there to be found in its configuration space. */
static uint32_t config_read(struct pci_function *fn, uint32_t at, uint32_t width)
{
	(void)fn;
	(void)at;
	(void)width;
	return UINT32_MAX;
}

static const struct pci_function_ops ops = { .config_read = config_read };
static struct pci_function function = { .ops = &ops };

static bool get(struct pci_function *fn, const struct reg *field,
		uint64_t *value)
{
	/* The function is passed on as it is. */
	*value = fn == &function ? 42 : 0;
	return field == &fields[0];
}

static const char *read_field(const struct reg *field, const char *key,
			      struct scn_match m)
{
	static const struct device_reading reading = { .name = "dials",
						       .get = get };
	static char said[400];
	struct scn_check *c;
	struct bench b;

	bench_init(&b);
	b.functions[1] = &function;
	c = bench_expect(&b, SUBJECT_DEVICE, 1, key);
	c->reading = &reading;
	c->field = field;
	c->match = m;
	bench_begin(&b);
	happen(&b);
	checks_workload_done(b.checks);
	strcpy(said, bench_text(&b, 0));
	bench_done(&b);
	return said;
}

TEST(expect, readings)
{
	EXPECT_STREQ("", read_field(&fields[0], "dials.shown", number(42)));
	EXPECT_STREQ("", read_field(&fields[0], "dials.shown", range(42, -1)));
	EXPECT_STREQ("disk1 dials.shown: expected 7, got 42",
		     read_field(&fields[0], "dials.shown", number(7)));
	EXPECT_STREQ("disk1 dials.shown: expected not 42, got 42",
		     read_field(&fields[0], "dials.shown", not(number(42))));
}

/* A value that there is not meets nothing, not even {not:}. */
TEST(expect, a_reading_without_a_value)
{
	EXPECT_STREQ("disk1 dials.hidden: expected 42, got nothing yet",
		     read_field(&fields[1], "dials.hidden", number(42)));
	EXPECT_STREQ("disk1 dials.hidden: expected not 7, got nothing yet",
		     read_field(&fields[1], "dials.hidden", not(number(7))));
	EXPECT_STREQ("disk1 dials.hidden: expected at most 50, got nothing yet",
		     read_field(&fields[1], "dials.hidden", range(-1, 50)));
}
