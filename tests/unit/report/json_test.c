/* SPDX-License-Identifier: MIT */
/*
 * The JSON result: that it is JSON, and what is in it.
 */
#include <string.h>

#include "sim/report/jsonw.h"
#include "sim/report/report.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/check/bench.h"

/* ---- a checker of JSON's grammar (RFC 8259), no more ---- */

static bool value(const char **p);

static void blank(const char **p)
{
	*p += strspn(*p, " \n\t\r");
}

static bool string(const char **p)
{
	if (*(*p)++ != '"')
		return false;
	for (; **p != '"'; (*p)++) {
		if ((unsigned char)**p < 0x20)
			return false;
		if (**p == '\\' && !strchr("\"\\/bfnrtu", *++*p))
			return false;
	}
	(*p)++;
	return true;
}

static bool members(const char **p, char close, bool named)
{
	(*p)++;
	blank(p);
	if (**p == close)
		return *(*p)++ == close;
	for (;;) {
		blank(p);
		if (named) {
			if (!string(p))
				return false;
			blank(p);
			if (*(*p)++ != ':')
				return false;
		}
		if (!value(p))
			return false;
		blank(p);
		if (**p == close)
			return *(*p)++ == close;
		if (*(*p)++ != ',')
			return false;
	}
}

static bool value(const char **p)
{
	size_t n;

	blank(p);
	if (**p == '{')
		return members(p, '}', true);
	if (**p == '[')
		return members(p, ']', false);
	if (**p == '"')
		return string(p);
	if (!strncmp(*p, "true", 4) || !strncmp(*p, "null", 4))
		return *p += 4, true;
	if (!strncmp(*p, "false", 5))
		return *p += 5, true;
	n = strspn(*p, "-0123456789.eE+");
	*p += n;
	return n != 0;
}

static bool is_json(const char *text)
{
	const char *p = text;

	if (!value(&p))
		return false;
	blank(&p);
	return !*p;
}

TEST(jsonw, nests_and_separates)
{
	struct textbuf out;
	struct jsonw j;

	textbuf_init(&out);
	jsonw_init(&j, &out);
	jsonw_open(&j, NULL, '{');
	jsonw_text(&j, "a", "x\"y");
	jsonw_text(&j, "left out", NULL);
	jsonw_open(&j, "list", '[');
	jsonw_uint(&j, NULL, 1);
	jsonw_int(&j, NULL, -2);
	jsonw_close(&j, ']');
	jsonw_open(&j, "empty", '{');
	jsonw_close(&j, '}');
	jsonw_bool(&j, "b", true);
	jsonw_crc(&j, "crc", 0xabc);
	jsonw_close(&j, '}');
	EXPECT_STREQ("{\n  \"a\": \"x\\\"y\",\n  \"list\": [\n    1,\n    -2\n"
		     "  ],\n  \"empty\": {},\n  \"b\": true,\n"
		     "  \"crc\": \"0x00000abc\"\n}\n", out.data);
	EXPECT_TRUE(is_json(out.data));
	textbuf_free(&out);
}

TEST(jsonw, the_checker_sees_mistakes)
{
	EXPECT_FALSE(is_json("{\"a\": 1,}"));
	EXPECT_FALSE(is_json("[1 2]"));
	EXPECT_FALSE(is_json("{\"a\" 1}"));
	EXPECT_FALSE(is_json("{} x"));
	EXPECT_TRUE(is_json(" [ {\"a\": [1, -2, true, null, \"\\n\"]}, {} ] "));
}

static void result(struct bench *b, struct platform_outcome *o,
		   struct textbuf *out)
{
	struct report r = {
		.scenario = &b->s, .world = &b->f.world, .bus = b->f.bus,
		.facts = b->facts, .narrative = b->narrative,
		.findings = checks_findings(b->checks), .outcome = o,
		.faults = b->engine, .rules = b->rules, .image = "reference",
		.image_crc = 0x1234, .overrides = "",
	};

	textbuf_init(out);
	report_json(&r, out);
}

TEST(json, a_failed_run)
{
	struct platform_outcome o = { .end = RUN_FINISHED,
				      .time_ps = 12400000 };
	struct textbuf out;
	struct bench b;

	bench_init(&b);
	b.s.file_crc = 0xdeadbeef;
	b.s.cell = "queues=2";
	bench_fault(&b);
	bench_expect(&b, SUBJECT_DEVICE, 0, "vectors")->match =
		(struct scn_match){ .value = { .type = SCN_INT, .i = 9 } };
	bench_begin(&b);
	bench_probe(&b, 0);
	bench_probe(&b, 1);
	feed_owner(&b.f, 0, "virtio0-config", MACHINE_IRQ_MSI, 0, 32);
	feed_irq(&b.f, EV_IRQ_RAISE, MACHINE_IRQ_MSI, 0, 32);
	checks_workload_done(b.checks);
	result(&b, &o, &out);
	EXPECT_TRUE(is_json(out.data));
	EXPECT_SUBSTR(out.data, "{\n  \"ringside_result\": 1,\n"
				"  \"version\": \"0.1.0\",\n"
				"  \"verdict\": \"fail\",\n  \"exit\": 1,\n");
	EXPECT_SUBSTR(out.data, "\"path\": \"dir/a.yaml\"");
	EXPECT_SUBSTR(out.data, "\"cell\": \"queues=2\"");
	EXPECT_SUBSTR(out.data, "\"crc32\": \"0xdeadbeef\"");
	EXPECT_SUBSTR(out.data, "\"crc32\": \"0x00001234\"");
	EXPECT_SUBSTR(out.data, "\"simulated_ps\": 12400000");
	EXPECT_SUBSTR(out.data, "\"code\": \"expectation\"");
	EXPECT_SUBSTR(out.data, "disk0 vectors: expected 9, got 3");
	EXPECT_SUBSTR(out.data, "\"line\": 20");
	EXPECT_SUBSTR(out.data, "\"slot\": \"00:02.0\"");
	EXPECT_SUBSTR(out.data, "\"interrupts\": \"msix-per-queue\"");
	EXPECT_SUBSTR(out.data, "\"name\": \"virtio0-config\"");
	EXPECT_SUBSTR(out.data, "\"point\": \"guest.irq.request\"");
	EXPECT_SUBSTR(out.data, "\"kind\": \"bound\"");
	textbuf_free(&out);
	bench_done(&b);
}

/* The effect that a rule names, or the point's first. */
TEST(json, effects_quirks_and_what_was_expected)
{
	static const struct fault_point message = {
		.name = "bus.message", .errors = "", .effects = "lost late",
		.quirk = true,
	};
	struct platform_outcome o = { .end = RUN_FINISHED };
	struct scn_check *finds;
	struct textbuf out;
	struct bench b;

	bench_init(&b);
	bench_fault(&b);
	bench_fault(&b);
	fault_engine_add_point(b.engine, &message);
	b.faults[0].point = b.faults[1].point = "bus.message";
	b.faults[1].rule.effect = 2;
	finds = bench_expect(&b, SUBJECT_DEVICE, 1, "finds");
	finds->match.value = (struct scn_value){ .type = SCN_STRING,
						 .s = "violation" };
	bench_begin(&b);
	bench_probe(&b, 0);
	bench_probe(&b, 1);
	feed_model(&b.f, 1, MODEL_EV_GUEST_ERROR, 3, 0, "kick of queue 3");
	checks_workload_done(b.checks);
	bench_end(&b, RUN_FINISHED);
	result(&b, &o, &out);
	EXPECT_TRUE(is_json(out.data));
	EXPECT_SUBSTR(out.data, "\"effect\": \"lost\",\n"
				"      \"quirk\": true");
	EXPECT_SUBSTR(out.data, "\"effect\": \"late\"");
	EXPECT_SUBSTR(out.data, "\"expected_findings\": [\n"
				"    {\n      \"code\": \"violation\"");
	textbuf_free(&out);
	bench_done(&b);
}

TEST(json, a_run_that_broke_off)
{
	static struct platform_backtrace stack = {
		.thread = "init", .count = 1, .frames = { 1 },
	};
	struct platform_outcome o = { .end = RUN_GUEST_CRASH,
		.time_ps = 1, .code = "null-pointer", .text = "a \"read\"",
		.stacks = &stack, .nstacks = 1 };
	struct textbuf out;
	struct bench b;

	bench_init(&b);
	bench_begin(&b);
	checks_end(b.checks, &o);
	result(&b, &o, &out);
	EXPECT_TRUE(is_json(out.data));
	EXPECT_SUBSTR(out.data, "\"end\": \"guest-crash\"");
	EXPECT_SUBSTR(out.data, "\"end_code\": \"null-pointer\"");
	EXPECT_SUBSTR(out.data, "\"end_text\": \"a \\\"read\\\"\"");
	EXPECT_SUBSTR(out.data, "\"thread\": \"init\"");
	textbuf_free(&out);
	bench_done(&b);
}

/* No clock, no pointer: two runs of the same events say the same. */
TEST(json, is_reproducible)
{
	struct platform_outcome o = { .end = RUN_FINISHED, .time_ps = 5 };
	struct textbuf out[2];
	struct bench b;
	int i;

	for (i = 0; i < 2; i++) {
		bench_init(&b);
		bench_begin(&b);
		bench_probe(&b, 0);
		checks_workload_done(b.checks);
		result(&b, &o, &out[i]);
		bench_done(&b);
	}
	EXPECT_STREQ(out[0].data, out[1].data);
	textbuf_free(&out[0]);
	textbuf_free(&out[1]);
}
