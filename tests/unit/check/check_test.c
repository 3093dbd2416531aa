/* SPDX-License-Identifier: MIT */
/*
 * The checks as a whole: what is held without being written down.
 */
#include "sim/scenario/diag_codes.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/check/bench.h"

static const char *code(const struct bench *b, size_t i)
{
	const struct findings *f = checks_findings(b->checks);

	return i < f->count ? f->items[i].code : "";
}

/* `ringside explain` knows every code that a finding may carry. */
TEST(checks, codes_are_explained)
{
	static const char *const codes[] = {
		"expectation", "probe-failed", "action-failed", "leak",
		"double-return", "interrupt-lost", "interrupt-from-nowhere",
		"intx-stuck", "device-rule", "unreached-fault", "violation",
		"data-differs", "guest-bug", "crash", "wait-never-ends",
		"budget", "endless-loop", "bad-device",
	};
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		TEST_ROW("%s", codes[i]);
		EXPECT_NE(NULL, diag_code_find(codes[i]));
	}
}

TEST(checks, a_good_run_has_no_findings)
{
	struct bench b;

	bench_init(&b);
	bench_begin(&b);
	bench_probe(&b, 0);
	bench_probe(&b, 1);
	checks_workload_done(b.checks);
	bench_end(&b, RUN_FINISHED);
	EXPECT_STREQ("", bench_text(&b, 0));
	EXPECT_EQ(0, checks_findings(b.checks)->count);
	bench_done(&b);
}

TEST(checks, a_device_that_no_entry_names_must_have_probed)
{
	struct bench b;

	bench_init(&b);
	bench_begin(&b);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_END, "virtio_blk", -28);
	checks_workload_done(b.checks);
	EXPECT_STREQ("probe-failed", code(&b, 0));
	EXPECT_STREQ("disk0: its probe failed with ENOSPC, and no expectation "
		     "names it", bench_text(&b, 0));
	EXPECT_EQ(10, checks_findings(b.checks)->items[0].pos.line);
	EXPECT_STREQ("disk1: no driver probed it, and no expectation names it",
		     bench_text(&b, 1));
	bench_done(&b);
}

TEST(checks, naming_it_in_a_step_is_enough)
{
	struct scn_expect e = { .subject = SUBJECT_DEVICE, .device = 0 };
	struct scn_step step = { .kind = STEP_EXPECT, .expects = &e,
				 .nexpects = 1 };
	struct scn_step outer = { .kind = STEP_REPEAT, .steps = &step,
				  .nsteps = 1, .times = 1 };
	struct bench b;

	bench_init(&b);
	b.s.steps = &outer;
	b.s.nsteps = 1;
	bench_begin(&b);
	bench_probe(&b, 1);
	checks_workload_done(b.checks);
	EXPECT_EQ(0, checks_findings(b.checks)->count);
	bench_done(&b);
}

TEST(checks, a_bound_transport_without_a_driver_is_no_probe)
{
	struct bench b;

	bench_init(&b);
	bench_begin(&b);
	bench_probe(&b, 1);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio-pci", 0);
	feed_model(&b.f, 0, MODEL_EV_STATUS, 0xffff, 0, NULL);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_END, "virtio-pci", 0);
	checks_workload_done(b.checks);
	EXPECT_STREQ("disk0: no driver set DRIVER_OK, and no expectation names "
		     "it", bench_text(&b, 0));
	bench_done(&b);
}

TEST(checks, layered_drivers_are_one_bind)
{
	static const uint32_t vectors[] = { 1, 2 };
	const struct facts_device *d;
	struct bench b;

	bench_init(&b);
	bench_begin(&b);
	d = &b.facts->devices[0];
	/* At boot one after the other... */
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio-pci", 0);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_END, "virtio-pci", 0);
	EXPECT_TRUE(d->binds[0].ended);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	EXPECT_FALSE(d->binds[0].ended);
	feed_bring_up(&b.f, 0, 0, 2, vectors);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_END, "virtio_blk", 0);
	ASSERT_EQ(1, d->nbinds);
	EXPECT_EQ(FACTS_MSIX_PER_QUEUE, d->binds[0].state.mode);
	feed_note(&b.f, 0, MACHINE_NOTE_REMOVE_BEGIN, "virtio-pci", 0);
	feed_note(&b.f, 0, MACHINE_NOTE_REMOVE_BEGIN, "virtio_blk", 0);
	feed_note(&b.f, 0, MACHINE_NOTE_REMOVE_END, "virtio_blk", 0);
	feed_note(&b.f, 0, MACHINE_NOTE_REMOVE_END, "virtio-pci", 0);
	/* ... and later one inside the other; the upper one fails. */
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio-pci", 0);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_END, "virtio_blk", -28);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_END, "virtio-pci", 0);
	ASSERT_EQ(2, d->nbinds);
	EXPECT_TRUE(d->binds[1].ended);
	EXPECT_EQ(-28, d->binds[1].result);
	/* A second try of the upper one is a bind of its own. */
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_END, "virtio_blk", 0);
	ASSERT_EQ(3, d->nbinds);
	EXPECT_EQ(0, d->binds[2].result);
	EXPECT_EQ(2, d->binds[2].layers);
	/* So is one after the upper one alone was removed. */
	feed_note(&b.f, 0, MACHINE_NOTE_REMOVE_END, "virtio_blk", 0);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	ASSERT_EQ(4, d->nbinds);
	EXPECT_EQ(1, d->binds[3].layers);
	bench_done(&b);
}

TEST(checks, violations_are_expected_to_be_none)
{
	struct bench b;

	bench_init(&b);
	bench_begin(&b);
	bench_probe(&b, 0);
	bench_probe(&b, 1);
	feed_model(&b.f, 1, MODEL_EV_GUEST_ERROR, 3, 0, "kick of queue 3");
	feed_model(&b.f, 1, MODEL_EV_GUEST_ERROR, 3, 0, "kick of queue 3");
	checks_workload_done(b.checks);
	bench_end(&b, RUN_FINISHED);
	EXPECT_STREQ("violation", code(&b, 0));
	EXPECT_STREQ("disk1: the guest broke a rule of the specification: "
		     "kick of queue 3 (and more)", bench_text(&b, 0));
	bench_done(&b);
}

TEST(checks, violations_that_the_scenario_counts)
{
	struct bench b;

	bench_init(&b);
	bench_expect(&b, SUBJECT_DEVICE, 0, "violations")->match =
		(struct scn_match){ .value = { .type = SCN_INT, .i = 1 } };
	bench_begin(&b);
	bench_probe(&b, 0);
	bench_probe(&b, 1);
	feed_model(&b.f, 0, MODEL_EV_GUEST_ERROR, 3, 0, "kick of queue 3");
	checks_workload_done(b.checks);
	bench_end(&b, RUN_FINISHED);
	EXPECT_EQ(0, checks_findings(b.checks)->count);
	bench_done(&b);
}

TEST(checks, a_fault_that_never_fired)
{
	struct fault_hit hit;
	struct bench b;

	bench_init(&b);
	bench_fault(&b);
	b.faults[0].rule.nth = 1;
	bench_begin(&b);
	bench_probe(&b, 0);
	bench_probe(&b, 1);
	checks_workload_done(b.checks);
	bench_end(&b, RUN_FINISHED);
	EXPECT_STREQ("unreached-fault", code(&b, 0));
	EXPECT_STREQ("guest.irq.request: never fired; no call matched",
		     bench_text(&b, 0));
	EXPECT_EQ(18, checks_findings(b.checks)->items[0].pos.line);
	bench_done(&b);

	bench_init(&b);
	bench_fault(&b);
	bench_begin(&b);
	bench_probe(&b, 0);
	bench_probe(&b, 1);
	EXPECT_TRUE(fault_engine_hit(b.engine, 0, 0, FAULT_ANY, 0, &hit));
	checks_workload_done(b.checks);
	bench_end(&b, RUN_FINISHED);
	EXPECT_EQ(0, checks_findings(b.checks)->count);
	bench_done(&b);
}

TEST(checks, steps_must_answer_what_they_say)
{
	static const struct scn_step good = { .name = "blk.read",
		.pos = { "dir/a.yaml", 30, 5 } };
	static const struct scn_step bad = { .name = "blk.read", .fails = 5 };
	struct bench b;

	bench_init(&b);
	bench_begin(&b);
	checks_step(b.checks, &good, 0);
	checks_step(b.checks, &bad, -5);
	EXPECT_EQ(0, checks_findings(b.checks)->count);
	checks_step(b.checks, &good, -5);
	EXPECT_STREQ("action-failed", code(&b, 0));
	EXPECT_STREQ("blk.read: expected success, got EIO", bench_text(&b, 0));
	EXPECT_EQ(30, checks_findings(b.checks)->items[0].pos.line);
	checks_step(b.checks, &bad, 0);
	EXPECT_STREQ("blk.read: expected EIO, got success", bench_text(&b, 1));
	checks_step(b.checks, &bad, -12);
	EXPECT_STREQ("blk.read: expected EIO, got ENOMEM", bench_text(&b, 2));
	bench_done(&b);
}

TEST(checks, a_run_that_broke_off_is_its_own_reason)
{
	struct bench b;

	bench_init(&b);
	bench_fault(&b);
	bench_expect(&b, SUBJECT_DEVICE, 0, "vectors")->match =
		(struct scn_match){ .value = { .type = SCN_INT, .i = 99 } };
	bench_begin(&b);
	bench_probe(&b, 0);
	feed_account(&b.f, 0, MACHINE_RES_MEMORY, 1, 1);
	feed_model(&b.f, 0, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_SENT, NULL);
	bench_end(&b, RUN_GUEST_CRASH);
	ASSERT_EQ(1, checks_findings(b.checks)->count);
	EXPECT_STREQ("null-pointer", code(&b, 0));
	EXPECT_STREQ("a read of address 0", bench_text(&b, 0));
	bench_done(&b);
}

TEST(checks, a_hang_names_the_interrupt_that_did_not_come)
{
	struct bench b;

	bench_init(&b);
	bench_begin(&b);
	bench_probe(&b, 0);
	feed_model(&b.f, 0, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_SENT, NULL);
	bench_end(&b, RUN_HANG);
	ASSERT_EQ(2, checks_findings(b.checks)->count);
	EXPECT_STREQ("interrupt-lost", code(&b, 1));
	bench_done(&b);
}

TEST(checks, a_stopped_run_is_no_failure)
{
	struct bench b;

	bench_init(&b);
	bench_begin(&b);
	bench_end(&b, RUN_STOPPED);
	EXPECT_EQ(0, checks_findings(b.checks)->count);
	bench_done(&b);
}

TEST(checks, leaks_and_lost_interrupts_are_found_at_the_end)
{
	struct bench b;

	bench_init(&b);
	bench_begin(&b);
	bench_probe(&b, 0);
	bench_probe(&b, 1);
	checks_workload_done(b.checks);
	feed_account(&b.f, 0, MACHINE_RES_MEMORY, 0x1000, 8);
	feed_model(&b.f, 0, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_SENT, NULL);
	bench_end(&b, RUN_FINISHED);
	EXPECT_STREQ("interrupt-lost", code(&b, 0));
	EXPECT_STREQ("leak", code(&b, 1));
	bench_done(&b);
}

TEST(checks, data_is_compared_and_told_as_an_event)
{
	static const struct device_property props[] = {
		{ .name = "image", .type = DEVICE_PROP_FILE },
		{ .name = NULL },
	};
	static const struct device_model blk = { .name = "virtio-blk",
						 .properties = props };
	char image[512] = "the image";
	struct device_value value = { .given = true, .bytes = image,
				      .len = 512 };
	struct bench b;

	bench_init(&b);
	b.devices[0].model = &blk;
	b.devices[0].config.values = &value;
	bench_begin(&b);
	EXPECT_TRUE(checks_data(b.checks, MACHINE_DATA_READ, 0, 0, image,
				512));
	EXPECT_EQ(512, b.facts->devices[0].data_read_bytes);
	EXPECT_EQ(1, b.facts->devices[0].events[EV_DATA]);
	EXPECT_FALSE(checks_data(b.checks, MACHINE_DATA_READ, 0, 0,
				 "another text", 12));
	EXPECT_STREQ("data-differs", code(&b, 0));
	EXPECT_EQ(2, checks_findings(b.checks)->items[0].event);
	EXPECT_TRUE(checks_data(b.checks, MACHINE_DATA_WRITTEN, 0, 0, "new",
				3));
	EXPECT_EQ(3, b.facts->devices[0].data_written_bytes);
	bench_done(&b);
}

/* ---- findings that are expected ---- */

static void expect_finding(struct bench *b, enum scn_subject subject,
			   uint32_t device, const char *words)
{
	struct scn_check *c = bench_expect(b, subject, device, "finds");

	c->match.value.type = SCN_STRING;
	c->match.value.s = words;
}

/* A violation of disk1, and the run's good end. */
static void run_with_violation(struct bench *b)
{
	bench_begin(b);
	bench_probe(b, 0);
	bench_probe(b, 1);
	feed_model(&b->f, 1, MODEL_EV_GUEST_ERROR, 3, 0, "kick of queue 3");
	checks_workload_done(b->checks);
	bench_end(b, RUN_FINISHED);
}

TEST(finds, what_is_named_may_be_found)
{
	static const struct {
		enum scn_subject subject;
		uint32_t device;
		const char *words;
		bool found;
	} rows[] = {
		{ SUBJECT_RUN, FAULT_ANY, "violation", true },
		{ SUBJECT_RUN, FAULT_ANY, "violation kick of queue", true },
		{ SUBJECT_RUN, FAULT_ANY, "violation kick of queue 4", false },
		{ SUBJECT_RUN, FAULT_ANY, "violations", false },
		{ SUBJECT_RUN, FAULT_ANY, "violatio", false },
		{ SUBJECT_RUN, FAULT_ANY, "leak", false },
		{ SUBJECT_DEVICE, 1, "violation", true },
		{ SUBJECT_DEVICE, 0, "violation", false },
	};
	const struct findings *f;
	struct bench b;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		TEST_ROW("%s", rows[i].words);
		bench_init(&b);
		expect_finding(&b, rows[i].subject, rows[i].device,
			       rows[i].words);
		run_with_violation(&b);
		f = checks_findings(b.checks);
		EXPECT_EQ(rows[i].found ? 0 : 2, f->count);
		EXPECT_EQ(rows[i].found, f->nexpected);
		EXPECT_STREQ(rows[i].found ? "" : "violation", code(&b, 0));
		EXPECT_STREQ(rows[i].found ? "" : "expectation", code(&b, 1));
		bench_done(&b);
	}
}

TEST(finds, the_others_still_fail)
{
	const struct findings *f;
	struct bench b;

	bench_init(&b);
	expect_finding(&b, SUBJECT_DEVICE, 1, "violation");
	bench_fault(&b);
	run_with_violation(&b);
	f = checks_findings(b.checks);
	EXPECT_EQ(1, f->count);
	EXPECT_STREQ("unreached-fault", code(&b, 0));
	ASSERT_EQ(1, f->nexpected);
	EXPECT_STREQ("violation", findings_expected(f, 0)->code);
	bench_done(&b);
}

TEST(finds, not_found_is_said_at_its_place)
{
	struct bench b;

	bench_init(&b);
	expect_finding(&b, SUBJECT_DEVICE, 0, "leak");
	run_with_violation(&b);
	EXPECT_STREQ("disk0 finds: expected leak, and it was not found",
		     bench_text(&b, 1));
	EXPECT_EQ(20, checks_findings(b.checks)->items[1].pos.line);
	bench_done(&b);
}

/* The end that the scenario expects is an end: the rest of what it expects is
 * looked at. */
TEST(finds, a_run_that_is_cut_short_as_expected)
{
	struct bench b;

	bench_init(&b);
	expect_finding(&b, SUBJECT_RUN, FAULT_ANY, "null-pointer");
	bench_fault(&b);
	bench_begin(&b);
	bench_probe(&b, 0);
	bench_probe(&b, 1);
	bench_end(&b, RUN_GUEST_CRASH);
	EXPECT_EQ(1, checks_findings(b.checks)->count);
	EXPECT_STREQ("unreached-fault", code(&b, 0));
	bench_done(&b);
}

TEST(finds, a_run_that_is_cut_short_otherwise)
{
	struct bench b;

	bench_init(&b);
	expect_finding(&b, SUBJECT_RUN, FAULT_ANY, "wait-never-ends");
	bench_fault(&b);
	bench_begin(&b);
	bench_end(&b, RUN_GUEST_CRASH);
	EXPECT_EQ(1, checks_findings(b.checks)->count);
	EXPECT_STREQ("null-pointer", code(&b, 0));
	bench_done(&b);
}

TEST(finds, expected_ones_go_behind_the_others)
{
	struct findings f;
	size_t i;

	findings_init(&f);
	for (i = 0; i < 5; i++)
		findings_add(&f, "leak", "%zu", i)->expected = i % 2 == 0;
	findings_part(&f);
	ASSERT_EQ(2, f.count);
	ASSERT_EQ(3, f.nexpected);
	EXPECT_STREQ("1", f.items[0].text);
	EXPECT_STREQ("3", f.items[1].text);
	EXPECT_STREQ("0", findings_expected(&f, 0)->text);
	EXPECT_STREQ("2", findings_expected(&f, 1)->text);
	EXPECT_STREQ("4", findings_expected(&f, 2)->text);
	findings_free(&f);
}

/* A fault that the file does not know of may change all that it expects. */
TEST(checks, invariants_only_asks_for_nothing_that_the_file_expects)
{
	struct bench b;

	bench_init(&b);
	bench_begin(&b);
	checks_invariants_only(b.checks);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_END, "virtio_blk", -28);
	checks_workload_done(b.checks);
	bench_end(&b, RUN_FINISHED);
	EXPECT_EQ(0, checks_findings(b.checks)->count);
	bench_done(&b);
}

TEST(checks, invariants_only_keeps_the_invariants)
{
	struct bench b;

	bench_init(&b);
	bench_begin(&b);
	checks_invariants_only(b.checks);
	bench_probe(&b, 0);
	bench_probe(&b, 1);
	checks_workload_done(b.checks);
	bench_end(&b, RUN_HANG);
	EXPECT_STREQ("null-pointer", code(&b, 0));
	bench_done(&b);
}
