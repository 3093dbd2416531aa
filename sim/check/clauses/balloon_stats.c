/* SPDX-License-Identifier: MIT */
/*
 * Memory balloon: memory statistics, virtio 1.2 5.5.6.3.  A buffer is an array of
 *
 *   tag 2 | val 8
 *
 * A device that is asked for statistics and gives the buffer back has put up with
 * unknown tags in it, and with any order.  That it has not is told if it breaks
 * down over such a buffer, with nothing else in its hands and at once.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/check/clauses/balloon.h"

#define ENTRY_BYTES 10u
#define ENTRIES 64u  /* looked at */
#define TAGS 10u     /* that virtio 1.2 has, from 0 on */
/* Events that looking at a buffer takes: the available index and entry, a
 * descriptor, the buffer itself, what the device says of them. */
#define AT_ONCE 12u

static struct balloon_stats *stats_of(struct reading *r)
{
	struct balloon *b = r->state;

	return &b->stats;
}

void balloon_stats_access(struct reading *r, const struct access *a)
{
	if (access_sets_status(r->v, a, STATUS_DRIVER_OK))
		stats_of(r)->ready_at = a->ev->time;
}

/* The tags of a buffer, a bit each, those from 63 on together; *twice: one that
 * is in it more than once; *falls: they do not rise. */
static uint64_t tags_of(const struct reading *r, const struct chain *c,
			int *twice, bool *falls)
{
	uint64_t tags = 0, i;
	uint16_t tag, before = 0;

	*twice = -1;
	*falls = false;
	for (i = 0; i < ENTRIES && chain_read(c, r->v->world, false,
			i * ENTRY_BYTES, &tag, sizeof(tag)) == sizeof(tag); i++) {
		if (tag < 63 && tags >> tag & 1)
			*twice = tag;
		tags |= 1ull << (tag < 63 ? tag : 63);
		*falls |= tag < before;
		before = tag;
	}
	return tags;
}

static void judge_entries(struct reading *r, const struct chain *c)
{
	struct balloon_stats *s = stats_of(r);
	uint64_t tags;
	int twice;

	s->unknown = s->falls = false;
	if (c->readable % ENTRY_BYTES)
		return;
	tags = tags_of(r, c, &twice, &s->falls);
	s->unknown = tags >> TAGS;
	if (!c->readable)
		clause_broken(r, CLAUSE_BAL_STAT_D4, "the driver made a "
			      "statistics buffer without an entry available");
	else
		clause_judge(r, CLAUSE_BAL_STAT_D4, twice < 0,
			     "the driver made a statistics buffer available "
			     "with tag %d in it twice", twice);
	if (s->any)
		clause_judge(r, CLAUSE_BAL_STAT_D8, tags == s->tags,
			     "the driver made a statistics buffer available "
			     "with the tags 0x%" PRIx64 "; its first one had "
			     "0x%" PRIx64, tags, s->tags);
	else
		s->tags = tags;
}

void balloon_stats_available(struct reading *r, const struct view_queue *q,
			     const struct chain *c)
{
	struct balloon_stats *s = stats_of(r);

	clause_judge(r, CLAUSE_BAL_STAT_D1, view_outstanding(q) == 1,
		     "the driver made a statistics buffer available while the "
		     "device had %u", view_outstanding(q) - 1);
	clause_judge(r, CLAUSE_BAL_STAT_D5, c->readable % 6 == 0,
		     "the driver made a statistics buffer of %" PRIu64 " bytes "
		     "available", c->readable);
	judge_entries(r, c);
	if (s->any && s->used_at)
		clause_kept(r, CLAUSE_BAL_STAT_D3);
	if (!s->any)
		clause_kept(r, CLAUSE_BAL_STAT_D2);
	s->any = true;
	s->used_at = 0;
}

void balloon_stats_used(struct reading *r)
{
	struct balloon_stats *s = stats_of(r);

	s->used_at = r->ev->time;
	if (s->unknown)
		clause_kept(r, CLAUSE_BAL_STAT_V1);
	if (s->falls)
		clause_kept(r, CLAUSE_BAL_STAT_V2);
}

static bool is_idle_but_for(const struct view *v, const struct view_queue *q)
{
	unsigned int i;

	for (i = 0; i < v->nqueues; i++)
		if (&v->queues[i] != q &&
		    view_outstanding(&v->queues[i]))
			return false;
	return true;
}

void balloon_stats_broke_down(struct reading *r, const struct view_queue *q)
{
	const struct balloon_stats *s = stats_of(r);
	uint32_t i;

	/* Of two things that are odd it is not known which. */
	if (s->unknown == s->falls || reading_disturbed(r) ||
	    !is_idle_but_for(r->v, q))
		return;
	for (i = 0; q->chains && i < q->size; i++)
		if (q->chains[i].outstanding &&
		    r->ev->seq - q->chains[i].seen <= AT_ONCE)
			clause_broken(r, s->unknown ? CLAUSE_BAL_STAT_V1
						    : CLAUSE_BAL_STAT_V2,
				      "the device broke down over a statistics "
				      "buffer %s", s->unknown
				      ? "with a tag that virtio 1.2 does not have"
				      : "whose tags do not rise");
}

void balloon_stats_undone(struct reading *r, bool rest)
{
	const struct balloon_stats *s = stats_of(r);

	if (!balloon_has(r, BAL_F_STATS_VQ))
		return;
	if (!s->any && balloon_overdue(r, s->ready_at, rest))
		clause_broken(r, CLAUSE_BAL_STAT_D2, "the driver set DRIVER_OK "
			      "and made no statistics buffer available");
	if (balloon_overdue(r, s->used_at, rest))
		clause_broken(r, CLAUSE_BAL_STAT_D3, "the driver got its "
			      "statistics buffer back and made no new one "
			      "available");
}
