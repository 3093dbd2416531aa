/* SPDX-License-Identifier: MIT */
/*
 * Trace lines, files and what they must not depend on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "models/pci/registers.h"
#include "sim/trace/trace.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/observe/feed.h"

static const struct reg regs[] = {
	{ .name = "device_status", .offset = 20, .width = 1 },
	{ .name = "queue_select", .offset = 22, .width = 2 },
};
static const struct reg header[] = {
	{ .name = "Command", .offset = 4, .width = 2 },
};
static const struct reg_block common = { "common", regs, 2, 56 };
static const struct reg_block config = { "config", header, 1, 64 };
static const struct device_registers registers[] = {
	{ 4, 0, &common }, { 0xff, 0, &config }, { 0, 0, NULL },
};
static const struct device_model blk = { .name = "virtio-blk",
					 .registers = registers };

static bool append(void *arg, const void *bytes, size_t len)
{
	textbuf_bytes(arg, bytes, len);
	return true;
}

static bool refuse(void *arg, const void *bytes, size_t len)
{
	(void)arg;
	(void)bytes;
	(void)len;
	return false;
}

/* One event of each sort, the same for every test. */
static void everything(struct feed *f)
{
	f->devices[0].model = &blk;
	feed_event(f, (struct event){ .kind = EV_CONFIG_READ, .device = 0,
		.addr = 4, .value = 0x406, .len = 2 });
	feed_event(f, (struct event){ .kind = EV_MMIO_WRITE, .device = 0,
		.index = 4, .addr = 0x16, .value = 1, .len = 2 });
	feed_event(f, (struct event){ .kind = EV_MMIO_WRITE, .device = 0,
		.index = 1, .addr = 0x16, .value = 1, .len = 2 });
	feed_dma(f, 0, EV_DMA_READ, 0x12345678, 16, 0xdeadbeef);
	feed_msi(f, 0, 1, 33);
	feed_intx(f, 1, 1);
	feed_irq(f, EV_IRQ_ENTER, MACHINE_IRQ_MSI, 0, 33);
	feed_irq(f, EV_IRQ_ENTER, MACHINE_IRQ_LINE, 1, 2);
	feed_log(f, 3, "a \"quoted\" line\nand more");
	feed_note(f, 0, MACHINE_NOTE_SERVICE, "vector allocation", -28);
	feed_note(f, 0, MACHINE_NOTE_SERVICE, "vector allocation", 2);
	feed_model(f, 0, MODEL_EV_STATUS, 0xffff, 0xf, NULL);
	feed_model(f, 0, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_SUPPRESSED, NULL);
	feed_account(f, 0, MACHINE_RES_MEMORY, 0x1000, -64);
	feed_fault(f, 0, "guest.irq.request", 16, 3);
	feed_event(f, (struct event){ .kind = EV_STEP_END,
		.device = EVENT_NO_DEVICE, .cpu = EVENT_NO_CPU, .index = 2,
		.value = (uint64_t)-5, .text = event_intern(f->bus,
							    "blk.read") });
}

static const char expected_txt[] =
"      1000.000 disk0    config-read   cpu=0 offset=0x4 value=0x406 width=2 Command\n"
"      2000.000 disk0    mmio-write    cpu=0 bar=4 offset=0x16 value=0x1 width=2 queue_select\n"
"      3000.000 disk0    mmio-write    cpu=0 bar=1 offset=0x16 value=0x1 width=2\n"
"      4000.000 disk0    dma-read      - addr=0x12345678 data=0xdeadbeef len=16\n"
"      5000.000 disk0    msi           - vector=1 addr=0xfee00000 data=0x21\n"
"      6000.000 disk1    intx          - line=2 asserted=1\n"
"      7000.000 -        irq-enter     cpu=0 source=msi number=33\n"
"      8000.000 -        irq-enter     cpu=1 source=line number=2\n"
"      9000.000 -        log           cpu=0 level=3 \"a \\\"quoted\\\" line\\nand more\"\n"
"     10000.000 disk0    service       cpu=0 result=-28 ENOSPC \"vector allocation\"\n"
"     11000.000 disk0    service       cpu=0 result=2 \"vector allocation\"\n"
"     12000.000 disk0    status        - value=0xf\n"
"     13000.000 disk0    notify        - index=0 value=0x3 suppressed\n"
"     14000.000 disk0    account       cpu=0 resource=memory id=0x1000 amount=-64\n"
"     15000.000 disk0    fault         cpu=0 call=3 error=16 EBUSY \"guest.irq.request\"\n"
"     16000.000 -        step-end      - step=2 result=-5 EIO \"blk.read\"\n";

static const char expected_jsonl[] =
"{\"ps\":1000000,\"device\":\"disk0\",\"kind\":\"config-read\",\"cpu\":0,\"offset\":4,\"value\":1030,\"width\":2,\"register\":\"Command\"}\n"
"{\"ps\":2000000,\"device\":\"disk0\",\"kind\":\"mmio-write\",\"cpu\":0,\"bar\":4,\"offset\":22,\"value\":1,\"width\":2,\"register\":\"queue_select\"}\n"
"{\"ps\":3000000,\"device\":\"disk0\",\"kind\":\"mmio-write\",\"cpu\":0,\"bar\":1,\"offset\":22,\"value\":1,\"width\":2}\n"
"{\"ps\":4000000,\"device\":\"disk0\",\"kind\":\"dma-read\",\"addr\":305419896,\"data\":3735928559,\"len\":16}\n"
"{\"ps\":5000000,\"device\":\"disk0\",\"kind\":\"msi\",\"vector\":1,\"addr\":4276092928,\"data\":33}\n"
"{\"ps\":6000000,\"device\":\"disk1\",\"kind\":\"intx\",\"line\":2,\"asserted\":1}\n"
"{\"ps\":7000000,\"kind\":\"irq-enter\",\"cpu\":0,\"source\":\"msi\",\"number\":33}\n"
"{\"ps\":8000000,\"kind\":\"irq-enter\",\"cpu\":1,\"source\":\"line\",\"number\":2}\n"
"{\"ps\":9000000,\"kind\":\"log\",\"cpu\":0,\"level\":3,\"text\":\"a \\\"quoted\\\" line\\nand more\"}\n"
"{\"ps\":10000000,\"device\":\"disk0\",\"kind\":\"note\",\"what\":\"service\",\"cpu\":0,\"result\":-28,\"name\":\"ENOSPC\",\"text\":\"vector allocation\"}\n"
"{\"ps\":11000000,\"device\":\"disk0\",\"kind\":\"note\",\"what\":\"service\",\"cpu\":0,\"result\":2,\"text\":\"vector allocation\"}\n"
"{\"ps\":12000000,\"device\":\"disk0\",\"kind\":\"model\",\"what\":\"status\",\"value\":15}\n"
"{\"ps\":13000000,\"device\":\"disk0\",\"kind\":\"model\",\"what\":\"notify\",\"index\":0,\"value\":3,\"name\":\"suppressed\"}\n"
"{\"ps\":14000000,\"device\":\"disk0\",\"kind\":\"account\",\"cpu\":0,\"resource\":\"memory\",\"id\":4096,\"amount\":-64}\n"
"{\"ps\":15000000,\"device\":\"disk0\",\"kind\":\"fault\",\"cpu\":0,\"call\":3,\"error\":16,\"name\":\"EBUSY\",\"point\":\"guest.irq.request\"}\n"
"{\"ps\":16000000,\"kind\":\"step-end\",\"step\":2,\"result\":-5,\"name\":\"EIO\",\"action\":\"blk.read\"}\n";

static void written(enum trace_format format, bool gzip, struct textbuf *out)
{
	struct feed f;
	struct trace *t;

	feed_init(&f);
	t = trace_create(&f.world, f.bus);
	everything(&f);
	textbuf_init(out);
	EXPECT_TRUE(trace_write(t, format, gzip, append, out));
	EXPECT_EQ(16, trace_count(t));
	trace_destroy(t);
	feed_done(&f);
}

/* The first line in which the two differ says more than the whole. */
static void expect_lines(const char *expected, const char *actual)
{
	size_t n;

	while (*expected && *actual) {
		n = strcspn(expected, "\n") + 1;
		if (strncmp(expected, actual, n)) {
			EXPECT_STREQ(expected, actual);
			return;
		}
		expected += n;
		actual += n;
	}
	EXPECT_STREQ(expected, actual);
}

TEST(trace, text)
{
	struct textbuf out;

	written(TRACE_TXT, false, &out);
	expect_lines(expected_txt, out.data);
	textbuf_free(&out);
}

TEST(trace, jsonl)
{
	struct textbuf out;

	written(TRACE_JSONL, false, &out);
	expect_lines(expected_jsonl, out.data);
	textbuf_free(&out);
}

TEST(trace, gzip_holds_the_same_and_no_time_of_day)
{
	struct textbuf out, again;
	char text[8192];
	z_stream z = { 0 };

	written(TRACE_TXT, true, &out);
	written(TRACE_TXT, true, &again);
	ASSERT_EQ(out.len, again.len);
	EXPECT_MEMEQ(out.data, again.data, out.len);
	/* RFC 1952: MTIME is bytes 4 to 7. */
	EXPECT_MEMEQ("\x1f\x8b\x08\x00\x00\x00\x00\x00", out.data, 8);
	inflateInit2(&z, 15 + 16);
	z.next_in = (Bytef *)out.data;
	z.avail_in = (uInt)out.len;
	z.next_out = (Bytef *)text;
	z.avail_out = sizeof(text) - 1;
	EXPECT_EQ(Z_STREAM_END, inflate(&z, Z_FINISH));
	text[z.total_out] = '\0';
	inflateEnd(&z);
	expect_lines(expected_txt, text);
	textbuf_free(&out);
	textbuf_free(&again);
}

/* Nobody but the trace looks, or everybody does: the lines are the same; and
 * another device's events change none of this one's. */
TEST(trace, lines_do_not_depend_on_neighbours)
{
	struct textbuf alone, beside;
	struct feed f;
	struct trace *t;

	feed_init(&f);
	t = trace_create(&f.world, f.bus);
	feed_dma(&f, 0, EV_DMA_READ, 0x1000, 16, 1);
	textbuf_init(&alone);
	trace_line(t, trace_event(t, 0), TRACE_TXT, &alone);
	trace_destroy(t);
	feed_done(&f);

	feed_init(&f);
	event_intern(f.bus, "a text of somebody else");
	t = trace_create(&f.world, f.bus);
	f.now = 0;
	feed_note(&f, 1, MACHINE_NOTE_PROBE_BEGIN, "other", 0);
	feed_dma(&f, 0, EV_DMA_READ, 0x1000, 16, 1);
	textbuf_init(&beside);
	trace_line(t, trace_event(t, 1), TRACE_TXT, &beside);
	EXPECT_STREQ(alone.data, beside.data);
	trace_destroy(t);
	feed_done(&f);
	textbuf_free(&alone);
	textbuf_free(&beside);
}

TEST(trace, line_number_is_event_number)
{
	struct feed f;
	struct trace *t;
	size_t i;

	feed_init(&f);
	t = trace_create(&f.world, f.bus);
	for (i = 0; i < 10000; i++)
		feed_dma(&f, 0, EV_DMA_READ, i, 1, 0);
	for (i = 0; i < 10000; i++) {
		ASSERT_EQ(i + 1, trace_event(t, i)->seq);
		ASSERT_EQ(i, trace_event(t, i)->addr);
	}
	trace_destroy(t);
	feed_done(&f);
}

TEST(trace, a_sink_that_refuses_ends_it)
{
	struct feed f;
	struct trace *t;

	feed_init(&f);
	t = trace_create(&f.world, f.bus);
	everything(&f);
	EXPECT_FALSE(trace_write(t, TRACE_TXT, false, refuse, NULL));
	EXPECT_FALSE(trace_write(t, TRACE_JSONL, true, refuse, NULL));
	trace_destroy(t);
	feed_done(&f);
}

TEST(trace, an_empty_trace)
{
	struct textbuf out;
	struct feed f;
	struct trace *t;

	feed_init(&f);
	t = trace_create(&f.world, f.bus);
	textbuf_init(&out);
	EXPECT_TRUE(trace_write(t, TRACE_TXT, false, append, &out));
	EXPECT_EQ(0, out.len);
	EXPECT_TRUE(trace_write(t, TRACE_TXT, true, append, &out));
	EXPECT_EQ(20, out.len); /* gzip of nothing */
	textbuf_free(&out);
	trace_destroy(t);
	feed_done(&f);
}

TEST(trace, file_names_choose_the_format)
{
	static const struct {
		const char *name;
		bool ok;
		enum trace_format format;
		bool gzip;
	} rows[] = {
		{ "a.txt", true, TRACE_TXT, false },
		{ "a.jsonl", true, TRACE_JSONL, false },
		{ "dir.txt/a.jsonl.gz", true, TRACE_JSONL, true },
		{ "a.txt.gz", true, TRACE_TXT, true },
		{ "a", false, TRACE_TXT, false },
		{ "a.gz", false, TRACE_TXT, false },
		{ ".gz", false, TRACE_TXT, false },
		{ "", false, TRACE_TXT, false },
		{ "a.json", false, TRACE_TXT, false },
		{ "a.txt.gz.gz", false, TRACE_TXT, false },
	};
	enum trace_format format;
	bool gzip;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		TEST_ROW("%s", rows[i].name);
		EXPECT_EQ(rows[i].ok, trace_format_of(rows[i].name, &format,
						      &gzip));
		if (!rows[i].ok)
			continue;
		EXPECT_EQ(rows[i].format, format);
		EXPECT_EQ(rows[i].gzip, gzip);
	}
}

TEST(trace, an_access_between_registers_has_no_name)
{
	static const uint64_t offsets[] = { 0, 19, 21, 24, 1000 };
	struct textbuf out;
	struct feed f;
	struct trace *t;
	size_t i;

	feed_init(&f);
	f.devices[0].model = &blk;
	t = trace_create(&f.world, f.bus);
	for (i = 0; i < 5; i++) {
		feed_event(&f, (struct event){ .kind = EV_MMIO_READ,
			.index = 4, .addr = offsets[i], .len = 1 });
		textbuf_init(&out);
		trace_line(t, trace_event(t, i), TRACE_JSONL, &out);
		EXPECT_EQ(NULL, strstr(out.data, "register"));
		textbuf_free(&out);
	}
	trace_destroy(t);
	feed_done(&f);
}

static void expect_number(uint64_t number)
{
	char expected[64];
	struct textbuf out;
	struct feed f;
	struct trace *t;

	snprintf(expected, sizeof(expected), "\"addr\":%llu,",
		 (unsigned long long)number);
	feed_init(&f);
	t = trace_create(&f.world, f.bus);
	feed_dma(&f, 0, EV_DMA_READ, number, 16, 0);
	textbuf_init(&out);
	trace_line(t, trace_event(t, 0), TRACE_JSONL, &out);
	EXPECT_SUBSTR(out.data, expected);
	textbuf_free(&out);
	trace_destroy(t);
	feed_done(&f);
}

TEST(trace, numbers_have_all_their_digits)
{
	uint64_t power;
	unsigned int i;

	for (i = 0, power = 1; i < 20; i++, power *= 10) {
		expect_number(power - 1);
		expect_number(power);
		expect_number(power + 1);
	}
	for (i = 0; i < 64; i++) {
		expect_number(UINT64_MAX >> i);
		expect_number((UINT64_MAX >> i) / 2 + 1);
	}
}

/* Names that a user chose may be longer than any line's usual room. */
TEST(trace, long_names_fit)
{
	static char id[3000], name[3000];
	struct reg long_reg = { .name = name, .width = 4 };
	struct reg_block block = { "b", &long_reg, 1, 4 };
	struct device_registers long_registers[] = { { 4, 0, &block },
						     { 0, 0, NULL } };
	struct device_model model = { .registers = long_registers };
	struct textbuf out;
	struct feed f;
	struct trace *t;

	memset(id, 'i', sizeof(id) - 1);
	memset(name, 'n', sizeof(name) - 1);
	feed_init(&f);
	f.devices[0].id = id;
	f.devices[0].model = &model;
	t = trace_create(&f.world, f.bus);
	feed_event(&f, (struct event){ .kind = EV_MMIO_READ, .index = 4 });
	textbuf_init(&out);
	trace_line(t, trace_event(t, 0), TRACE_TXT, &out);
	EXPECT_SUBSTR(out.data, id);
	EXPECT_SUBSTR(out.data, name);
	textbuf_free(&out);
	trace_line(t, trace_event(t, 0), TRACE_JSONL, &out);
	EXPECT_SUBSTR(out.data, id);
	EXPECT_SUBSTR(out.data, name);
	textbuf_free(&out);
	trace_destroy(t);
	feed_done(&f);
}

/* Every kind has a line: no kind was forgotten in the table of fields. */
TEST(trace, every_kind_prints_more_than_its_name)
{
	struct textbuf out;
	struct feed f;
	struct trace *t;
	unsigned int k;

	feed_init(&f);
	t = trace_create(&f.world, f.bus);
	for (k = 0; k < EV_COUNT; k++)
		feed_event(&f, (struct event){ .kind = (uint8_t)k,
			.device = 0, .index = 1, .addr = 2, .value = 3,
			.len = 4, .text = event_intern(f.bus, "text") });
	for (k = 0; k < EV_COUNT; k++) {
		textbuf_init(&out);
		trace_line(t, trace_event(t, k), TRACE_JSONL, &out);
		TEST_ROW("%s", out.data);
		EXPECT_GT(out.len, 60);
		textbuf_free(&out);
	}
	trace_destroy(t);
	feed_done(&f);
}
