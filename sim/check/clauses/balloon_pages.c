/* SPDX-License-Identifier: MIT */
/*
 * Memory balloon: pages that go in and out, virtio 1.2 5.5.6.  A request is an
 * array of le32 page numbers, in units of 4096 bytes.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/check/clauses/balloon.h"

#define NUMBERS 64u /* read at once */

struct page_at {
	uint64_t number;
	uint8_t *flags;
	uint32_t *sum;
};

typedef void see_page(struct reading *r, const struct page_at *page);

static struct balloon_pages *pages_of(struct reading *r)
{
	struct balloon *b = r->state;

	return &b->pages;
}

static uint32_t page_sum(const struct reading *r, uint64_t number)
{
	uint64_t sum = balloon_sum(r->v->world, number * BAL_PAGE, BAL_PAGE);

	return (uint32_t)(sum ^ sum >> 32);
}

static void see(struct reading *r, uint32_t number, see_page *what)
{
	struct balloon_pages *p = pages_of(r);

	if (!p->begun) {
		p->first = number & ~(uint64_t)(BAL_PAGES - 1);
		p->begun = true;
	}
	if (number - p->first < BAL_PAGES)
		what(r, &(struct page_at){ number, &p->flags[number - p->first],
					   &p->sums[number - p->first] });
}

/* Returns how many pages the request names. */
static uint64_t each_page(struct reading *r, const struct chain *c,
			  see_page *what)
{
	uint32_t numbers[NUMBERS], n, i;
	uint64_t at = 0;

	while ((n = chain_read(c, r->v->world, false, at, numbers,
			       sizeof(numbers)) / 4) != 0) {
		for (i = 0; i < n; i++)
			see(r, numbers[i], what);
		at += 4ull * n;
	}
	return at / 4;
}

/* ---- inflateq ---- */

static void give(struct reading *r, const struct page_at *page)
{
	/* Who has it to give has taken it back. */
	if (*page->flags & PAGE_IN)
		clause_broken(r, CLAUSE_BAL_OP_D6, "the driver gave page 0x%"
			      PRIx64 " while it was in the balloon",
			      page->number);
	balloon_hint_forget(r, page->number * BAL_PAGE, BAL_PAGE);
	*page->flags = PAGE_GIVING;
	*page->sum = page_sum(r, page->number);
}

static void given(struct reading *r, const struct page_at *page)
{
	uint32_t sum = page_sum(r, page->number);

	if ((*page->flags & (PAGE_GIVING | PAGE_WRITTEN)) == PAGE_GIVING)
		clause_judge(r, CLAUSE_BAL_OP_D9, sum == *page->sum,
			     "the driver used page 0x%" PRIx64 ", which it had "
			     "given, before the device acknowledged that",
			     page->number);
	*page->flags = PAGE_IN;
	*page->sum = sum;
}

/* ---- deflateq ---- */

static void take(struct reading *r, const struct page_at *page)
{
	uint32_t sum = page_sum(r, page->number);
	bool same = *page->flags & PAGE_WRITTEN || sum == *page->sum ||
		    !balloon_has(r, BAL_F_MUST_TELL_HOST);

	clause_judge(r, CLAUSE_BAL_OP_D10, !(*page->flags & PAGE_GIVING),
		     "the driver took page 0x%" PRIx64 " back before the device "
		     "acknowledged that it was given", page->number);
	if (*page->flags & PAGE_IN)
		clause_judge(r, CLAUSE_BAL_OP_D6, same,
			     "the driver used page 0x%" PRIx64 " of the balloon "
			     "before it announced that", page->number);
	*page->flags = PAGE_TAKING;
	*page->sum = sum;
}

static void taken(struct reading *r, const struct page_at *page)
{
	/* A device that errs may have told the driver before we are shown it. */
	if ((*page->flags & (PAGE_TAKING | PAGE_WRITTEN)) == PAGE_TAKING &&
	    balloon_has(r, BAL_F_MUST_TELL_HOST) && !reading_disturbed(r))
		clause_judge(r, CLAUSE_BAL_OP_D7,
			     page_sum(r, page->number) == *page->sum,
			     "the driver used page 0x%" PRIx64 " before the "
			     "device acknowledged that it was taken back",
			     page->number);
	*page->flags = 0;
}

/* ---- requests ---- */

void balloon_pages_available(struct reading *r, enum balloon_role role,
			     const struct chain *c)
{
	struct balloon_pages *p = pages_of(r);

	each_page(r, c, role == BAL_INFLATE ? give : take);
	if (role == BAL_INFLATE && p->wanted > p->size)
		clause_kept(r, CLAUSE_BAL_OP_D1);
	p->wanted_at = 0;
}

void balloon_pages_used(struct reading *r, enum balloon_role role,
			const struct chain *c)
{
	struct balloon_pages *p = pages_of(r);
	uint64_t n = each_page(r, c, role == BAL_INFLATE ? given : taken);

	if (role == BAL_INFLATE)
		p->size += n;
	else
		p->size -= n < p->size ? n : p->size;
	if (n && !p->changed_at)
		p->changed_at = r->ev->time;
}

void balloon_pages_write(struct reading *r, uint64_t addr, uint32_t len)
{
	struct balloon_pages *p = pages_of(r);
	uint64_t number = addr / BAL_PAGE;

	if (!p->begun || !len)
		return;
	for (; number <= (addr + len - 1) / BAL_PAGE; number++) {
		uint64_t i = number - p->first;

		if (i < BAL_PAGES && p->flags[i])
			p->flags[i] |= PAGE_WRITTEN;
	}
}

/* ---- the size ---- */

void balloon_pages_access(struct reading *r, const struct access *a)
{
	struct balloon_pages *p = pages_of(r);

	if (access_is(a, VIEW_DEVICE, BAL_NUM_PAGES, 4) && !a->write) {
		p->wanted = a->value;
		if (p->wanted <= p->size)
			p->wanted_at = 0;
		else if (!p->wanted_at)
			p->wanted_at = a->ev->time;
	}
	if (!access_touches(a, VIEW_DEVICE, BAL_ACTUAL, 4) || !a->write)
		return;
	if (p->changed_at)
		clause_kept(r, CLAUSE_BAL_OP_D11);
	/* Who says how many there are has tried. */
	p->changed_at = p->wanted_at = 0;
}

void balloon_pages_undone(struct reading *r, bool rest)
{
	const struct balloon_pages *p = pages_of(r);

	if (balloon_overdue(r, p->wanted_at, rest))
		clause_broken(r, CLAUSE_BAL_OP_D1, "the driver read %" PRIu64
			      " in num_pages with %" PRIu64 " pages in the "
			      "balloon, and gave none", p->wanted, p->size);
	if (balloon_overdue(r, p->changed_at, rest))
		clause_broken(r, CLAUSE_BAL_OP_D11, "the driver did not write "
			      "actual after the balloon had come to hold %"
			      PRIu64 " pages", p->size);
}

void balloon_pages_reset(struct balloon_pages *p)
{
	if (p->begun)
		memset(p, 0, sizeof(*p));
}
