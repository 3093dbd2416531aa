/* SPDX-License-Identifier: MIT */
/*
 * The arena that owns what a scenario holds.  A parsed file is many small pieces
 * that are freed together; asking malloc for each would cost more than the
 * parse.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sim/scenario/text.h"

/* Under AddressSanitizer each piece is one of malloc's, so that it sees where the
 * piece ends. */
#ifdef __SANITIZE_ADDRESS__
#define ARENA_CHUNK 1u
#else
#define ARENA_CHUNK 16384u
#endif
#define ARENA_ALIGN 16u

struct chunk {
	struct chunk *next;
	size_t used, size;
	_Alignas(ARENA_ALIGN) char bytes[];
};

struct mapping {
	struct mapping *next;
	void *map;
	size_t len;
};

struct scn_arena {
	struct chunk *chunks; /* the newest first */
	struct mapping *mappings;
};

struct scn_arena *arena_create(void)
{
	struct scn_arena *a = calloc(1, sizeof(*a));

	if (!a)
		abort();
	return a;
}

void arena_destroy(struct scn_arena *a)
{
	struct mapping *m;
	struct chunk *c, *next;

	if (!a)
		return;
	for (m = a->mappings; m; m = m->next)
		munmap(m->map, m->len);
	for (c = a->chunks; c; c = next) {
		next = c->next;
		free(c);
	}
	free(a);
}

static struct chunk *add_chunk(struct scn_arena *a, size_t size)
{
	size_t room = size > ARENA_CHUNK ? size : ARENA_CHUNK;
	struct chunk *c = calloc(1, sizeof(*c) + room);

	if (!c)
		abort();
	c->size = room;
	c->next = a->chunks;
	a->chunks = c;
	return c;
}

void *arena_alloc(struct scn_arena *a, size_t size)
{
	struct chunk *c = a->chunks;
	void *p;

	if (!c || size > c->size - c->used)
		c = add_chunk(a, size);
	p = c->bytes + c->used;
	c->used += (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	if (c->used > c->size)
		c->used = c->size;
	return p;
}

void *arena_array(struct scn_arena *a, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		abort();
	return arena_alloc(a, total);
}

char *arena_strndup(struct scn_arena *a, const char *s, size_t len)
{
	char *c = arena_alloc(a, len + 1);

	memcpy(c, s, len);
	return c;
}

char *arena_strdup(struct scn_arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_printf(struct scn_arena *a, const char *fmt, ...)
{
	va_list args, again;
	char *s;
	int n;

	va_start(args, fmt);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, args);
	if (n < 0)
		abort();
	s = arena_alloc(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	va_end(args);
	return s;
}

void arena_own_mapping(struct scn_arena *a, void *map, size_t len)
{
	struct mapping *m = arena_alloc(a, sizeof(*m));

	m->map = map;
	m->len = len;
	m->next = a->mappings;
	a->mappings = m;
}
