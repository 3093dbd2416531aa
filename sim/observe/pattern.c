/* SPDX-License-Identifier: MIT */
/*
 * Event patterns, and the names of the kinds of notes, model events and resources
 * that they share with traces and JSON.
 */
#include "sim/observe/pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guestdrv/abi/machine.h"
#include "models/pci/function.h"

static const char *const note_names[MACHINE_NOTE_COUNT] = {
	[MACHINE_NOTE_PROBE_BEGIN] = "probe-begin",
	[MACHINE_NOTE_PROBE_END] = "probe-end",
	[MACHINE_NOTE_REMOVE_BEGIN] = "remove-begin",
	[MACHINE_NOTE_REMOVE_END] = "remove-end",
	[MACHINE_NOTE_SERVICE] = "service",
	[MACHINE_NOTE_RUNG_BEGIN] = "rung-begin",
	[MACHINE_NOTE_RUNG_END] = "rung-end",
	[MACHINE_NOTE_IRQ_OWNER] = "irq-owner",
	[MACHINE_NOTE_IRQ_RELEASED] = "irq-released",
	[MACHINE_NOTE_REQUEST] = "request",
	[MACHINE_NOTE_STEP] = "remark",
	[MACHINE_NOTE_CONTENDED] = "contended",
};

/* No name of one table may be a name of another. */
static const char *const model_names[MODEL_EV_COUNT] = {
	[MODEL_EV_COMMAND] = "command",
	[MODEL_EV_MSIX_CONTROL] = "msix-control",
	[MODEL_EV_MSIX_PENDING] = "msix-pending",
	[MODEL_EV_MSIX_DROPPED] = "msix-dropped",
	[MODEL_EV_STATUS] = "status",
	[MODEL_EV_FEATURES] = "features",
	[MODEL_EV_CONFIG_VECTOR] = "config-vector",
	[MODEL_EV_QUEUE_VECTOR] = "queue-vector",
	[MODEL_EV_QUEUE_ENABLE] = "queue-enable",
	[MODEL_EV_KICK] = "kick",
	[MODEL_EV_USED] = "used",
	[MODEL_EV_NOTIFY] = "notify",
	[MODEL_EV_REQUEST] = "device-request",
	[MODEL_EV_GUEST_ERROR] = "guest-error",
	[MODEL_EV_NEEDS_RESET] = "needs-reset",
	[MODEL_EV_RESET] = "reset",
	[MODEL_EV_MEDIUM] = "medium-unreadable",
	[MODEL_EV_NOTE] = "model-note",
	[MODEL_EV_CONFIG] = "config-changed",
};

static const char *const resource_names[MACHINE_RES_COUNT] = {
	[MACHINE_RES_MEMORY] = "memory",
	[MACHINE_RES_IRQ_VECTOR] = "interrupt vector",
	[MACHINE_RES_IRQ_HANDLER] = "interrupt handler",
	[MACHINE_RES_DMA_MAPPING] = "DMA mapping",
	[MACHINE_RES_IO_MAPPING] = "I/O mapping",
	[MACHINE_RES_REGION] = "claimed region",
	[MACHINE_RES_ENABLE] = "enabled function",
	[MACHINE_RES_DMA_TO_DEVICE] = "DMA mapping to the device",
	[MACHINE_RES_DMA_FROM_DEVICE] = "DMA mapping from the device",
};

static const char *const field_names[PATTERN_FIELDS] = {
	"addr", "value", "index", "len", "cpu"
};

const char *note_kind_name(uint32_t kind)
{
	return kind < MACHINE_NOTE_COUNT ? note_names[kind] : "note";
}

const char *model_event_name(uint32_t kind)
{
	return kind < MODEL_EV_COUNT ? model_names[kind] : "model";
}

const char *resource_name(uint32_t kind)
{
	return kind < MACHINE_RES_COUNT ? resource_names[kind] : "resource";
}

const char *pattern_name(size_t i)
{
	if (i < EV_COUNT)
		return event_kind_name((enum event_kind)i);
	i -= EV_COUNT;
	if (i < MACHINE_NOTE_COUNT)
		return note_names[i];
	i -= MACHINE_NOTE_COUNT;
	return i < MODEL_EV_COUNT ? model_names[i] : NULL;
}

static uint32_t find_name(const char *const *names, size_t count,
			  const char *word)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(names[i], word))
			return (uint32_t)i;
	return EVENT_NO_INDEX;
}

static bool parse_kind(struct pattern *p, const char *word)
{
	uint32_t n;

	p->subkind = EVENT_NO_INDEX;
	for (n = 0; n < EV_COUNT; n++) {
		if (!strcmp(event_kind_name((enum event_kind)n), word)) {
			p->kind = (uint8_t)n;
			return true;
		}
	}
	p->kind = EV_NOTE;
	p->subkind = find_name(note_names, MACHINE_NOTE_COUNT, word);
	if (p->subkind != EVENT_NO_INDEX)
		return true;
	p->kind = EV_MODEL;
	p->subkind = find_name(model_names, MODEL_EV_COUNT, word);
	if (p->subkind != EVENT_NO_INDEX)
		return true;
	/* A fault point's name has a dot; whether it exists is not ours. */
	p->kind = EV_FAULT;
	snprintf(p->text, sizeof(p->text), "%s", word);
	return strchr(word, '.') != NULL;
}

static bool parse_field(struct pattern *p, const char *word)
{
	const char *eq = strchr(word, '=');
	size_t i;
	char *end;

	for (i = 0; eq && i < PATTERN_FIELDS; i++) {
		size_t len = strlen(field_names[i]);

		if ((size_t)(eq - word) != len ||
		    strncmp(word, field_names[i], len))
			continue;
		p->fields[i] = strtoull(eq + 1, &end, 0);
		if (end == eq + 1 || *end)
			return false;
		p->given |= 1u << i;
		return true;
	}
	return false;
}

/* "disk0/probe-end": the device before the slash. */
static bool parse_head(struct pattern *p, char *head, const struct world *w,
		       const char **error)
{
	char *slash = strchr(head, '/');
	size_t i;

	p->device = EVENT_NO_DEVICE;
	if (slash) {
		*slash = '\0';
		for (i = 0; i < w->ndevices; i++)
			if (!strcmp(w->devices[i].id, head))
				p->device = (uint32_t)i;
		if (p->device == EVENT_NO_DEVICE) {
			*error = "no such device before the '/'";
			return false;
		}
		head = slash + 1;
	}
	if (parse_kind(p, head))
		return true;
	*error = "no event, note, model event or fault point has this name";
	return false;
}

bool pattern_parse(struct pattern *p, const char *words, const struct world *w,
		   const char **error)
{
	char word[PATTERN_TEXT];
	size_t len;

	memset(p, 0, sizeof(*p));
	words += strspn(words, " ");
	len = strcspn(words, " ");
	if (!len || len >= sizeof(word)) {
		*error = "the name of an event is wanted";
		return false;
	}
	snprintf(word, sizeof(word), "%.*s", (int)len, words);
	if (!parse_head(p, word, w, error))
		return false;
	for (words += len; *(words += strspn(words, " ")); words += len) {
		len = strcspn(words, " ");
		if (len >= sizeof(word))
			break;
		snprintf(word, sizeof(word), "%.*s", (int)len, words);
		if (!parse_field(p, word))
			break;
	}
	if (!*words)
		return true;
	if (strlen(words) >= sizeof(p->text)) {
		*error = "the text is longer than 95 bytes";
		return false;
	}
	snprintf(p->text, sizeof(p->text), "%s", words);
	return true;
}

static uint32_t subkind_of(const struct event *ev)
{
	return ev->kind == EV_NOTE ? ev->index : ev->len;
}

bool pattern_matches(const struct pattern *p, const struct event_bus *bus,
		     const struct event *ev)
{
	const uint64_t fields[PATTERN_FIELDS] = { ev->addr, ev->value,
						  ev->index, ev->len,
						  ev->cpu };
	const char *text;
	size_t i;

	if (ev->kind != p->kind ||
	    (p->device != EVENT_NO_DEVICE && ev->device != p->device) ||
	    (p->subkind != EVENT_NO_INDEX && subkind_of(ev) != p->subkind))
		return false;
	for (i = 0; i < PATTERN_FIELDS; i++)
		if (p->given >> i & 1 && p->fields[i] != fields[i])
			return false;
	if (!p->text[0])
		return true;
	text = event_text(bus, ev->text);
	return text && strstr(text, p->text);
}
