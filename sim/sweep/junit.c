/* SPDX-License-Identifier: MIT */
/*
 * A sweep as JUnit's XML: a testsuite a cell, a testcase a run, named by its fault.
 * A cell that was not swept has one testcase, which says why.
 */
#include <inttypes.h>

#include "sim/report/xml.h"
#include "sim/sweep/results.h"

static void put_attribute(struct textbuf *out, const char *name,
			  const char *value)
{
	textbuf_printf(out, " %s=\"", name);
	xml_escaped(out, value ? value : "", true);
	textbuf_char(out, '"');
}

static void put_seconds(struct textbuf *out, uint64_t ps)
{
	const uint64_t second = UINT64_C(1000000000000);

	textbuf_printf(out, " time=\"%" PRIu64 ".%012" PRIu64 "\"", ps / second,
		       ps % second);
}

static void put_element(struct textbuf *out, const char *element,
			const char *message, const char *type, const char *text)
{
	textbuf_printf(out, ">\n      <%s", element);
	put_attribute(out, "message", message);
	if (type)
		put_attribute(out, "type", type);
	if (text) {
		textbuf_char(out, '>');
		xml_escaped(out, text, false);
		textbuf_printf(out, "</%s>\n", element);
	} else {
		textbuf_text(out, "/>\n");
	}
	textbuf_text(out, "    </testcase>\n");
}

static void put_failure(struct textbuf *out, const struct sweep_results *r,
			size_t cell, const struct swept *o)
{
	struct textbuf text;
	size_t i;

	textbuf_init(&text);
	for (i = 0; i < o->nfindings; i++)
		textbuf_text(&text, o->findings[i].text);
	textbuf_text(&text, "again: ");
	sweep_put_again(&text, r, cell, o);
	put_element(out, o->simulator ? "error" : "failure",
		    o->findings[0].code, o->findings[0].code, text.data);
	textbuf_free(&text);
}

static void put_run(struct textbuf *out, const struct sweep_results *r,
		    size_t cell, const char *class, const struct swept *o)
{
	struct textbuf name;

	textbuf_init(&name);
	sweep_put_faults(&name, o);
	textbuf_text(out, "    <testcase");
	put_attribute(out, "classname", class);
	put_attribute(out, "name", name.data);
	put_seconds(out, o->time_ps);
	if (o->nfindings)
		put_failure(out, r, cell, o);
	else
		textbuf_text(out, "/>\n");
	textbuf_free(&name);
}

/* How a good run's status reads in this file. */
static const struct {
	const char *element; /* NULL: it was swept */
	bool text;
} not_swept[RECORD_STATUSES] = {
	[RECORD_NOT_RUN] = { "skipped", false },
	[RECORD_KNOWN] = { "skipped", false },
	[RECORD_SKIPPED] = { "skipped", false },
	[RECORD_FAILED] = { "failure", true },
	[RECORD_INVALID] = { "error", true },
	[RECORD_FAULT] = { "error", true },
};

static void put_not_swept(struct textbuf *out, const struct cell_result *c,
			  const char *class)
{
	const char *element = not_swept[c->good.status].element;
	bool text = not_swept[c->good.status].text;

	if (!element)
		return;
	textbuf_text(out, "    <testcase");
	put_attribute(out, "classname", class);
	put_attribute(out, "name", "without a fault");
	put_seconds(out, c->good.time_ps);
	put_element(out, element, c->good.reason,
		    text ? record_status_name(c->good.status) : NULL,
		    text ? c->good.text : NULL);
}

struct sums {
	size_t tests, failures, errors, skipped;
};

static struct sums sums_of(const struct cell_result *c)
{
	struct sums n = { .tests = c->count + !c->swept };
	size_t i;

	for (i = 0; i < c->count; i++) {
		n.errors += c->outcomes[i].simulator;
		n.failures += c->outcomes[i].nfindings &&
			      !c->outcomes[i].simulator;
	}
	n.failures += c->good.status == RECORD_FAILED;
	n.errors += c->good.status == RECORD_INVALID ||
		    c->good.status == RECORD_FAULT;
	n.skipped = n.tests && !c->count ? c->good.status == RECORD_NOT_RUN ||
					   c->good.status == RECORD_KNOWN ||
					   c->good.status == RECORD_SKIPPED : 0;
	return n;
}

static void put_sums(struct textbuf *out, const struct sums *n)
{
	textbuf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
		       "skipped=\"%zu\"", n->tests, n->failures, n->errors,
		       n->skipped);
}

static void put_cell(struct textbuf *out, const struct sweep_results *r,
		     size_t cell)
{
	const struct cell_result *c = &r->cells[cell];
	const struct sums n = sums_of(c);
	struct textbuf name;
	size_t i;

	textbuf_init(&name);
	sweep_put_cell(&name, r, cell);
	textbuf_text(out, "  <testsuite");
	put_attribute(out, "name", name.data);
	put_sums(out, &n);
	textbuf_text(out, ">\n");
	put_not_swept(out, c, name.data);
	for (i = 0; i < c->count; i++)
		put_run(out, r, cell, name.data, &c->outcomes[i]);
	textbuf_text(out, "  </testsuite>\n");
	textbuf_free(&name);
}

void sweep_junit(const struct sweep_results *r, struct textbuf *out)
{
	struct sums all = { 0 };
	size_t i;

	for (i = 0; i < r->selection->ncells; i++) {
		const struct sums n = sums_of(&r->cells[i]);

		all.tests += n.tests;
		all.failures += n.failures;
		all.errors += n.errors;
		all.skipped += n.skipped;
	}
	textbuf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			  "<testsuites name=\"ringside sweep\"");
	put_sums(out, &all);
	textbuf_text(out, ">\n");
	for (i = 0; i < r->selection->ncells; i++)
		put_cell(out, r, i);
	textbuf_text(out, "</testsuites>\n");
}
