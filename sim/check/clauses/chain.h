/* SPDX-License-Identifier: MIT */
/*
 * Descriptor chains as they stand in the guest's memory (virtio 1.2 2.7): what
 * a head in the available ring leads to, followed as a device follows it, and
 * every oddity on the way noted for those who judge it.
 */
#ifndef RINGSIDE_SIM_CHECK_CLAUSES_CHAIN_H
#define RINGSIDE_SIM_CHECK_CLAUSES_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sim/observe/world.h"

struct view;
struct view_queue;

/* Flags of a descriptor, 2.7.5. */
#define DESC_NEXT 1u
#define DESC_WRITE 2u
#define DESC_INDIRECT 4u

/* What is odd about a chain; each bit is a fact, not a judgement. */
enum chain_odd {
	CHAIN_HEAD_BEYOND = 1 << 0,     /* the head is not below queue size */
	CHAIN_NEXT_BEYOND = 1 << 1,     /* a next is not below the table's size */
	CHAIN_LOOP = 1 << 2,            /* more descriptors than the table has */
	CHAIN_NESTED = 1 << 3,          /* INDIRECT inside of a table */
	CHAIN_INDIRECT_NEXT = 1 << 4,   /* INDIRECT and NEXT together */
	CHAIN_INDIRECT_WRITE = 1 << 5,  /* INDIRECT and WRITE together */
	CHAIN_INDIRECT_LENGTH = 1 << 6, /* no multiple of 16, or 0 */
	CHAIN_INDIRECT_OFF = 1 << 7,    /* INDIRECT_DESC was not negotiated */
	CHAIN_READ_AFTER_WRITE = 1 << 8,/* a readable one behind a writable one */
	CHAIN_UNKNOWN_FLAGS = 1 << 9,
	CHAIN_NO_MEMORY = 1 << 10,      /* a descriptor lies in no memory */
	CHAIN_TOO_LONG = 1 << 11,       /* longer than the queue's size */
	CHAIN_OVER_4G = 1 << 12,        /* more than 2^32 bytes */
	CHAIN_EMPTY_PART = 1 << 13,     /* a descriptor of no bytes */
	CHAIN_OUTSTANDING = 1 << 14,    /* the head was already outstanding */
	CHAIN_JUMPS = 1 << 15,          /* IN_ORDER; next is not the following one */
	CHAIN_INDIRECT_JUMPS = 1 << 16, /* the same in an indirect table */
	/* What it carries cannot be told. */
	CHAIN_UNSOUND = CHAIN_HEAD_BEYOND | CHAIN_NEXT_BEYOND | CHAIN_LOOP |
			CHAIN_NESTED | CHAIN_INDIRECT_NEXT |
			CHAIN_INDIRECT_LENGTH | CHAIN_NO_MEMORY
};

/* A descriptor of a buffer, as it lies in memory. */
struct chain_part {
	uint64_t addr;
	uint32_t len;
	uint16_t flags, next;
};

static inline bool chain_part_writable(const struct chain_part *p)
{
	return p->flags & DESC_WRITE;
}

struct chain {
	bool outstanding;    /* available and not yet used */
	uint16_t head;
	uint32_t odd;        /* enum chain_odd */
	bool indirect;
	uint32_t descriptors;/* in the table of the queue */
	struct chain_part *parts;
	uint32_t nparts, capacity;
	uint64_t at;         /* address of the first, if they lie one behind the
	                        other, which they mostly do; else 0 */
	uint64_t readable, writable; /* bytes */
	uint64_t seen;       /* event at which it was first seen */
};

/* Follows the chain from `head` on into *c; false: out of memory. */
bool chain_follow(struct chain *c, const struct view *v,
		  const struct view_queue *q, uint16_t head);
void chain_free(struct chain *c);
/* Is it in memory as it was when it was followed?  Of one that was not odd. */
bool chain_stands(const struct chain *c, const struct view *v,
		  const struct view_queue *q);
/* Up to `len` bytes of what the device may read, or of what it may write, from
 * byte `at` on; returns how many there are. */
uint32_t chain_gather(const struct chain *c, const struct world *w,
		      bool writable, uint64_t at, void *buf, uint32_t len);

/* The same.  Headers mostly lie in the first part, statuses in the last. */
static inline uint32_t chain_read(const struct chain *c, const struct world *w,
				  bool writable, uint64_t at, void *buf,
				  uint32_t len)
{
	const struct chain_part *part;
	const uint8_t *m;
	uint64_t in; /* byte of that part */

	if (!c->nparts)
		return 0;
	part = &c->parts[writable ? c->nparts - 1 : 0];
	in = writable ? at - (c->writable - part->len) : at;
	if (chain_part_writable(part) == writable && in < part->len &&
	    len <= part->len - in &&
	    (m = world_memory(w, part->addr + in, len))) {
		memcpy(buf, m, len);
		return len;
	}
	return chain_gather(c, w, writable, at, buf, len);
}

#endif
