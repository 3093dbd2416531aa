/* SPDX-License-Identifier: MIT */
/*
 * Shows the chapters what happens, and keeps what they say.
 */
#include "sim/check/clauses/book.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PHRASE 200u

/* ---- what is said of a clause ---- */

void rulebook_kept(struct rulebook *b, enum clause c)
{
	b->fates[c] |= 1u << CLAUSE_KEPT;
}

bool reading_disturbed(const struct reading *r)
{
	return r->book->faults;
}

uint32_t reading_faults(const struct reading *r)
{
	return r->book->faults;
}

bool reading_hangs(const struct reading *r)
{
	return r->book->hangs;
}

void clause_kept(struct reading *r, enum clause c)
{
	r->book->fates[c] |= 1u << CLAUSE_KEPT;
}

/* An event of the run like any other. */
static void emit(struct rulebook *b, enum clause c, const struct event *ev,
		 const char *text)
{
	struct event e = {
		.kind = EV_CLAUSE, .time = ev->time, .device = ev->device,
		.cpu = ev->cpu, .index = c, .addr = ev->seq,
		.value = clause_rows[c].party == CLAUSE_OF_DRIVER,
		.text = event_intern(b->bus, text),
	};

	event_emit(b->bus, &e);
}

bool rulebook_broken(struct rulebook *b, enum clause c, const struct event *ev,
		     const char *text)
{
	struct page *p = &b->pages[ev->device];

	if (p->waived[c]) {
		b->fates[c] |= 1u << CLAUSE_WAIVED;
		return false;
	}
	b->fates[c] |= 1u << CLAUSE_BROKEN;
	if (p->told[c])
		return false;
	p->told[c] = 1;
	emit(b, c, ev, text);
	return true;
}

enum clause_fate rulebook_fate(const struct rulebook *b, enum clause c)
{
	unsigned int fate;

	for (fate = CLAUSE_BROKEN; fate; fate--)
		if (b->fates[c] >> fate & 1)
			break;
	return (enum clause_fate)fate;
}

void clause_broken(struct reading *r, enum clause c, const char *fmt, ...)
{
	static const char *const codes[] = {
		[CLAUSE_OF_DRIVER] = "driver-rule",
		[CLAUSE_OF_DEVICE] = "device-rule",
	};
	const struct clause_row *row = &clause_rows[c];
	const struct event none = { .device = (uint16_t)r->v->device,
				    .cpu = EVENT_NO_CPU };
	const struct event *ev = r->ev ? r->ev : &none;
	char phrase[PHRASE], text[PHRASE + 16];
	struct finding *f;
	va_list args;

	va_start(args, fmt);
	vsnprintf(phrase, sizeof(phrase), fmt, args);
	va_end(args);
	snprintf(text, sizeof(text), "%s: %s", row->id, phrase);
	if (!rulebook_broken(r->book, c, ev, text))
		return;
	f = findings_add(r->book->findings, codes[row->party], "%s (%s)", text,
			 row->summary);
	f->clause = row->id;
	f->device = r->v->device;
	f->event = ev->seq;
	f->time = ev->time;
	if (ev->cpu != EVENT_NO_CPU)
		f->nframes = (uint32_t)world_callers(r->book->world, f->frames,
						     FINDING_FRAMES);
}

/* ---- chapters ---- */

const char *reading_text(const struct reading *r)
{
	return event_text(r->book->bus, r->ev->text);
}

static bool applies(const struct chapter *c, const struct page *p)
{
	return p->view.type && (!c->type || c->type == p->view.type);
}

/* The chapters that want it, a bit each. */
static uint32_t who_wants(const struct page *p, const struct event *ev)
{
	return ev->kind == EV_MODEL ? p->by_model[ev->len]
				    : p->by_kind[ev->kind];
}

static void __attribute__((noinline))
show_event(struct rulebook *b, struct page *p, const struct event *ev)
{
	struct turns t = turns_of(b, p, who_wants(p, ev), ev);

	while (turns_next(&t))
		t.chapter->event(&t.reading);
}

/* Most are of devices that no chapter wants them of. */
static void on_other(struct observer *o, const struct event *ev)
{
	struct rulebook *b = (struct rulebook *)o;
	struct page *p;

	if (ev->device < b->world->ndevices && b->pages[ev->device].begun &&
	    !who_wants(&b->pages[ev->device], ev))
		return;
	p = book_page(b, ev);
	if (p)
		show_event(b, p, ev);
}

static void listen_to(struct rulebook *b, uint64_t kinds, uint64_t models)
{
	unsigned int i;

	kinds &= ~b->kinds;
	models &= ~b->models;
	for (i = 0; i < EV_COUNT; i++)
		if (kinds >> i & 1)
			event_bus_add_kind(b->bus, &b->observer, i, on_other);
	if (models)
		event_bus_add_model(b->bus, &b->observer, models, on_other);
	b->kinds |= kinds;
	b->models |= models;
}

/* Puts the chapter into those of `sets` whose bit is in `wanted`. */
static void hook(uint32_t *sets, unsigned int count, uint64_t wanted,
		 unsigned int chapter)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		sets[i] |= (uint32_t)(wanted >> i & 1) << chapter;
}

static void hook_all(struct rulebook *b, struct page *p,
		     const struct chapter *c, unsigned int chapter)
{
	const uint64_t has = (uint64_t)(c->look != NULL) << HOOK_LOOK |
			     (uint64_t)(c->available != NULL) << HOOK_AVAILABLE |
			     (uint64_t)(c->used != NULL) << HOOK_USED |
			     (uint64_t)(c->wish != NULL) << HOOK_WISH |
			     (uint64_t)(c->reset != NULL) << HOOK_RESET |
			     (uint64_t)(c->end != NULL) << HOOK_END |
			     (uint64_t)(c->table != NULL) << HOOK_TABLE;

	hook(p->hooks, HOOKS, has, chapter);
	hook(p->by_part, VIEW_PARTS, c->parts, chapter);
	hook(p->by_register, REGISTERS, c->registers ? c->registers : ~0ull,
	     chapter);
	hook(p->by_kind, EV_COUNT, c->event ? c->kinds : 0, chapter);
	hook(p->by_model, MODEL_EV_COUNT, c->event ? c->models : 0, chapter);
	/* Chapters of one type of device have their turn when there is such a
	 * device: each DMA write is for nobody else. */
	if (c->event)
		listen_to(b, c->kinds, c->models);
}

void reading_ask(struct reading *r)
{
	struct rulebook *b = r->book;
	struct page *p = &b->pages[r->v->device];
	unsigned int i = 0;

	while (p->states[i] != r->state)
		i++;
	hook(p->by_model, MODEL_EV_COUNT, b->chapters[i]->later, i);
	listen_to(b, 0, b->chapters[i]->later);
}

static void open_page(struct rulebook *b, struct page *p)
{
	unsigned int i;

	memset(p->hooks, 0, sizeof(p->hooks));
	memset(p->by_part, 0, sizeof(p->by_part));
	memset(p->by_register, 0, sizeof(p->by_register));
	memset(p->by_kind, 0, sizeof(p->by_kind));
	memset(p->by_model, 0, sizeof(p->by_model));
	for (i = 0; i < b->nchapters; i++) {
		const struct chapter *c = b->chapters[i];

		if (!applies(c, p))
			continue;
		if (c->state && !p->states[i])
			p->states[i] = calloc(1, c->state);
		if (c->state && !p->states[i])
			continue; /* without memory it is not judged */
		hook_all(b, p, c, i);
		if (c->begin)
			c->begin(&(struct reading){ b, &p->view, p->states[i],
						    NULL });
	}
}

/* A read of pci_cfg_data, behind a capability of type 5, is an access of what the
 * window shows (virtio 1.2 4.1.4.9). */
static bool is_window(const uint8_t *config, uint32_t at)
{
	return at >= 0x50 && config[at - 16] == 9 && config[at - 13] == 5;
}

/* The device's configuration space before anybody has touched it. */
static void read_config(struct pci_function *fn, uint8_t config[256])
{
	uint32_t at, value;

	for (at = 0; at < 256; at += 4) {
		value = is_window(config, at)
				? 0 : (uint32_t)fn->ops->config_read(fn, at, 4);
		memcpy(config + at, &value, 4);
	}
}

void __attribute__((cold)) book_begin(struct rulebook *b, struct page *p,
				      unsigned int device)
{
	struct pci_function *fn = b->functions ? b->functions[device] : NULL;
	uint8_t config[256];

	p->begun = true;
	if (fn)
		read_config(fn, config);
	view_init(&p->view, b->world, device, fn ? config : NULL);
	open_page(b, p);
}

/* ---- accesses ---- */

static bool resets(const struct access *a)
{
	return a->write && !a->value &&
	       access_is(a, VIEW_COMMON, COMMON_DEVICE_STATUS, 1);
}

static void show_reset(struct rulebook *b, struct page *p,
		       const struct event *ev)
{
	struct turns t = turns_of(b, p, p->hooks[HOOK_RESET], ev);

	while (turns_next(&t))
		t.chapter->reset(&t.reading);
}

/* Nobody answers: the device has been pulled out, or hangs. */
static bool is_gone(const struct access *a)
{
	return !a->write &&
	       ((access_is(a, VIEW_COMMON, COMMON_DEVICE_STATUS, 1) &&
		 a->value == 0xff) ||
		(a->part == VIEW_HEADER && !a->offset && a->width == 4 &&
		 a->value == 0xffffffff));
}

static uint32_t who_sees(const struct page *p, const struct access *a)
{
	uint32_t all = p->by_part[a->part];

	if (a->part != VIEW_COMMON)
		return all;
	return all & p->by_register[a->offset < REGISTERS ? a->offset
							  : REGISTERS - 1];
}

static void see_access(struct rulebook *b, struct page *p,
		       const struct access *a)
{
	struct turns t = turns_of(b, p, who_sees(p, a), a->ev);
	uint16_t type = p->view.type;
	struct view_queue *q;

	while (turns_next(&t))
		t.chapter->access(&t.reading, a);
	if (resets(a))
		show_reset(b, p, a->ev);
	if (a->part == VIEW_NOTIFY && a->write) {
		q = view_notified(&p->view, a);
		if (!q)
			return;
		q->kicked = true;
		rings_look(b, p, q, a->ev);
		return;
	}
	view_update(&p->view, a);
	if (a->part == VIEW_COMMON && a->write)
		rings_find(p);
	if (p->view.type != type)
		open_page(b, p);
}

static void on_access(struct observer *o, const struct event *ev)
{
	struct rulebook *b = (struct rulebook *)o;
	struct page *p = book_page(b, ev);
	struct access a;

	if (!p || !view_access(&p->view, ev, &a))
		return;
	if (is_gone(&a))
		p->view.gone = true;
	else
		see_access(b, p, &a);
}

/* From a fault of the bus on, what is seen of a device is no longer what it and
 * its driver do. */
static void on_fault(struct observer *o, const struct event *ev)
{
	struct rulebook *b = (struct rulebook *)o;
	const char *point = event_text(o->bus, ev->text);
	size_t i;

	b->faults++;
	if (!point || strncmp(point, "bus.", 4))
		return;
	for (i = 0; i < b->world->ndevices; i++)
		if (ev->device == i || ev->device == EVENT_NO_DEVICE)
			b->pages[i].closed = true;
}

/* ---- the book ---- */

static void listen(struct rulebook *b)
{
	static const enum event_kind accesses[] = {
		EV_CONFIG_READ, EV_CONFIG_WRITE, EV_MMIO_READ, EV_MMIO_WRITE,
		EV_IO_READ, EV_IO_WRITE
	};
	unsigned int i;

	for (i = 0; i < sizeof(accesses) / sizeof(accesses[0]); i++)
		event_bus_add_kind(b->bus, &b->observer, accesses[i], on_access);
	event_bus_add_kind(b->bus, &b->observer, EV_DMA_READ, rings_on_read);
	event_bus_add_kind(b->bus, &b->observer, EV_DMA_WRITE, rings_on_write);
	event_bus_add_kind(b->bus, &b->observer, EV_FAULT, on_fault);
	for (i = 0; i < b->nchapters; i++)
		if (b->chapters[i]->event && !b->chapters[i]->type)
			listen_to(b, b->chapters[i]->kinds,
				  b->chapters[i]->models);
}

struct rulebook *rulebook_create(const struct world *w, struct event_bus *bus,
				 struct findings *f,
				 struct pci_function *const *functions,
				 const struct chapter *const *chapters)
{
	struct rulebook *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->world = w;
	b->bus = bus;
	b->findings = f;
	b->functions = functions;
	b->chapters = chapters;
	while (chapters[b->nchapters]) {
		assert(!chapters[b->nchapters]->access ==
		       !chapters[b->nchapters]->parts);
		assert(b->nchapters < MAX_CHAPTERS);
		b->nchapters++;
	}
	b->pages = calloc(w->ndevices ? w->ndevices : 1, sizeof(*b->pages));
	if (!b->pages) {
		free(b);
		return NULL;
	}
	listen(b);
	return b;
}

void rulebook_destroy(struct rulebook *b)
{
	size_t i;
	unsigned int k;

	if (!b)
		return;
	for (i = 0; i < b->world->ndevices; i++) {
		if (b->pages[i].begun)
			view_free(&b->pages[i].view);
		for (k = 0; k < b->nchapters; k++)
			free(b->pages[i].states[k]);
	}
	free(b->pages);
	free(b);
}

void rulebook_waive(struct rulebook *b, enum clause c, uint32_t device)
{
	size_t i;

	for (i = 0; i < b->world->ndevices; i++)
		if (device == i || device == UINT32_MAX)
			b->pages[i].waived[c] = 1;
}

bool rulebook_waived(const struct rulebook *b, enum clause c, uint32_t device)
{
	return b->pages[device].waived[c];
}

static void show_end(struct rulebook *b, struct page *p,
		     const struct event *ev, bool rest)
{
	struct turns t = turns_of(b, p, p->hooks[HOOK_END], ev);

	while (turns_next(&t))
		t.chapter->end(&t.reading, rest);
}

void rulebook_hang(struct rulebook *b)
{
	b->hangs = true;
}

void rulebook_end(struct rulebook *b, uint64_t time, bool rest)
{
	unsigned int i;

	for (i = 0; i < b->world->ndevices; i++) {
		const struct event end = { .time = time, .cpu = EVENT_NO_CPU,
					   .seq = event_count(b->bus),
					   .kind = EV_END, .device = (uint16_t)i };
		struct page *p = book_page(b, &end);

		if (p)
			show_end(b, p, &end, rest);
	}
}

const struct view *rulebook_view(const struct rulebook *b, unsigned int device)
{
	return &b->pages[device].view;
}

const struct view *rulebook_judged(const struct rulebook *b, unsigned int device)
{
	const struct page *p = &b->pages[device];

	return p->closed || p->view.gone || p->view.legacy ? NULL : &p->view;
}
