/* SPDX-License-Identifier: MIT */
/*
 * Double fetches: what a device has written is read twice, with nothing announced
 * in between, while the device could still change it.  What was found good at
 * the first reading may be something else at the second.
 *
 * Fields of 16 bits are left out: in a ring they are the indices and flags at
 * which a driver polls (virtio 1.2, 2.7.6, 2.7.8, 2.7.10), and looking again is
 * what polling means.  Each write of one announces anew whatever lies there: a
 * used element may then be looked at again.  What remains (a used element's id and length, a status
 * byte, data that is still mapped) is told once and read once.
 */
#ifndef RINGSIDE_SIM_HOSTILE_FETCH_H
#define RINGSIDE_SIM_HOSTILE_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#define HOSTILE_FETCH_BYTES 4096u /* that are watched at a time */
#define HOSTILE_FETCH_WRITE 64u   /* longer writes are bulk data: not watched */

struct hostile_fetched {
	uint64_t addr;      /* 0: empty */
	uintptr_t first;    /* code that has read it; 0: none has */
	uint64_t news;      /* when it did */
};

struct hostile_fetches {
	struct hostile_fetched bytes[HOSTILE_FETCH_BYTES];
	uint32_t used;
	uint64_t news;      /* polled fields written so far */
	/* the first that was found */
	bool found;
	uint64_t addr;
	uint32_t size;
	uintptr_t first, second; /* return addresses in the guest's code */
};

/* Forgets everything. */
void hostile_fetches_clear(struct hostile_fetches *f);
/* The device has written `len` bytes at the bus address.  True: reads of them
 * are to be told. */
bool hostile_fetches_wrote(struct hostile_fetches *f, uint64_t addr,
			   uint32_t len);
/* The guest reads them; true: that is the second time.  The caller then asks
 * whether they are still mapped, and calls hostile_fetches_report. */
bool hostile_fetches_read(struct hostile_fetches *f, uint64_t addr,
			  uint32_t size, uintptr_t code, uintptr_t *first);
void hostile_fetches_report(struct hostile_fetches *f, uint64_t addr,
			    uint32_t size, uintptr_t first, uintptr_t second);

#endif
