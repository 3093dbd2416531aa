/* SPDX-License-Identifier: MIT */
/*
 * Workflow commands of GitHub Actions: "::error file=F,line=L,col=C,title=T::TEXT"
 * on a line, which the web interface shows beside line L of F.
 */
#include <string.h>

#include "sim/suite/results.h"

/* What would end the command or, in a property, the property. */
static void put_escaped(struct textbuf *out, const char *text, bool property)
{
	for (; *text; text++) {
		if (*text == '%' || *text == '\r' || *text == '\n' ||
		    (property && (*text == ':' || *text == ',')))
			textbuf_printf(out, "%%%02X", (unsigned int)*text);
		else
			textbuf_char(out, *text);
	}
}

static void put_error(struct textbuf *out, const struct result *i)
{
	const struct record *r = &i->record;
	bool place = r->file && *r->file;
	struct textbuf name;

	textbuf_init(&name);
	result_name(&i->label, &name);
	textbuf_text(out, "::error file=");
	put_escaped(out, place ? r->file : i->label.path, true);
	if (place)
		textbuf_printf(out, ",line=%d,col=%d", r->line, r->column);
	textbuf_text(out, ",title=");
	put_escaped(out, name.failed ? "" : name.data, true);
	textbuf_text(out, "::");
	put_escaped(out, *r->reason ? r->reason : record_status_name(r->status),
		    false);
	/* All of it, a click away. */
	textbuf_text(out, "%0A");
	put_escaped(out, r->text, false);
	textbuf_char(out, '\n');
	textbuf_free(&name);
}

void results_github(const struct results *r, struct textbuf *out)
{
	struct kinds k;
	size_t i;

	kinds_find(&k, r);
	for (i = 0; i < k.count; i++)
		put_error(out, &r->items[k.items[i].smallest]);
	for (i = 0; i < r->count; i++)
		if (result_alarms(&r->items[i]) &&
		    k.items[k.of_item[i]].smallest != i)
			put_error(out, &r->items[i]);
	kinds_free(&k);
}
