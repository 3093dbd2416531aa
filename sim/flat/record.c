/* SPDX-License-Identifier: MIT */
/*
 * The last notes, log lines and model events, in the order in which they came,
 * for tests to look into.
 */
#include <string.h>

#include "sim/flat/internal.h"

void flat_record_add(struct flat_machine *fm, const struct flat_record *head,
		     const char *text)
{
	struct flat_state *s = fm->s;
	struct flat_record *r = &s->records[s->records_seen++ % FLAT_RECORDS];

	memcpy(r, head, offsetof(struct flat_record, text));
	r->time = s->now;
	flat_copy_text(r->text, sizeof(r->text), text);
}

size_t flat_records(const struct flat_machine *fm)
{
	return fm->s->records_seen < FLAT_RECORDS ? fm->s->records_seen :
						    FLAT_RECORDS;
}

const struct flat_record *flat_record(const struct flat_machine *fm, size_t i)
{
	size_t n = flat_records(fm);

	if (i >= n)
		return NULL;
	return &fm->s->records[(fm->s->records_seen - n + i) % FLAT_RECORDS];
}

static const struct flat_record *last(const struct flat_machine *fm,
				      enum flat_record_kind kind,
				      uint32_t event, const char *text)
{
	size_t i;

	for (i = flat_records(fm); i > 0; i--) {
		const struct flat_record *r = flat_record(fm, i - 1);

		if (r->kind == kind && r->event == event &&
		    (!text || strstr(r->text, text)))
			return r;
	}
	return NULL;
}

const struct flat_record *flat_note(const struct flat_machine *fm,
				    enum machine_note_kind kind,
				    const char *text)
{
	return last(fm, FLAT_REC_NOTE, kind, text);
}

const struct flat_record *flat_model_event(const struct flat_machine *fm,
					   enum model_event_kind kind,
					   const char *text)
{
	return last(fm, FLAT_REC_MODEL, kind, text);
}

bool flat_logged(const struct flat_machine *fm, const char *text)
{
	return last(fm, FLAT_REC_LOG, 0, text);
}

void flat_records_clear(struct flat_machine *fm)
{
	fm->s->records_seen = 0;
}
