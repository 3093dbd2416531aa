/* SPDX-License-Identifier: MIT */
/*
 * The small machine's memory: guest RAM between two guard pages, so that a guest
 * that runs over its end faults at once, and the arena in which all state lies
 * that changes while a guest runs.
 */
#include <sys/mman.h>

#include "sim/flat/internal.h"

static uint8_t *map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

bool flat_memory_create(struct flat_machine *fm)
{
	size_t ram = fm->cfg.ram_size;

	fm->s = (struct flat_state *)map(FLAT_ARENA);
	if (!fm->s)
		return false;
	fm->ram_map = map(ram + 2 * FLAT_PAGE);
	if (!fm->ram_map)
		goto err_arena;
	if (mprotect(fm->ram_map, FLAT_PAGE, PROT_NONE) ||
	    mprotect(fm->ram_map + FLAT_PAGE + ram, FLAT_PAGE, PROT_NONE))
		goto err_ram;
	fm->s->used = sizeof(*fm->s);
	fm->info.ram = fm->ram_map + FLAT_PAGE;
	return true;

err_ram:
	munmap(fm->ram_map, ram + 2 * FLAT_PAGE);
err_arena:
	munmap(fm->s, FLAT_ARENA);
	return false;
}

void flat_memory_destroy(struct flat_machine *fm)
{
	munmap(fm->ram_map, fm->cfg.ram_size + 2 * FLAT_PAGE);
	munmap(fm->s, FLAT_ARENA);
}

void *flat_alloc(struct flat_machine *fm, size_t size)
{
	size_t at = (fm->s->used + 15) & ~(size_t)15;

	if (size > FLAT_ARENA - at)
		return NULL;
	fm->s->used = at + size;
	return (uint8_t *)fm->s + at;
}

uint8_t *flat_ram(struct flat_machine *fm, uint64_t addr, uint64_t len)
{
	uint64_t at = addr - fm->info.ram_base;

	if (addr < fm->info.ram_base || at > fm->info.ram_size ||
	    len > fm->info.ram_size - at)
		return NULL;
	return fm->info.ram + at;
}
