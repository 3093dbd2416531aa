/* SPDX-License-Identifier: MIT */
/*
 * Which findings are expected; see finds.h.
 */
#include "sim/check/finds.h"

#include <string.h>

/* "CODE" or "CODE TEXT": the finding's text contains TEXT. */
static bool names(const struct scn_expect *e, const struct scn_check *check,
		  const struct finding *f)
{
	const char *words = check->match.value.s;
	size_t len = strcspn(words, " ");
	const char *text = words + len + strspn(words + len, " ");

	return (e->subject != SUBJECT_DEVICE || f->device == e->device) &&
	       strlen(f->code) == len && !strncmp(f->code, words, len) &&
	       (!*text || (f->text && strstr(f->text, text)));
}

typedef void each_fn(const struct scn_expect *e, const struct scn_check *check,
		     void *arg);

static void each_entry(const struct expect_context *c, each_fn *fn, void *arg)
{
	const struct scenario *s = c->scenario;
	size_t i, k;

	for (i = 0; i < s->nexpects; i++) {
		const struct scn_expect *e = &s->expects[i];

		if (!expect_applies(c, e))
			continue;
		for (k = 0; k < e->nchecks; k++)
			if (!strcmp(e->checks[k].key, FINDS_KEY))
				fn(e, &e->checks[k], arg);
	}
}

struct last {
	const struct finding *finding;
	bool named;
};

static void look_at_last(const struct scn_expect *e,
			 const struct scn_check *check, void *arg)
{
	struct last *l = arg;

	l->named = l->named || names(e, check, l->finding);
}

bool finds_last(const struct expect_context *c)
{
	struct last l = { .named = false };

	if (!c->findings->count)
		return false;
	l.finding = &c->findings->items[c->findings->count - 1];
	each_entry(c, look_at_last, &l);
	return l.named;
}

struct settling {
	const struct expect_context *c;
	size_t count;  /* findings before any of ours */
	bool lenient;
};

static void settle_entry(const struct scn_expect *e,
			 const struct scn_check *check, void *arg)
{
	const struct settling *s = arg;
	struct findings *all = s->c->findings;
	bool found = false;
	struct finding *f;
	size_t i;

	for (i = 0; i < s->count; i++) {
		if (!names(e, check, &all->items[i]))
			continue;
		all->items[i].expected = true;
		found = true;
	}
	if (found || s->lenient)
		return;
	f = findings_add(all, "expectation", "%s%sfinds: expected %s, and it "
			 "was not found", e->subject == SUBJECT_DEVICE ?
			 world_id(s->c->world, e->device) : "",
			 e->subject == SUBJECT_DEVICE ? " " : "",
			 check->match.value.s);
	f->pos = check->pos;
	if (e->subject == SUBJECT_DEVICE)
		f->device = e->device;
}

void finds_settle(const struct expect_context *c, bool lenient)
{
	struct settling s = { c, c->findings->count, lenient };

	each_entry(c, settle_entry, &s);
	findings_part(c->findings);
}
