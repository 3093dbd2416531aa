/* SPDX-License-Identifier: MIT */
/*
 * Bytes that the device wrote and who has read them: a small hash table, emptied
 * when it is half full, since what was written long ago has been read.
 */
#include "sim/hostile/fetch.h"

#include <string.h>

static struct hostile_fetched *place(struct hostile_fetches *f, uint64_t addr)
{
	uint64_t h = addr * 0x9e3779b97f4a7c15u >> 40;
	struct hostile_fetched *b;

	for (;; h++) {
		b = &f->bytes[h % HOSTILE_FETCH_BYTES];
		if (!b->addr || b->addr == addr)
			return b;
	}
}

void hostile_fetches_clear(struct hostile_fetches *f)
{
	if (f->used)
		memset(f->bytes, 0, sizeof(f->bytes));
	f->used = 0;
	f->found = false;
}

/* A polled field may lie where something else was before. */
static bool polled(uint32_t len)
{
	return len == 2;
}

bool hostile_fetches_wrote(struct hostile_fetches *f, uint64_t addr,
			   uint32_t len)
{
	uint32_t i;

	if (len > HOSTILE_FETCH_WRITE || !addr)
		return false;
	f->news += polled(len);
	if (f->used + len > HOSTILE_FETCH_BYTES / 2) {
		memset(f->bytes, 0, sizeof(f->bytes));
		f->used = 0;
	}
	for (i = 0; i < len; i++) {
		struct hostile_fetched *b = place(f, addr + i);

		if (!b->addr && polled(len))
			continue;
		f->used += !b->addr;
		b->addr = addr + i;
		/* Of a polled field every reading is the first. */
		b->first = polled(len) ? UINTPTR_MAX : 0;
	}
	return !polled(len);
}

bool hostile_fetches_read(struct hostile_fetches *f, uint64_t addr,
			  uint32_t size, uintptr_t code, uintptr_t *first)
{
	bool again = false;
	uint32_t i;

	if (polled(size))
		return false;
	for (i = 0; i < size; i++) {
		struct hostile_fetched *b = place(f, addr + i);

		if (!b->addr || b->first == UINTPTR_MAX)
			continue;
		if (b->first && b->news == f->news && !again) {
			*first = b->first;
			again = true;
		}
		b->first = code;
		b->news = f->news;
	}
	return again;
}

void hostile_fetches_report(struct hostile_fetches *f, uint64_t addr,
			    uint32_t size, uintptr_t first, uintptr_t second)
{
	if (f->found)
		return;
	f->found = true;
	f->addr = addr;
	f->size = size;
	f->first = first;
	f->second = second;
}
