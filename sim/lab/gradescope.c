/* SPDX-License-Identifier: MIT */
/*
 * Gradescope's results.json: a total, and a test a task, which a student sees as
 * `lab check` would have told it.
 */
#include "sim/lab/tell.h"

#include "sim/report/jsonw.h"

static void put_output(struct jsonw *j, const struct attempt *a, size_t t)
{
	struct textbuf text;

	textbuf_init(&text);
	if (a->state == ATTEMPT_GRADED)
		tell_task(&text, a, t, "", false);
	else
		tell_remark(&text, a);
	jsonw_text(j, "output", text.data ? text.data : "");
	j->out->failed |= text.failed;
	textbuf_free(&text);
}

static void put_test(struct jsonw *j, const struct attempt *a, size_t i)
{
	const struct lab_task *task = &a->lab->tasks[i];
	bool passed = a->tasks && a->tasks[i].passed;

	jsonw_open(j, NULL, '{');
	jsonw_text(j, "number", task->id);
	jsonw_text(j, "name", task->title);
	jsonw_uint(j, "score", passed ? task->points : 0);
	jsonw_uint(j, "max_score", task->points);
	jsonw_text(j, "status", passed ? "passed" : "failed");
	if (!passed)
		put_output(j, a, i);
	jsonw_text(j, "visibility", "visible");
	jsonw_close(j, '}');
}

void tell_gradescope(struct textbuf *out, const struct attempt *a)
{
	struct jsonw j;
	size_t i;

	jsonw_init(&j, out);
	jsonw_open(&j, NULL, '{');
	jsonw_uint(&j, "score", a->points);
	/* What the compiler said, warnings too. */
	jsonw_text(&j, "output", a->said ? a->said : "");
	jsonw_text(&j, "visibility", "visible");
	jsonw_open(&j, "tests", '[');
	for (i = 0; i < a->lab->ntasks; i++)
		put_test(&j, a, i);
	jsonw_close(&j, ']');
	jsonw_close(&j, '}');
}
