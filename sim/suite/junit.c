/* SPDX-License-Identifier: MIT */
/*
 * JUnit's XML, as CI systems read it: a testsuite a file, a testcase a cell.  Its
 * `time` is simulated time, which is the same each time.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/report/xml.h"
#include "sim/suite/results.h"

static void put_attribute(struct textbuf *out, const char *name,
			  const char *value)
{
	textbuf_printf(out, " %s=\"", name);
	xml_escaped(out, value, true);
	textbuf_char(out, '"');
}

static void put_number(struct textbuf *out, const char *name, size_t value)
{
	textbuf_printf(out, " %s=\"%zu\"", name, value);
}

static void put_seconds(struct textbuf *out, uint64_t ps)
{
	const uint64_t second = UINT64_C(1000000000000);

	textbuf_printf(out, " time=\"%" PRIu64 ".%012" PRIu64 "\"", ps / second,
		       ps % second);
}

static void put_counts(struct textbuf *out, const struct results *r,
		       size_t file)
{
	struct results_count n = results_count(r, file);
	uint64_t time = 0;
	size_t i;

	for (i = 0; i < r->count; i++)
		if (file == RESULTS_ALL || r->items[i].file == file)
			time += r->items[i].record.time_ps;
	put_number(out, "tests", n.passed + n.failed + n.skipped +
				 n.by_status[RECORD_NOT_RUN]);
	put_number(out, "failures", n.by_status[RECORD_FAILED]);
	put_number(out, "errors", n.by_status[RECORD_INVALID] +
				  n.by_status[RECORD_FAULT]);
	put_number(out, "skipped", n.skipped + n.by_status[RECORD_NOT_RUN]);
	put_seconds(out, time);
}

/* The element that says how a testcase ended; name NULL: none, it has passed. */
static const struct {
	const char *name;
	bool type, message, text;
} elements[RECORD_STATUSES] = {
	[RECORD_NOT_RUN] = { "skipped", false, true, false },
	[RECORD_KNOWN] = { "system-out", false, false, true },
	[RECORD_SKIPPED] = { "skipped", false, true, false },
	[RECORD_FAILED] = { "failure", true, true, true },
	[RECORD_INVALID] = { "error", true, true, true },
	[RECORD_FAULT] = { "error", true, true, true },
};

static void put_outcome(struct textbuf *out, const struct record *r)
{
	const char *name = elements[r->status].name;

	if (!name) {
		textbuf_text(out, "/>\n");
		return;
	}
	textbuf_printf(out, ">\n      <%s", name);
	if (elements[r->status].message)
		put_attribute(out, "message", r->reason);
	if (elements[r->status].type)
		put_attribute(out, "type", record_status_name(r->status));
	if (elements[r->status].text) {
		textbuf_char(out, '>');
		xml_escaped(out, r->text, false);
		textbuf_printf(out, "</%s>\n", name);
	} else {
		textbuf_text(out, "/>\n");
	}
	textbuf_text(out, "    </testcase>\n");
}

/* "scenarios/ladder/top" of "scenarios/ladder/top.yaml" */
static void put_class(struct textbuf *out, const char *path)
{
	size_t len = strlen(path);
	struct textbuf name;

	if (len > 5 && !strcmp(path + len - 5, ".yaml"))
		len -= 5;
	textbuf_init(&name);
	textbuf_bytes(&name, path, len);
	put_attribute(out, "classname", name.failed ? "" : name.data);
	textbuf_free(&name);
}

/* The cell's name, or the file's where it has none; and whose place in it another
 * guest takes. */
static void put_name(struct textbuf *out, const struct result_label *l)
{
	const char *slash = strrchr(l->path, '/');
	struct textbuf name;

	textbuf_init(&name);
	if (l->cell && *l->cell)
		textbuf_text(&name, l->cell);
	else
		textbuf_text(&name, slash ? slash + 1 : l->path);
	if (l->guest)
		textbuf_printf(&name, " --guest %s", l->guest);
	put_attribute(out, "name", name.failed ? "" : name.data);
	textbuf_free(&name);
}

static void put_case(struct textbuf *out, const struct result *i)
{
	textbuf_text(out, "    <testcase");
	put_class(out, i->label.path);
	put_name(out, &i->label);
	put_attribute(out, "file", i->label.path);
	put_seconds(out, i->record.time_ps);
	put_outcome(out, &i->record);
}

void results_junit(const struct results *r, struct textbuf *out)
{
	size_t i = 0, file;

	textbuf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			  "<testsuites name=\"ringside\"");
	put_counts(out, r, RESULTS_ALL);
	textbuf_text(out, ">\n");
	while (i < r->count) {
		file = r->items[i].file;
		textbuf_text(out, "  <testsuite");
		put_attribute(out, "name", r->items[i].label.path);
		put_counts(out, r, file);
		textbuf_text(out, ">\n");
		for (; i < r->count && r->items[i].file == file; i++)
			put_case(out, &r->items[i]);
		textbuf_text(out, "  </testsuite>\n");
	}
	textbuf_text(out, "</testsuites>\n");
}
