/* SPDX-License-Identifier: MIT */
/*
 * Snapshots of the small machine, for fuzzing: RAM, the arena with all machine
 * state, the guest's stacks and the image's variables go back to what they were.
 * Pointers stay true because everything goes back to its own address.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/flat/image_data.h"
#include "sim/flat/track.h"

struct flat_snapshot {
	struct flat_track ram;
	struct flat_image *img; /* or NULL */
	uint8_t *arena;         /* the used part */
	size_t used;
	uint8_t *stacks;        /* of the arena's threads, in their order */
	uint8_t *data;          /* the image's */
};

/* The redzones of guest stacks and variables are copied too, so under
 * AddressSanitizer this must be code that it does not look at. */
#if defined(__SANITIZE_ADDRESS__)
__attribute__((no_sanitize("address", "undefined")))
void flat_copy_raw(void *to, const void *from, size_t len)
{
	volatile uint64_t *out = to;
	const volatile uint64_t *in = from;
	volatile uint8_t *out_byte;
	const volatile uint8_t *in_byte;

	for (; len >= sizeof(*out); len -= sizeof(*out))
		*out++ = *in++;
	out_byte = (volatile uint8_t *)out;
	in_byte = (const volatile uint8_t *)in;
	while (len--)
		*out_byte++ = *in_byte++;
}
#else
void flat_copy_raw(void *to, const void *from, size_t len)
{
	memcpy(to, from, len);
}
#endif

/* The part of a thread's stack that is in use. */
static size_t stack_used(const struct machine_thread *t)
{
	return (size_t)(t->stack + FLAT_STACK - t->sp);
}

static size_t stacks_size(const struct flat_state *s)
{
	const struct machine_thread *t;
	size_t size = 0;

	for (t = s->threads; t; t = t->all)
		size += stack_used(t);
	return size;
}

static void stacks_save(const struct flat_state *s, uint8_t *to)
{
	const struct machine_thread *t;

	for (t = s->threads; t; t = t->all) {
		flat_copy_raw(to, t->sp, stack_used(t));
		to += stack_used(t);
	}
}

static void stacks_load(const struct flat_state *s, const uint8_t *from)
{
	const struct machine_thread *t;

	for (t = s->threads; t; t = t->all) {
		flat_stack_forget(t->stack);
		flat_copy_raw(t->sp, from, stack_used(t));
		from += stack_used(t);
	}
}

void flat_snapshot_destroy(struct flat_machine *fm)
{
	struct flat_snapshot *snap = fm->snapshot;

	if (!snap)
		return;
	fm->snapshot = NULL;
	flat_track_stop(&snap->ram);
	free(snap->arena);
	free(snap->stacks);
	free(snap->data);
	free(snap);
}

bool flat_snapshot(struct flat_machine *fm, struct flat_image *img)
{
	struct flat_state *s = fm->s;
	struct flat_snapshot *snap;

	assert(!s->current && !s->end);
	flat_snapshot_destroy(fm);
	snap = calloc(1, sizeof(*snap));
	if (!snap)
		return false;
	snap->img = img;
	snap->used = s->used;
	snap->arena = malloc(s->used);
	snap->stacks = malloc(stacks_size(s) + 1);
	snap->data = malloc(img ? flat_image_data_size(img) + 1 : 1);
	if (!snap->arena || !snap->stacks || !snap->data)
		goto err_free;
	if (!flat_track_start(&snap->ram, fm->info.ram, fm->info.ram_size))
		goto err_free;
	memcpy(snap->arena, s, s->used);
	stacks_save(s, snap->stacks);
	if (img)
		flat_image_data_save(img, snap->data);
	fm->snapshot = snap;
	return true;

err_free:
	free(snap->arena);
	free(snap->stacks);
	free(snap->data);
	free(snap);
	return false;
}

/* Functions are not the arena's: those that are there stay where they are. */
static void state_restore(struct flat_machine *fm,
			  const struct flat_snapshot *snap)
{
	struct pci_function *fn[FLAT_FUNCTIONS] = {0};
	struct flat_slot *slot;
	size_t used = fm->s->used;

	for (slot = fm->s->slots; slot; slot = slot->next)
		fn[slot->bdf] = slot->fn;
	if (used > snap->used)
		memset((uint8_t *)fm->s + snap->used, 0, used - snap->used);
	memcpy(fm->s, snap->arena, snap->used);
	for (slot = fm->s->slots; slot; slot = slot->next)
		slot->fn = fn[slot->bdf];
}

void flat_restore(struct flat_machine *fm, flat_rebuild_fn *rebuild, void *arg)
{
	struct flat_snapshot *snap = fm->snapshot;
	struct flat_slot *slot;

	assert(snap && !fm->s->current);
	for (slot = fm->s->slots; rebuild && slot; slot = slot->next) {
		if (slot->fn)
			slot->fn->ops->destroy(slot->fn);
		slot->fn = NULL;
	}
	flat_track_restore(&snap->ram);
	flat_watched_clear(fm);
	state_restore(fm, snap);
	stacks_load(fm->s, snap->stacks);
	if (snap->img)
		flat_image_data_load(snap->img, snap->data);
	for (slot = fm->s->slots; rebuild && slot; slot = slot->next) {
		struct pci_function *fn = rebuild(arg, &slot->host, slot->bdf);

		if (fn)
			flat_attach(fm, &slot->host, fn);
	}
}
