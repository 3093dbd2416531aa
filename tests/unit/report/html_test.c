/* SPDX-License-Identifier: MIT */
/*
 * What goes into a page; how it looks and answers is tested in a browser
 * (tests/html/).
 */
#include <stdlib.h>
#include <string.h>

#include "models/pci/registers.h"
#include "sim/report/html/parts.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/check/bench.h"

struct run {
	struct bench b;
	struct trace *trace;
	struct platform_outcome outcome;
	struct report report;
	struct textbuf out;
};

static void run_init(struct run *r)
{
	memset(r, 0, sizeof(*r));
	bench_init(&r->b);
	r->trace = trace_create(&r->b.f.world, r->b.f.bus);
	bench_begin(&r->b);
	textbuf_init(&r->out);
}

static void run_end(struct run *r)
{
	struct bench *b = &r->b;

	bench_end(b, RUN_FINISHED);
	r->report = (struct report){
		.scenario = &b->s, .world = &b->f.world, .bus = b->f.bus,
		.facts = b->facts, .narrative = b->narrative,
		.findings = checks_findings(b->checks),
		.outcome = &r->outcome, .faults = b->engine,
		.rules = b->rules, .image = "reference", .overrides = "",
	};
}

static void run_done(struct run *r)
{
	textbuf_free(&r->out);
	trace_destroy(r->trace);
	bench_done(&r->b);
}

static size_t times(const char *text, const char *word)
{
	size_t n = 0;

	for (; (text = strstr(text, word)); text += strlen(word))
		n++;
	return n;
}

/* What follows `"name": ` up to its bracket's end; columns have no brackets in
 * them. */
static const char *column(struct run *r, const char *name)
{
	static char text[4096];
	char head[32];
	const char *at;

	snprintf(head, sizeof(head), "\"%s\": [", name);
	at = strstr(r->out.data, head);
	snprintf(text, sizeof(text), "%s", at ? at + strlen(head) : "?");
	text[strcspn(text, "]")] = '\0';
	return text;
}

TEST(report_html, less_than_never_ends_a_script)
{
	char text[] = "{\"a\": \"</script><!-- 1 < 2\"}";
	struct textbuf json = { .data = text, .len = sizeof(text) - 1 };
	struct textbuf out;

	textbuf_init(&out);
	html_script_text(&out, &json);
	EXPECT_STREQ("{\"a\": \"\\u003c/script>\\u003c!-- 1 \\u003c 2\"}",
		     out.data);
	json.failed = true;
	html_script_text(&out, &json);
	EXPECT_TRUE(out.failed);
	textbuf_free(&out);
}

TEST(report_html, columns_of_events)
{
	struct run r;

	run_init(&r);
	/* Seven of the feed's: 1 us each. */
	feed_dma(&r.b.f, 0, EV_DMA_READ, 0x1000, 8, UINT64_MAX);
	feed_dma(&r.b.f, 0, EV_DMA_READ, 0x2000, 8, 0x1fffffffffffff);
	feed_dma(&r.b.f, 0, EV_DMA_READ, 0x3000, 8, 0x20000000000000);
	feed_dma(&r.b.f, 0, EV_DMA_READ, 0x3000, 16, 5);
	feed_dma(&r.b.f, 1, EV_DMA_READ, 0x3000, 16, 5);
	run_end(&r);
	html_events(&r.report, r.trace, &r.out);
	ASSERT_FALSE(r.out.failed);
	/* The first three are alike; another length or device is not. */
	EXPECT_STREQ("0,0,0,1,2", column(&r, "shape"));
	EXPECT_STREQ("4096,8192,12288,12288,12288", column(&r, "addr"));
	EXPECT_STREQ("\"ffffffffffffffff\",9007199254740991,"
		     "\"20000000000000\",5,5", column(&r, "value"));
	EXPECT_NE(NULL, strstr(column(&r, "time"), ",1000000,1000000"));
	run_done(&r);
}

TEST(report_html, a_name_of_a_value_is_part_of_the_shape)
{
	struct run r;

	run_init(&r);
	feed_model(&r.b.f, 0, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_SUPPRESSED, NULL);
	feed_model(&r.b.f, 0, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_NO_VECTOR, NULL);
	feed_model(&r.b.f, 0, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_SUPPRESSED, NULL);
	run_end(&r);
	html_events(&r.report, r.trace, &r.out);
	EXPECT_STREQ("0,1,0", column(&r, "shape"));
	EXPECT_EQ(1u, times(r.out.data, "\"suppressed\""));
	EXPECT_EQ(1u, times(r.out.data, "\"no-vector\""));
	run_done(&r);
}

TEST(report_html, registers_are_named_where_they_begin)
{
	static const struct reg regs[] = {
		{ .name = "queue_desc", .offset = 32, .width = 8,
		  .section = "virtio 1.2 4.1.4.3", .about = "Descriptors." },
	};
	static const struct reg_block common = { "common", regs, 1, 56 };
	static const struct device_registers registers[] = {
		{ 4, 0x100, &common }, { 0, 0, NULL },
	};
	static const struct device_model model = { .name = "m",
						   .registers = registers };
	struct run r;

	run_init(&r);
	r.b.f.devices[0].model = &model;
	feed_event(&r.b.f, (struct event){ .kind = EV_MMIO_WRITE, .index = 4,
		.addr = 0x120, .len = 4 });
	feed_event(&r.b.f, (struct event){ .kind = EV_MMIO_WRITE, .index = 4,
		.addr = 0x124, .len = 4 });
	run_end(&r);
	html_events(&r.report, r.trace, &r.out);
	EXPECT_EQ(1u, times(r.out.data, "[\"queue_desc\", 288, 8, "
			    "\"virtio 1.2 4.1.4.3\", \"Descriptors.\"]"));
	EXPECT_STREQ("0,0", column(&r, "shape"));
	run_done(&r);
}

TEST(report_html, thousands_of_shapes)
{
	struct run r;
	char text[16];
	unsigned int i, k;

	run_init(&r);
	for (k = 0; k < 2; k++) {
		for (i = 0; i < 3000; i++) {
			snprintf(text, sizeof(text), "line %u", i);
			feed_log(&r.b.f, 6, text);
		}
	}
	run_end(&r);
	html_events(&r.report, r.trace, &r.out);
	EXPECT_FALSE(r.out.failed);
	EXPECT_EQ(1u, times(r.out.data, "\"line 0\""));
	EXPECT_EQ(1u, times(r.out.data, "\"line 2999\""));
	EXPECT_NE(NULL, strstr(r.out.data, ",2998,2999,0,1,"));
	run_done(&r);
}

/* A page without all events would show states that never were. */
TEST(report_html, all_events_or_no_page)
{
	struct run r;

	run_init(&r);
	feed_log(&r.b.f, 6, "seen");
	run_end(&r);
	trace_destroy(r.trace);
	r.trace = trace_create(&r.b.f.world, r.b.f.bus);
	report_html(&r.report, r.trace, &r.out);
	EXPECT_TRUE(r.out.failed);
	run_done(&r);
}

TEST(report_html, clauses_that_findings_name_are_explained_once)
{
	struct findings f;
	struct run r;

	run_init(&r);
	run_end(&r);
	findings_init(&f);
	findings_add(&f, "driver-rule", "first")->clause = "STAT-D2";
	findings_add(&f, "driver-rule", "again")->clause = "STAT-D2";
	findings_add(&f, "leak", "no clause");
	findings_add(&f, "device-rule", "none such")->clause = "NONE-X1";
	r.report.findings = &f;
	html_data(&r.report, &r.out);
	EXPECT_EQ(1u, times(r.out.data, "\"clauses\": {\"STAT-D2\": {"));
	EXPECT_EQ(1u, times(r.out.data, "\"party\": \"driver\", "
			    "\"strength\": \"MUST\""));
	EXPECT_EQ(2u, times(r.out.data, "\"clause\": \"STAT-D2\""));
	EXPECT_EQ(0u, times(r.out.data, "\"NONE-X1\": {"));
	findings_free(&f);
	run_done(&r);
}

TEST(report_html, a_whole_page)
{
	struct textbuf again;
	struct run r;

	run_init(&r);
	bench_probe(&r.b, 0);
	feed_log(&r.b.f, 3, "</script><script>alert(1)</script>");
	r.b.s.about = "</title><img src=x>";
	run_end(&r);
	report_html(&r.report, r.trace, &r.out);
	ASSERT_FALSE(r.out.failed);
	EXPECT_EQ(0, strncmp(r.out.data, "<!DOCTYPE html>\n", 16));
	EXPECT_EQ(0u, times(r.out.data, "@\n"));
	EXPECT_EQ(3u, times(r.out.data, "</script>"));
	EXPECT_EQ(3u, times(r.out.data, "<script"));
	EXPECT_EQ(0u, times(r.out.data, "<img"));
	EXPECT_EQ(0u, times(r.out.data, "://"));
	EXPECT_NE(NULL, strstr(r.out.data, "\"again\": \"ringside run "));
	EXPECT_NE(NULL, strstr(r.out.data, "\"ladder\": [\"msix-per-queue\", "));
	EXPECT_NE(NULL, strstr(r.out.data, "\nFAIL dir/a "));
	EXPECT_NE(NULL, strstr(r.out.data, "guest: &lt;/script&gt;&lt;script"));
	textbuf_init(&again);
	report_html(&r.report, r.trace, &again);
	EXPECT_STREQ(r.out.data, again.data);
	textbuf_free(&again);
	run_done(&r);
}
