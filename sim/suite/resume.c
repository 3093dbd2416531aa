/* SPDX-License-Identifier: MIT */
/*
 * Takes over results that are as good as new.
 */
#include "sim/suite/resume.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/catalogue.h"

static bool is_crc(const char *text, uint32_t crc)
{
	char now[16];

	snprintf(now, sizeof(now), "0x%08" PRIx32, crc);
	return !strcmp(text, now);
}

static bool same_known(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool good(const struct results *r, const struct result *i,
		 const struct reread_item *e, const struct scenario_file *f,
		 struct catalogue *c)
{
	const struct loaded_guest *guest;
	const char *error;

	if (e->record.status != RECORD_PASSED &&
	    e->record.status != RECORD_KNOWN &&
	    e->record.status != RECORD_FAILED)
		return false;
	if (strcmp(e->version, RINGSIDE_VERSION) ||
	    !is_crc(e->program, r->program) ||
	    !is_crc(e->scenario_crc, scenario_file_crc(f)) ||
	    e->label.has_seed != i->label.has_seed ||
	    e->label.seed != i->label.seed ||
	    !same_known(e->label.known, i->label.known))
		return false;
	guest = catalogue_guest(c, i->label.runs_on, scenario_file_dir(f),
				&error);
	return guest && is_crc(e->guest_crc, guest->crc);
}

size_t resume(struct results *r, const struct selection *s,
	      struct reread *earlier)
{
	struct catalogue *c = catalogue_create();
	size_t i, n = 0;

	if (!c)
		abort();
	for (i = 0; i < r->count; i++) {
		const struct reread_item *e;
		struct record record;
		struct textbuf bytes;

		if (!r->items[i].label.cell)
			continue;
		e = reread_find(earlier, &r->items[i].label);
		if (!e || !good(r, &r->items[i], e,
				s->files[s->cells[r->items[i].cell].file].file,
				c))
			continue;
		textbuf_init(&bytes);
		record_pack(&e->record, &bytes);
		if (record_unpack(&record, bytes.data, bytes.len)) {
			results_put(r, i, &record);
			n++;
		}
		textbuf_free(&bytes);
	}
	catalogue_destroy(c);
	return n;
}
