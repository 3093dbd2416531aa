/* SPDX-License-Identifier: MIT */
/*
 * What the files of the block device's chapter share: the numbers of virtio 1.2
 * 5.2, what the driver has read of the configuration, and a request as it lies in
 * memory.
 */
#ifndef RINGSIDE_SIM_CHECK_CLAUSES_BLOCK_H
#define RINGSIDE_SIM_CHECK_CLAUSES_BLOCK_H

#include "sim/check/clauses/rulebook.h"

/* Feature bits, 5.2.3. */
#define BLK_F_RO (1ull << 5)
#define BLK_F_FLUSH (1ull << 9)
#define BLK_F_CONFIG_WCE (1ull << 11)

/* Configuration, 5.2.4. */
enum block_config {
	BLK_CAPACITY = 0x00,
	BLK_WRITEBACK = 0x20,
	BLK_UNUSED0 = 0x21,
	BLK_MAX_DISCARD_SEG = 0x28,
	BLK_MAX_WRITE_ZEROES_SEG = 0x34,
	BLK_WRITE_ZEROES_MAY_UNMAP = 0x38,
	BLK_UNUSED1 = 0x39,
	BLK_MAX_SECURE_ERASE_SEG = 0x40,
	BLK_CONFIG_BYTES = 0x48
};

/* Requests and what becomes of them, 5.2.6. */
enum block_type {
	BLK_T_IN = 0,
	BLK_T_OUT = 1,
	BLK_T_FLUSH = 4,
	BLK_T_GET_ID = 8,
	BLK_T_GET_LIFETIME = 10,
	BLK_T_DISCARD = 11,
	BLK_T_WRITE_ZEROES = 13,
	BLK_T_SECURE_ERASE = 14
};
enum block_status { BLK_S_OK, BLK_S_IOERR, BLK_S_UNSUPP };

#define BLK_SECTOR 512u
#define BLK_RANGE_BYTES 16u
#define BLK_RANGE_UNMAP 1u
/* Ranges that were zeroed, and sectors of a read-only disk, that are kept in
 * mind. */
#define BLK_ZEROED 8u
#define BLK_SECTORS 64u

struct block_request {
	uint32_t type;
	uint64_t sector;
	uint64_t out, in;    /* bytes of data that the device reads, writes */
};

struct block_range {
	uint64_t sector;
	uint32_t count, flags;
};

/* Zeroed since event `since`, and not written to again. */
struct block_zeroed {
	uint64_t sector, count, since;
};

/* Of a read-only disk: what was read, and what somebody tried to write. */
struct block_sector {
	bool known, tried;
	uint64_t sector, sum, attempt;
};

struct block {
	/* The configuration, where the driver has read it since the reset. */
	uint8_t config[BLK_CONFIG_BYTES];
	uint8_t known[BLK_CONFIG_BYTES]; /* 1: that byte was read */
	bool written[BLK_CONFIG_BYTES];
	/* When it was seen that write_zeroes_may_unmap has changed, of which
	 * nobody has been told yet; 0: it has not. */
	uint64_t unannounced;
	uint32_t announced, announced_at_read; /* configuration changes */
	struct block_zeroed zeroed[BLK_ZEROED];
	unsigned int next_zeroed;
	struct block_sector sectors[BLK_SECTORS];
};

/* False: it has no header, or no place for a status. */
bool block_request(const struct chain *c, const struct world *w,
		   struct block_request *q);
/* DISCARD, WRITE_ZEROES and SECURE_ERASE carry ranges: how many whole ones, and
 * range i; false: it is not in memory. */
bool block_has_ranges(const struct block_request *q);
static inline uint64_t block_ranges(const struct block_request *q)
{
	return q->out / BLK_RANGE_BYTES;
}
bool block_range(const struct chain *c, const struct world *w, uint64_t i,
		 struct block_range *range);
/* A field as the driver has read it; false: it has not. */
bool block_field(const struct block *b, uint32_t offset, uint32_t bytes,
		 uint64_t *value);

/* block_device.c: what binds the device. */
void block_device_access(struct reading *r, const struct access *a);
void block_device_available(struct reading *r, const struct chain *c,
			    const struct block_request *q);
void block_device_used(struct reading *r, const struct chain *c);
void block_device_event(struct reading *r);
void block_device_reset(struct reading *r);
void block_device_end(struct reading *r, bool rest);

/* block_framing.c: how requests are cut into buffers.  Most are in one way: the
 * header, data, the status, all of them in the queue's table or none. */
static inline bool block_framing_usual(const struct chain *c)
{
	return !c->odd && c->parts[0].len == 16 &&
	       c->parts[c->nparts - 1].len == 1 &&
	       (!c->indirect || c->descriptors == 1);
}
void block_framing_used(struct reading *r, const struct chain *c,
			const struct block_request *q, uint8_t status);
/* DEVICE_NEEDS_RESET. */
void block_framing_broke_down(struct reading *r);

#endif
