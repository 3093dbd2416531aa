/* SPDX-License-Identifier: MIT */
/*
 * What the guest has taken and not returned: a hash table by kind and id, open
 * addressing, entries moved back on removal so that no markers pile up.
 */
#include <string.h>

#include "sim/flat/internal.h"

static const char *const kind_names[MACHINE_RES_COUNT] = {
	[MACHINE_RES_MEMORY] = "memory",
	[MACHINE_RES_IRQ_VECTOR] = "irq vector",
	[MACHINE_RES_IRQ_HANDLER] = "irq handler",
	[MACHINE_RES_DMA_MAPPING] = "dma mapping",
	[MACHINE_RES_IO_MAPPING] = "io mapping",
	[MACHINE_RES_REGION] = "region",
	[MACHINE_RES_ENABLE] = "enabled function",
};

static size_t home(const struct flat_state *s, uint64_t id)
{
	uint64_t h = id * UINT64_C(0x9e3779b97f4a7c15);

	return (h >> 32) & (s->accounts_size - 1);
}

/* The entry, or the empty place where it would go. */
static struct flat_account *find(struct flat_state *s, uint8_t kind,
				 uint64_t id)
{
	size_t i = home(s, id);

	while (s->accounts[i].live &&
	       (s->accounts[i].id != id || s->accounts[i].kind != kind))
		i = (i + 1) & (s->accounts_size - 1);
	return &s->accounts[i];
}

static size_t live_of_all(const struct flat_state *s)
{
	size_t kind, n = 0;

	for (kind = 0; kind < MACHINE_RES_COUNT; kind++)
		n += s->live[kind];
	return n;
}

/* Room for one more, at most half full. */
static bool grow(struct flat_machine *fm)
{
	struct flat_state *s = fm->s;
	struct flat_account *old = s->accounts;
	size_t i, size = s->accounts_size;

	if (2 * (live_of_all(s) + 1) <= size)
		return true;
	s->accounts_size = size ? 2 * size : 256;
	s->accounts = flat_alloc(fm, s->accounts_size * sizeof(*old));
	if (!s->accounts) {
		s->accounts = old;
		s->accounts_size = size;
		return false;
	}
	for (i = 0; i < size; i++) {
		if (old[i].live)
			*find(s, old[i].kind, old[i].id) = old[i];
	}
	return true;
}

/* Closes the gap: an entry that could no longer be found moves into it. */
static void remove_entry(struct flat_state *s, struct flat_account *gone)
{
	size_t mask = s->accounts_size - 1;
	size_t gap = (size_t)(gone - s->accounts), i = gap;

	for (;;) {
		struct flat_account *a;

		i = (i + 1) & mask;
		a = &s->accounts[i];
		if (!a->live)
			break;
		if (((i - home(s, a->id)) & mask) < ((i - gap) & mask))
			continue;
		s->accounts[gap] = *a;
		gap = i;
	}
	s->accounts[gap].live = false;
}

static void take(struct flat_machine *fm, uint8_t kind, uint64_t id,
		 int64_t amount, uint32_t device, uint8_t rights)
{
	struct flat_state *s = fm->s;
	struct flat_account *a;

	if (!grow(fm))
		flat_bug(fm, "out-of-memory", "%zu resources are held",
			 live_of_all(s));
	a = find(s, kind, id);
	if (!a->live) {
		*a = (struct flat_account){
			.id = id,
			.device = device,
			.kind = kind,
			.order = s->accounts_order++,
			.live = true,
		};
		s->live[kind]++;
	}
	a->rights |= rights;
	if (__builtin_add_overflow(a->amount, amount, &a->amount))
		flat_bug(fm, "bad-argument", "account: %s 0x%llx overflows",
			 kind_names[kind], (unsigned long long)id);
}

static void give_back(struct flat_machine *fm, uint8_t kind, uint64_t id,
		      int64_t amount)
{
	struct flat_state *s = fm->s;
	struct flat_account *a = s->accounts ? find(s, kind, id) : NULL;

	if (!a || !a->live || a->amount + amount < 0)
		flat_bug(fm, "double-free",
			 "%s 0x%llx is returned and not held",
			 kind_names[kind], (unsigned long long)id);
	a->amount += amount;
	if (a->amount)
		return;
	s->live[kind]--;
	remove_entry(s, a);
}

static uint8_t rights_of(enum machine_resource kind)
{
	if (kind == MACHINE_RES_DMA_TO_DEVICE)
		return 1;
	if (kind == MACHINE_RES_DMA_FROM_DEVICE)
		return 2;
	return kind == MACHINE_RES_DMA_MAPPING ? 3 : 0;
}

void flat_account(struct flat_machine *fm, enum machine_resource kind,
		  uint64_t id, int64_t amount, uint32_t device)
{
	uint8_t rights = rights_of(kind);

	if ((unsigned int)kind >= MACHINE_RES_COUNT)
		flat_bug(fm, "bad-argument", "account of kind %u",
			 (unsigned int)kind);
	/* Whether a mapping is returned as it was taken, no device here asks. */
	if (kind == MACHINE_RES_DMA_TO_DEVICE ||
	    kind == MACHINE_RES_DMA_FROM_DEVICE)
		kind = MACHINE_RES_DMA_MAPPING;
	if (amount > 0)
		take(fm, (uint8_t)kind, id, amount, device, rights);
	else if (amount < 0)
		give_back(fm, (uint8_t)kind, id, amount);
}

size_t flat_live(const struct flat_machine *fm, enum machine_resource kind)
{
	return kind == MACHINE_RES_COUNT ? live_of_all(fm->s) :
					   fm->s->live[kind];
}

uint64_t flat_live_amount(const struct flat_machine *fm,
			  enum machine_resource kind)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < fm->s->accounts_size; i++) {
		const struct flat_account *a = &fm->s->accounts[i];

		if (a->live && (kind == MACHINE_RES_COUNT || a->kind == kind))
			sum += (uint64_t)a->amount;
	}
	return sum;
}

/* The first taken of those taken at `from` or later; NULL: none. */
static const struct flat_account *next_taken(const struct flat_state *s,
					     uint64_t from)
{
	const struct flat_account *best = NULL;
	size_t i;

	for (i = 0; i < s->accounts_size; i++) {
		const struct flat_account *a = &s->accounts[i];

		if (a->live && a->order >= from &&
		    (!best || a->order < best->order))
			best = a;
	}
	return best;
}

size_t flat_leaks(const struct flat_machine *fm, char *text, size_t len)
{
	const struct flat_account *a = next_taken(fm->s, 0);
	size_t used = 0;

	if (len)
		text[0] = '\0';
	for (; a && used + 1 < len; a = next_taken(fm->s, a->order + 1)) {
		char device[16] = "no device";

		if (a->device != MACHINE_NO_DEVICE)
			snprintf(device, sizeof(device), "%02x:%02x.%x",
				 a->device >> 8 & 0xff, a->device >> 3 & 0x1f,
				 a->device & 7);
		used += (size_t)snprintf(text + used, len - used,
					 "%s 0x%llx amount %lld, %s\n",
					 kind_names[a->kind],
					 (unsigned long long)a->id,
					 (long long)a->amount, device);
	}
	return live_of_all(fm->s);
}
