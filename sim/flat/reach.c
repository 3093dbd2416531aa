/* SPDX-License-Identifier: MIT */
/*
 * What an IOMMU would let a device reach, by the mappings that the guest has told
 * of; and reads of what devices have written, passed on to whoever asks.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/flat/internal.h"

static bool covers(const struct flat_account *a, uint32_t bdf, uint64_t addr,
		   uint64_t len, uint8_t right)
{
	return a->live && a->kind == MACHINE_RES_DMA_MAPPING &&
	       a->rights & right && a->device == bdf && addr >= a->id &&
	       addr - a->id <= (uint64_t)a->amount &&
	       len <= (uint64_t)a->amount - (addr - a->id);
}

bool flat_reaches(const struct flat_machine *fm, uint32_t bdf, uint64_t addr,
		  uint64_t len, bool write)
{
	const struct flat_state *s = fm->s;
	/* Where the last ones were found: a ring and a few buffers. */
	static size_t last[4], turn;
	uint8_t right = write ? 2 : 1;
	size_t i;

	for (i = 0; i < 4; i++)
		if (last[i] < s->accounts_size &&
		    covers(&s->accounts[last[i]], bdf, addr, len, right))
			return true;
	for (i = 0; i < s->accounts_size; i++) {
		if (!covers(&s->accounts[i], bdf, addr, len, right))
			continue;
		last[turn++ % 4] = i;
		return true;
	}
	return false;
}

void flat_on_fetch(struct flat_machine *fm, flat_fetch_fn *fn, void *arg)
{
	fm->fetch_fn = fn;
	fm->fetch_arg = arg;
	if (!fm->watched)
		fm->watched = calloc(fm->cfg.ram_size / FLAT_PAGE + 1, 1);
	fm->info.watched = fn ? fm->watched : NULL;
}

void flat_watch(struct flat_machine *fm, uint64_t addr, uint64_t len)
{
	uint64_t page = (addr - fm->info.ram_base) / FLAT_PAGE;
	uint64_t last = (addr - fm->info.ram_base + len - 1) / FLAT_PAGE;

	if (!len || !fm->watched || !flat_ram(fm, addr, len))
		return;
	for (; page <= last; page++)
		fm->watched[page] = 1;
}

void flat_watched_clear(struct flat_machine *fm)
{
	if (fm->watched)
		memset(fm->watched, 0, fm->cfg.ram_size / FLAT_PAGE + 1);
}

void flat_fetched(struct flat_machine *fm, const void *at, uint32_t size,
		  const void *code)
{
	uint64_t addr = (uint64_t)((const uint8_t *)at - fm->info.ram);

	if (fm->fetch_fn)
		fm->fetch_fn(fm->fetch_arg, fm->info.ram_base + addr, size,
			     code);
}
