/* SPDX-License-Identifier: MIT */
/*
 * What the files of the memory balloon's chapter share: the numbers of virtio 1.2
 * 5.5, and what is known of one balloon.  Pages are looked at in the guest's
 * memory, where a page that changes tells that somebody uses it.
 */
#ifndef RINGSIDE_SIM_CHECK_CLAUSES_BALLOON_H
#define RINGSIDE_SIM_CHECK_CLAUSES_BALLOON_H

#include "sim/check/clauses/rulebook.h"

/* Feature bits, 5.5.3. */
#define BAL_F_MUST_TELL_HOST (1ull << 0)
#define BAL_F_STATS_VQ (1ull << 1)
#define BAL_F_FREE_PAGE_HINT (1ull << 3)
#define BAL_F_PAGE_POISON (1ull << 4)
#define BAL_F_PAGE_REPORTING (1ull << 5)

/* Configuration, 5.5.4; fields of 4 bytes. */
enum balloon_config {
	BAL_NUM_PAGES = 0x0,
	BAL_ACTUAL = 0x4,
	BAL_CMD_ID = 0x8,
	BAL_POISON_VAL = 0xc
};

/* In the order of their numbers, 5.5.2; those without their feature take none. */
enum balloon_role {
	BAL_INFLATE,
	BAL_DEFLATE,
	BAL_STATS,
	BAL_FREE_PAGE,
	BAL_REPORTING,
	BAL_ROLES
};

#define BAL_PAGE 4096u
/* Pages that are looked at: 256 MiB from the first one on. */
#define BAL_PAGES 65536u
#define BAL_BLOCKS 64u

/* What has become of a page. */
enum balloon_page_flag {
	PAGE_GIVING = 1,     /* announced on inflateq, not yet acknowledged */
	PAGE_IN = 2,         /* in the balloon */
	PAGE_TAKING = 4,     /* announced on deflateq, not yet acknowledged */
	PAGE_WRITTEN = 8     /* by the device */
};

struct balloon_pages {
	uint64_t first;      /* number of the first that is looked at */
	bool begun;
	uint8_t flags[BAL_PAGES];
	uint32_t sums[BAL_PAGES];
	uint64_t size;       /* as far as requests were acknowledged */
	uint64_t wanted_at;  /* when the driver read that there should be more;
	                      * 0: it has done something since */
	uint64_t wanted;     /* num_pages then */
	uint64_t changed_at; /* the size has changed, actual was not written */
};

struct balloon_stats {
	bool any;            /* a buffer was ever made available */
	uint64_t tags;       /* of the first one, a bit each */
	uint64_t used_at;    /* one came back and none has followed; 0: not so */
	bool unknown, falls; /* the last: has tags that are, in order that does */
	uint64_t ready_at;   /* DRIVER_OK */
};

/* A stretch of guest memory that the device was told about. */
struct balloon_block {
	uint64_t addr, len;  /* len 0: none */
	uint64_t sum;
	bool written;        /* by the device */
	bool done;           /* the driver knows that hints are of no more use */
	uint16_t head;       /* of its report */
};

struct balloon_hints {
	bool id_read;
	uint32_t id;         /* free_page_hint_cmd_id, as last read */
	uint32_t id_before;  /* the last other value */
	uint64_t read_at;    /* when it became so */
	uint16_t avail;      /* available index of free_page_vq at that time */
	bool sent;           /* the driver has ever sent an ID */
	uint32_t round;      /* the ID that the driver sent last */
	bool open;           /* of hints, and no STOP since */
	bool moved;          /* another ID was read since */
	uint64_t opened_at;
	struct balloon_block blocks[BAL_BLOCKS];
	unsigned int next;
};

struct balloon_reports {
	bool poisoned;       /* poison_val was written */
	uint32_t poison;
	struct balloon_block blocks[BAL_BLOCKS];
};

struct balloon {
	struct balloon_pages pages;
	struct balloon_stats stats;
	struct balloon_hints hints;
	struct balloon_reports reports;
};

static inline bool balloon_has(const struct reading *r, uint64_t feature)
{
	return r->v->negotiated & feature;
}
/* Is it still to be done what should have been since `since`?  At the end of the
 * run (`rest`) all that ever is; a reset may come before it.  Not where a fault
 * was injected, or the device has failed. */
bool balloon_overdue(const struct reading *r, uint64_t since, bool rest);
/* A sum over what is at a place in memory, of a few bytes of each line. */
uint64_t balloon_sum(const struct world *w, uint64_t addr, uint64_t len);
static inline bool balloon_hits(const struct balloon_block *b, uint64_t addr,
				uint64_t len)
{
	return b->len && addr < b->addr + b->len && b->addr < addr + len;
}

/* balloon_pages.c: 5.5.6 */
void balloon_pages_access(struct reading *r, const struct access *a);
void balloon_pages_available(struct reading *r, enum balloon_role role,
			     const struct chain *c);
void balloon_pages_used(struct reading *r, enum balloon_role role,
			const struct chain *c);
void balloon_pages_write(struct reading *r, uint64_t addr, uint32_t len);
void balloon_pages_undone(struct reading *r, bool rest);
void balloon_pages_reset(struct balloon_pages *p);

/* balloon_stats.c: 5.5.6.3 */
void balloon_stats_access(struct reading *r, const struct access *a);
void balloon_stats_available(struct reading *r, const struct view_queue *q,
			     const struct chain *c);
void balloon_stats_used(struct reading *r);
/* DEVICE_NEEDS_RESET; q: the queue. */
void balloon_stats_broke_down(struct reading *r, const struct view_queue *q);
void balloon_stats_undone(struct reading *r, bool rest);

/* balloon_hint.c: 5.5.6.4 */
void balloon_hint_access(struct reading *r, const struct access *a);
void balloon_hint_available(struct reading *r, const struct view_queue *q,
			    const struct chain *c);
void balloon_hint_write(struct reading *r, uint64_t addr, uint32_t len);
/* The driver has given the device this memory for something else. */
void balloon_hint_forget(struct reading *r, uint64_t addr, uint64_t len);
void balloon_hint_undone(struct reading *r, bool rest);

/* balloon_report.c: 5.5.6.5, 5.5.6.6 */
void balloon_report_access(struct reading *r, const struct access *a);
void balloon_report_available(struct reading *r, const struct chain *c);
void balloon_report_used(struct reading *r, const struct chain *c);
void balloon_report_write(struct reading *r, const struct event *ev);

#endif
