/* SPDX-License-Identifier: MIT */
/*
 * The text of verdicts and failures.
 */
#include <string.h>

#include "sim/report/report.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/check/bench.h"

/* What report_text says of the bench's run. */
static void text_of(struct bench *b, enum run_end end, struct textbuf *out,
		    bool colour)
{
	struct platform_outcome o = { .end = end, .time_ps = 12400000 };
	struct report r = {
		.scenario = &b->s, .world = &b->f.world, .bus = b->f.bus,
		.facts = b->facts, .narrative = b->narrative,
		.findings = checks_findings(b->checks), .outcome = &o,
		.faults = b->engine, .rules = b->rules, .image = "reference",
		.overrides = "",
	};

	textbuf_init(out);
	report_text(&r, colour, out);
}

static enum report_verdict verdict(size_t findings, enum run_end end,
				   const char *known)
{
	struct scenario s = { .known_ref = known };
	struct platform_outcome o = { .end = end };
	struct findings f = { .count = findings };
	struct report r = { .scenario = &s, .outcome = &o, .findings = &f };

	return report_verdict(&r);
}

TEST(report, verdicts_and_exit_codes)
{
	EXPECT_EQ(REPORT_PASS, verdict(0, RUN_FINISHED, NULL));
	EXPECT_EQ(REPORT_FAIL, verdict(1, RUN_FINISHED, NULL));
	EXPECT_EQ(REPORT_FAIL, verdict(1, RUN_GUEST_CRASH, NULL));
	EXPECT_EQ(REPORT_KNOWN, verdict(1, RUN_FINISHED, "bug 7"));
	EXPECT_EQ(REPORT_FIXED, verdict(0, RUN_FINISHED, "bug 7"));
	EXPECT_EQ(REPORT_SIMULATOR, verdict(1, RUN_INTERNAL, "bug 7"));
	EXPECT_EQ(REPORT_INVALID, verdict(1, RUN_USER_ERROR, NULL));
	EXPECT_EQ(REPORT_STOPPED, verdict(0, RUN_STOPPED, NULL));
	EXPECT_EQ(0, report_exit_code(REPORT_PASS));
	EXPECT_EQ(1, report_exit_code(REPORT_FAIL));
	EXPECT_EQ(0, report_exit_code(REPORT_KNOWN));
	EXPECT_EQ(1, report_exit_code(REPORT_FIXED));
	EXPECT_EQ(2, report_exit_code(REPORT_INVALID));
	EXPECT_EQ(3, report_exit_code(REPORT_SIMULATOR));
}

/* The layout that docs/scenario-format.md promises. */
TEST(report, a_failure_reads_reason_first)
{
	struct textbuf out;
	struct bench b;

	bench_init(&b);
	b.s.path = "ladder/refuse.yaml";
	b.s.cell = "guest=reference,queues=2";
	b.s.seed = 1;
	bench_expect(&b, SUBJECT_DEVICE, 0, "interrupts")->match =
		(struct scn_match){ .value = { .type = SCN_STRING,
					       .s = "msix-shared" } };
	b.checks_of[0].pos = (struct scn_pos){ "ladder/refuse.yaml", 46, 5 };
	bench_begin(&b);
	bench_probe(&b, 1);
	b.f.now = 8000000;
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_fault(&b.f, 0, "guest.pci.alloc_irq_vectors", 28, 1);
	b.f.now = 8100000;
	feed_note(&b.f, 0, MACHINE_NOTE_SERVICE, "vector allocation", -28);
	feed_note(&b.f, 0, MACHINE_NOTE_SERVICE, "vector allocation", 2);
	feed_model(&b.f, 0, MODEL_EV_MSIX_CONTROL, 0xffff, 0x8001, NULL);
	b.f.now = 13000000;
	feed_note(&b.f, 0, MACHINE_NOTE_SERVICE, "request_irq(config)", -16);
	feed_model(&b.f, 0, MODEL_EV_MSIX_CONTROL, 0xffff, 0x0001, NULL);
	feed_owner(&b.f, 0, "virtio0", MACHINE_IRQ_LINE, 0, 2);
	feed_model(&b.f, 0, MODEL_EV_STATUS, 0xffff, 0xf, NULL);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_END, "virtio_blk", 0);
	checks_workload_done(b.checks);
	text_of(&b, RUN_FINISHED, &out, false);
	EXPECT_STREQ(
"FAIL ladder/refuse[guest=reference,queues=2]   12.4 us simulated, seed 1\n"
"  refuse.yaml:46:5  disk0 interrupts: expected msix-shared, got intx\n"
"  msix-per-queue  vector allocation -> ENOSPC    injected, call 1, 8.1 us\n"
"  msix-shared     request_irq(config) -> EBUSY   NOT injected, 13.0 us  <- look here\n"
"      trace event 20\n"
"  again: ringside run 'ladder/refuse.yaml[guest=reference,queues=2]' --seed 1\n",
		out.data);
	textbuf_free(&out);
	bench_done(&b);
}

TEST(report, a_pass_tells_the_story)
{
	static const uint32_t vectors[] = { 1, 2 };
	struct textbuf out;
	struct bench b;

	bench_init(&b);
	bench_begin(&b);
	bench_probe(&b, 0);
	feed_note(&b.f, 1, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_owner(&b.f, 1, "virtio1-config", MACHINE_IRQ_MSI, 0, 40);
	feed_bring_up(&b.f, 1, 0, 2, vectors);
	feed_note(&b.f, 1, MACHINE_NOTE_PROBE_END, "virtio_blk", 0);
	feed_irq(&b.f, EV_IRQ_RAISE, MACHINE_IRQ_MSI, 0, 40);
	feed_irq(&b.f, EV_IRQ_ENTER, MACHINE_IRQ_MSI, 0, 40);
	feed_event(&b.f, (struct event){ .kind = EV_STEP_END,
		.device = EVENT_NO_DEVICE, .cpu = EVENT_NO_CPU, .index = 1,
		.text = event_intern(b.f.bus, "blk.read") });
	feed_note(&b.f, 1, MACHINE_NOTE_REQUEST, NULL, 0);
	checks_workload_done(b.checks);
	text_of(&b, RUN_FINISHED, &out, false);
	EXPECT_SUBSTR(out.data, "PASS dir/a   12.4 us simulated, seed 7\n");
	EXPECT_SUBSTR(out.data, "     1.0 us  disk0  probe by virtio_blk\n");
	EXPECT_SUBSTR(out.data, "disk1  virtio_blk is bound, msix-per-queue: "
				"2 queues, 3 vectors\n");
	EXPECT_SUBSTR(out.data, "virtio1-config       vector 40 of CPU 0, "
				"1 taken\n");
	EXPECT_SUBSTR(out.data, "         blk.read: ok\n");
	EXPECT_SUBSTR(out.data, "  disk1  device at 00:03.0, interrupts "
				"msix-per-queue at the end\n");
	EXPECT_SUBSTR(out.data, "requests    1 completed, 0 failed; 0 kicks\n");
	EXPECT_EQ(NULL, strstr(out.data, "again:"));
	EXPECT_EQ(NULL, strchr(out.data, '\033'));
	textbuf_free(&out);
	bench_done(&b);
}

TEST(report, colour_is_only_escapes)
{
	struct textbuf plain, colour;
	struct bench b;
	size_t i, n = 0;
	bool escape = false;

	bench_init(&b);
	bench_begin(&b);
	bench_probe(&b, 0);
	checks_workload_done(b.checks);
	text_of(&b, RUN_FINISHED, &plain, false);
	text_of(&b, RUN_FINISHED, &colour, true);
	EXPECT_SUBSTR(colour.data, "\033[1;31mFAIL\033[0m");
	for (i = 0; i < colour.len; i++) {
		if (colour.data[i] == '\033')
			escape = true;
		if (!escape)
			colour.data[n++] = colour.data[i];
		if (escape && colour.data[i] == 'm')
			escape = false;
	}
	colour.data[n] = '\0';
	EXPECT_STREQ(plain.data, colour.data);
	textbuf_free(&plain);
	textbuf_free(&colour);
	bench_done(&b);
}

TEST(report, an_injected_reason_is_not_pointed_at)
{
	struct textbuf out;
	struct bench b;

	bench_init(&b);
	bench_expect(&b, SUBJECT_DEVICE, 0, "probe")->match =
		(struct scn_match){ .value = { .type = SCN_STRING,
					       .s = "ok" } };
	bench_begin(&b);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_note(&b.f, 0, MACHINE_NOTE_RUNG_BEGIN, "intx", 0);
	feed_fault(&b.f, 0, "guest.irq.request", 16, 3);
	feed_note(&b.f, 0, MACHINE_NOTE_SERVICE, "request_irq(virtio0)", -16);
	feed_note(&b.f, 0, MACHINE_NOTE_RUNG_END, "intx", -16);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_END, "virtio_blk", -16);
	checks_workload_done(b.checks);
	text_of(&b, RUN_FINISHED, &out, false);
	EXPECT_SUBSTR(out.data, "  intx            request_irq(virtio0) -> EBUSY"
				"  injected, call 3, ");
	EXPECT_EQ(NULL, strstr(out.data, "look here"));
	textbuf_free(&out);
	bench_done(&b);
}

TEST(report, owners_of_rungs_that_were_torn_down_are_not_shown)
{
	static const uint32_t vectors[] = { 1 };
	struct textbuf out;
	struct bench b;

	bench_init(&b);
	b.s.ndevices = b.f.world.ndevices = 1;
	bench_begin(&b);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_owner(&b.f, 0, "virtio0-config", MACHINE_IRQ_MSI, 0, 32);
	feed_owner(&b.f, 0, "virtio0-req.0", MACHINE_IRQ_MSI, 0, 33);
	feed_released(&b.f, 0, "virtio0-config", MACHINE_IRQ_MSI, 0, 32);
	feed_released(&b.f, 0, "virtio0-req.0", MACHINE_IRQ_MSI, 0, 33);
	feed_owner(&b.f, 0, "virtio0-config", MACHINE_IRQ_MSI, 0, 32);
	feed_owner(&b.f, 0, "virtio0-virtqueues", MACHINE_IRQ_MSI, 0, 33);
	feed_bring_up(&b.f, 0, 0, 1, vectors);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_END, "virtio_blk", 0);
	feed_owner(&b.f, 0, "a late one", MACHINE_IRQ_MSI, 0, 34);
	feed_released(&b.f, 0, "virtio0-virtqueues", MACHINE_IRQ_MSI, 0, 33);
	checks_workload_done(b.checks);
	text_of(&b, RUN_FINISHED, &out, false);
	EXPECT_SUBSTR(out.data, "1 queue, 2 vectors\n"
"               virtio0-config       vector 32 of CPU 0, 0 taken\n"
"               virtio0-virtqueues   vector 33 of CPU 0, 0 taken\n"
"\n  disk0");
	textbuf_free(&out);
	bench_done(&b);
}

TEST(report, a_probe_s_end_is_the_reason_where_nothing_else_is)
{
	struct textbuf out;
	struct bench b;

	bench_init(&b);
	bench_begin(&b);
	bench_probe(&b, 1);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_fault(&b.f, 0, "device.features_ok", 1, 1);
	feed_note(&b.f, 0, MACHINE_NOTE_PROBE_END, "virtio_blk", -19);
	checks_workload_done(b.checks);
	text_of(&b, RUN_FINISHED, &out, false);
	EXPECT_SUBSTR(out.data, "\n  probe           virtio_blk -> ENODEV"
				"           injected, call 1, ");
	textbuf_free(&out);
	bench_done(&b);
}

TEST(report, a_broken_guest_shows_its_stacks_and_its_last_words)
{
	static struct platform_backtrace stack = {
		.thread = "kworker/0", .waits = "a completion", .cpu = 1,
	};
	struct platform_outcome o = { .end = RUN_HANG, .time_ps = 5000000,
		.code = "wait-never-ends", .text = "nothing can end this wait",
		.stacks = &stack, .nstacks = 1 };
	struct report r = { .outcome = &o, .image = "reference",
			    .overrides = "--set 'machine.cpus=4'" };
	struct textbuf out;
	struct bench b;

	bench_init(&b);
	bench_begin(&b);
	feed_log(&b.f, 3, "virtio0: no answer");
	feed_log(&b.f, 6, "an idle remark");
	checks_end(b.checks, &o);
	r.scenario = &b.s;
	r.world = &b.f.world;
	r.bus = b.f.bus;
	r.facts = b.facts;
	r.narrative = b.narrative;
	r.findings = checks_findings(b.checks);
	r.faults = b.engine;
	r.rules = b.rules;
	textbuf_init(&out);
	report_text(&r, false, &out);
	EXPECT_STREQ(
"FAIL dir/a   5.0 us simulated, seed 7\n"
"  nothing can end this wait [wait-never-ends]\n"
"      trace event 2\n"
"    thread 'kworker/0' on CPU 1, waits on 'a completion'\n"
"  guest: virtio0: no answer, 1.0 us\n"
"  again: ringside run dir/a.yaml --seed 7 --set 'machine.cpus=4'\n",
		out.data);
	textbuf_free(&out);
	bench_done(&b);
}

TEST(report, names_of_files_are_quoted_for_a_shell)
{
	struct textbuf out;
	struct bench b;

	bench_init(&b);
	b.s.path = "it's here.yaml";
	bench_begin(&b);
	checks_workload_done(b.checks);
	text_of(&b, RUN_FINISHED, &out, false);
	EXPECT_SUBSTR(out.data,
		      "again: ringside run 'it'\\''s here.yaml' --seed 7\n");
	textbuf_free(&out);
	bench_done(&b);
}

TEST(report, a_long_story_keeps_its_beginning_and_its_end)
{
	struct textbuf out;
	struct bench b;
	unsigned int i;

	bench_init(&b);
	bench_begin(&b);
	bench_probe(&b, 0);
	bench_probe(&b, 1);
	for (i = 0; i < 500; i++)
		feed_note(&b.f, 0, MACHINE_NOTE_STEP, "remark", 0);
	feed_note(&b.f, 0, MACHINE_NOTE_STEP, "the last", 0);
	checks_workload_done(b.checks);
	text_of(&b, RUN_FINISHED, &out, false);
	EXPECT_SUBSTR(out.data, "  ... 427 more lines\n");
	EXPECT_SUBSTR(out.data, "the last");
	textbuf_free(&out);
	bench_done(&b);
}

TEST(report, bytes)
{
	struct textbuf t;

	textbuf_init(&t);
	report_bytes(&t, 0);
	report_bytes(&t, 1000);
	report_bytes(&t, 65536);
	report_bytes(&t, 1 << 20);
	EXPECT_STREQ("0 bytes1000 bytes64 KiB1 MiB", t.data);
	textbuf_free(&t);
}
