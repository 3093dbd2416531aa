/* SPDX-License-Identifier: MIT */
/*
 * The observer bus: numbers each event and shows it to those observers that want
 * its kind, and interns the texts that events carry.  Emitting is on the path of
 * every access of a run, so each kind has its own short list of observers.
 */
#include "sim/observe/event.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "models/pci/function.h"

#define MAX_OBSERVERS 16u
#define TEXT_CHUNK (64u * 1024u)
#define FIRST_SLOTS 256u
#define KNOWN 64u

/* One more place than is used: it ends the list. */
struct listeners {
	uint32_t count;
	struct listener {
		void (*see)(struct observer *o, const struct event *ev);
		struct observer *observer;
	} list[MAX_OBSERVERS + 1];
};

/* Texts lie in chunks that never move, so that event_text() stays valid. */
struct text_chunk {
	struct text_chunk *next;
	size_t used, size;
	char bytes[];
};

struct event_bus {
	uint64_t count;
	uint64_t wanted; /* bit n: somebody wants events of kind n */
	/* By kind; what a model tells, by what that is. */
	struct listeners kinds[EV_COUNT], models[MODEL_EV_COUNT];
	/* Interned texts: texts[n - 1] is text n. */
	const char **texts;
	uint32_t *hashes;
	uint32_t ntexts, texts_capacity;
	uint32_t *slots;     /* text numbers, 0 empty; open addressing */
	uint32_t nslots;     /* a power of two, more than ntexts * 4 / 3 */
	/* By the address from which it came: mostly a literal. */
	struct {
		const char *from;
		uint32_t text;
	} known[KNOWN];
	struct text_chunk *chunks;
};

static const struct {
	const char *name, *fields;
} kind_rows[EV_COUNT] = {
#define EVENT_ROW(id, name, fields) [id] = { name, fields },
	EVENT_KINDS(EVENT_ROW)
#undef EVENT_ROW
};

_Static_assert(EV_COUNT <= 64, "struct observer's kinds is a 64-bit set");
_Static_assert(MODEL_EV_COUNT <= 64, "model kinds are given as a 64-bit set");

struct event_bus *event_bus_create(void)
{
	struct event_bus *bus = calloc(1, sizeof(*bus));

	if (!bus)
		return NULL;
	bus->slots = calloc(FIRST_SLOTS, sizeof(*bus->slots));
	if (!bus->slots) {
		free(bus);
		return NULL;
	}
	bus->nslots = FIRST_SLOTS;
	return bus;
}

void event_bus_destroy(struct event_bus *bus)
{
	struct text_chunk *c, *next;

	if (!bus)
		return;
	for (c = bus->chunks; c; c = next) {
		next = c->next;
		free(c);
	}
	free(bus->slots);
	free(bus->hashes);
	free(bus->texts);
	free(bus);
}

static void add_listener(struct listeners *l, struct listener who)
{
	assert(l->count < MAX_OBSERVERS);
	l->list[l->count++] = who;
}

void event_bus_add_model(struct event_bus *bus, struct observer *o,
			 uint64_t models,
			 void (*see)(struct observer *o, const struct event *ev))
{
	unsigned int i;

	o->bus = bus;
	for (i = 0; i < MODEL_EV_COUNT; i++)
		if (models >> i & 1)
			add_listener(&bus->models[i],
				     (struct listener){ see, o });
	bus->wanted |= 1ull << EV_MODEL;
}

void event_bus_add_kind(struct event_bus *bus, struct observer *o,
			enum event_kind kind,
			void (*see)(struct observer *o, const struct event *ev))
{
	o->bus = bus;
	add_listener(&bus->kinds[kind], (struct listener){ see, o });
	bus->wanted |= 1ull << kind;
	if (kind == EV_MODEL)
		event_bus_add_model(bus, o, UINT64_MAX, see);
}

void event_bus_drop_kind(struct event_bus *bus, struct observer *o,
			 enum event_kind kind)
{
	struct listeners *l = &bus->kinds[kind];
	uint32_t i = 0;

	assert(kind != EV_MODEL);
	while (i < l->count && l->list[i].observer != o)
		i++;
	if (i == l->count)
		return;
	/* With the one that ends the list. */
	memmove(&l->list[i], &l->list[i + 1],
		(l->count - i) * sizeof(l->list[0]));
	if (!--l->count)
		bus->wanted &= ~(1ull << kind);
}

void event_bus_add(struct event_bus *bus, struct observer *o)
{
	unsigned int kind;

	for (kind = 0; kind < EV_COUNT; kind++)
		if (o->kinds >> kind & 1)
			event_bus_add_kind(bus, o, kind, o->see);
}

bool event_wanted(const struct event_bus *bus, enum event_kind kind)
{
	return bus->wanted >> kind & 1;
}

void event_emit(struct event_bus *bus, struct event *ev)
{
	const struct listener *l;

	ev->seq = ++bus->count;
	l = bus->kinds[ev->kind].list;
	/* One comparison for most events, which are of the kinds before it. */
	if (ev->kind >= EV_MODEL) {
		assert(ev->kind < EV_COUNT);
		/* A model kind that is none is for those who want all. */
		if (ev->kind == EV_MODEL && ev->len < MODEL_EV_COUNT)
			l = bus->models[ev->len].list;
	}
	for (; l->see; l++)
		l->see(l->observer, ev);
}

/* FNV-1a, 32 bits. */
static uint32_t text_hash(const char *text, size_t len)
{
	uint32_t h = 2166136261u;
	size_t i;

	for (i = 0; i < len; i++)
		h = (h ^ (unsigned char)text[i]) * 16777619u;
	return h;
}

static const char *store_text(struct event_bus *bus, const char *text,
			      size_t len)
{
	struct text_chunk *c = bus->chunks;
	size_t size = len + 1 > TEXT_CHUNK ? len + 1 : TEXT_CHUNK;
	char *at;

	if (!c || c->size - c->used < len + 1) {
		c = malloc(sizeof(*c) + size);
		if (!c)
			return NULL;
		c->next = bus->chunks;
		c->used = 0;
		c->size = size;
		bus->chunks = c;
	}
	at = c->bytes + c->used;
	memcpy(at, text, len + 1);
	c->used += len + 1;
	return at;
}

static bool grow_slots(struct event_bus *bus)
{
	uint32_t n = bus->nslots * 2, text, i;
	uint32_t *slots = calloc(n, sizeof(*slots));

	if (!slots)
		return false;
	for (text = 1; text <= bus->ntexts; text++) {
		i = bus->hashes[text - 1] & (n - 1);
		while (slots[i])
			i = (i + 1) & (n - 1);
		slots[i] = text;
	}
	free(bus->slots);
	bus->slots = slots;
	bus->nslots = n;
	return true;
}

static bool grow_texts(struct event_bus *bus)
{
	uint32_t n = bus->texts_capacity ? bus->texts_capacity * 2 : 128;
	const char **texts;
	uint32_t *hashes;

	texts = realloc(bus->texts, n * sizeof(*texts));
	if (!texts)
		return false;
	bus->texts = texts;
	hashes = realloc(bus->hashes, n * sizeof(*hashes));
	if (!hashes)
		return false;
	bus->hashes = hashes;
	bus->texts_capacity = n;
	return true;
}

static uint32_t intern(struct event_bus *bus, const char *text)
{
	size_t len = strlen(text);
	uint32_t hash = text_hash(text, len), i, number;
	const char *copy;

	for (i = hash & (bus->nslots - 1); bus->slots[i];
	     i = (i + 1) & (bus->nslots - 1)) {
		number = bus->slots[i];
		if (bus->hashes[number - 1] == hash &&
		    !strcmp(bus->texts[number - 1], text))
			return number;
	}
	/* Without memory a text reads as none; the run itself goes on. */
	if (bus->ntexts == bus->texts_capacity && !grow_texts(bus))
		return 0;
	copy = store_text(bus, text, len);
	if (!copy)
		return 0;
	bus->texts[bus->ntexts] = copy;
	bus->hashes[bus->ntexts] = hash;
	number = ++bus->ntexts;
	bus->slots[i] = number;
	if (bus->ntexts > bus->nslots / 4 * 3 && !grow_slots(bus) &&
	    bus->ntexts == bus->nslots - 1) {
		/* One slot must stay empty, or a search would not end. */
		bus->slots[i] = 0;
		bus->ntexts--;
		return 0;
	}
	return number;
}

/* What lies at an address may have changed. */
uint32_t event_intern(struct event_bus *bus, const char *text)
{
	uint32_t slot = (uint32_t)((uintptr_t)text >> 3) & (KNOWN - 1), number;

	if (!text)
		return 0;
	number = bus->known[slot].text;
	if (bus->known[slot].from == text && number &&
	    !strcmp(bus->texts[number - 1], text))
		return number;
	number = intern(bus, text);
	bus->known[slot].from = text;
	bus->known[slot].text = number;
	return number;
}

const char *event_text(const struct event_bus *bus, uint32_t text)
{
	return text && text <= bus->ntexts ? bus->texts[text - 1] : NULL;
}

uint64_t event_count(const struct event_bus *bus)
{
	return bus->count;
}

const char *event_kind_name(enum event_kind kind)
{
	return kind < EV_COUNT ? kind_rows[kind].name : "?";
}

const char *event_kind_fields(enum event_kind kind)
{
	return kind < EV_COUNT ? kind_rows[kind].fields : "";
}
