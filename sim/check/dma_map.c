/* SPDX-License-Identifier: MIT */
/*
 * Spans of mapped memory.  RAM is cut into grains; a span of few grains is in
 * the chain of each of them, so that chains are short also where a driver's
 * small buffers lie close together.  Wider spans are few (rings, buffers of many
 * pages), in a list that is always looked through.
 */
#include "sim/check/dma_map.h"

#include <stdlib.h>

#include "sim/observe/event.h"

#define GRAIN_SHIFT 8
#define CHAINS 1024u       /* a power of two */
#define CHAINED_GRAINS 40u
#define BOTH (EVENT_DMA_READS | EVENT_DMA_WRITES)

struct dma_map {
	struct dma_link *chains[CHAINS]; /* by grain, modulo their number */
	struct dma_span *wide;
	struct dma_span *spare;
	struct dma_link *spare_links;
	/* Of those with both rights the one that was found last: a driver's
	 * ring, to which a device comes back between its buffers. */
	const struct dma_span *ring;
};

static uint64_t grain_of(uint64_t addr)
{
	return addr >> GRAIN_SHIFT;
}

static uint64_t last_grain(const struct dma_span *s)
{
	return grain_of(s->end - 1);
}

static bool is_wide(const struct dma_span *s)
{
	return last_grain(s) - grain_of(s->addr) >= CHAINED_GRAINS;
}

static struct dma_link **chain_of(struct dma_map *m, uint64_t grain)
{
	return &m->chains[grain & (CHAINS - 1)];
}

static const struct dma_link *chain(const struct dma_map *m, uint64_t addr)
{
	return m->chains[grain_of(addr) & (CHAINS - 1)];
}

struct dma_map *dma_map_create(void)
{
	return calloc(1, sizeof(struct dma_map));
}

static void unchain(struct dma_map *m, struct dma_span *s, uint64_t grain)
{
	struct dma_link **at = chain_of(m, grain), *link;

	while ((link = *at) && link->span != s)
		at = &link->next;
	if (!link)
		return;
	*at = link->next;
	if (link == &s->first)
		return;
	link->next = m->spare_links;
	m->spare_links = link;
}

static void unchain_all(struct dma_map *m, struct dma_span *s)
{
	struct dma_span **at = &m->wide;
	uint64_t grain;

	if (is_wide(s)) {
		while (*at != s)
			at = &(*at)->wider;
		*at = s->wider;
		return;
	}
	for (grain = grain_of(s->addr); grain <= last_grain(s); grain++)
		unchain(m, s, grain);
}

/* In no chain any more. */
static void retire(struct dma_map *m, struct dma_span *s)
{
	if (m->ring == s)
		m->ring = NULL;
	s->wider = m->spare;
	m->spare = s;
}

static void put_away(struct dma_map *m, struct dma_span *s)
{
	unchain_all(m, s);
	retire(m, s);
}

static struct dma_link *new_link(struct dma_map *m, struct dma_span *s,
				 uint64_t grain)
{
	struct dma_link *link = m->spare_links;

	if (grain == grain_of(s->addr))
		return &s->first;
	if (!link)
		return malloc(sizeof(*link));
	m->spare_links = link->next;
	return link;
}

static bool touches(const struct dma_span *s, uint64_t addr, uint64_t end,
		    uint32_t rights)
{
	return s->addr < end && addr < s->end && s->rights & rights;
}

/* The first in these chains that touches the span, if `found` is none yet. */
static const struct dma_span *clash(const struct dma_span *found,
				    const struct dma_link *link,
				    const struct dma_span *s, uint32_t rights)
{
	for (; !found && link; link = link->next)
		if (touches(link->span, s->addr, s->end, rights))
			found = link->span;
	return found;
}

static const struct dma_span *wide_clash(const struct dma_map *m, uint64_t addr,
					 uint64_t end, uint32_t rights)
{
	const struct dma_span *s;

	for (s = m->wide; s; s = s->wider)
		if (touches(s, addr, end, rights))
			return s;
	return NULL;
}

static void add_wide(struct dma_map *m, struct dma_span *s)
{
	s->wider = m->wide;
	m->wide = s;
}

/* False: out of memory. */
static bool chain_all(struct dma_map *m, struct dma_span *s, uint32_t rights,
		      const struct dma_span **other)
{
	uint64_t grain;

	for (grain = grain_of(s->addr); grain <= last_grain(s); grain++) {
		struct dma_link **chain = chain_of(m, grain);
		struct dma_link *link = new_link(m, s, grain);

		if (!link)
			return false;
		*other = clash(*other, *chain, s, rights);
		link->span = s;
		link->next = *chain;
		*chain = link;
	}
	return true;
}

struct dma_span *dma_map_add(struct dma_map *m, uint64_t addr, uint64_t end,
			     uint32_t rights, const struct dma_span **other)
{
	struct dma_span *s = m->spare;

	*other = NULL;
	if (end <= addr)
		return NULL;
	if (s)
		m->spare = s->wider;
	else
		s = malloc(sizeof(*s));
	if (!s)
		return NULL;
	s->addr = addr;
	s->end = end;
	s->rights = 0; /* touches nothing itself */
	if (is_wide(s)) {
		*other = dma_map_touching(m, addr, end, rights);
		add_wide(m, s);
		return s;
	}
	if (!chain_all(m, s, rights, other)) {
		put_away(m, s);
		return NULL;
	}
	if (!*other)
		*other = wide_clash(m, addr, end, rights);
	return s;
}

/* ---- looking ---- */

static bool begins(const struct dma_span *s, uint64_t addr, uint32_t device)
{
	return s->addr == addr && s->device == device;
}

/* The usual case: a span in chains that is just what is looked for.  Takes it out
 * of its first chain on the way. */
static struct dma_span *take_exact(struct dma_map *m, uint64_t addr,
				   uint64_t end, uint32_t device)
{
	struct dma_link **at = chain_of(m, grain_of(addr)), *link;

	for (; (link = *at); at = &link->next) {
		if (link->span->end != end || !begins(link->span, addr, device))
			continue;
		*at = link->next;
		return link->span;
	}
	return NULL;
}

/* A wide one; or one of another length. */
static struct dma_span *find_other(const struct dma_map *m, uint64_t addr,
				   uint64_t end, uint32_t device)
{
	const struct dma_link *link;
	struct dma_span *found = NULL, *s;

	for (link = chain(m, addr); link; link = link->next)
		if (begins(link->span, addr, device))
			found = link->span;
	for (s = m->wide; s; s = s->wider) {
		if (!begins(s, addr, device))
			continue;
		found = s;
		if (s->end == end)
			break;
	}
	return found;
}

struct dma_span *dma_map_remove(struct dma_map *m, uint64_t addr, uint64_t len,
				uint32_t device)
{
	struct dma_span *s = take_exact(m, addr, addr + len, device);
	uint64_t grain;

	if (!s) {
		s = find_other(m, addr, addr + len, device);
		if (s)
			put_away(m, s);
		return s;
	}
	for (grain = grain_of(addr) + 1; grain <= last_grain(s); grain++)
		unchain(m, s, grain);
	retire(m, s);
	return s;
}

static bool is_around(const struct dma_span *s, uint64_t addr, uint32_t device)
{
	return addr >= s->addr && addr < s->end && s->device == device;
}

const struct dma_span *dma_map_around(const struct dma_map *m, uint64_t addr,
				      uint32_t device, uint32_t rights)
{
	const struct dma_span *any = NULL, *s;
	const struct dma_link *link;

	for (link = chain(m, addr); link; link = link->next) {
		if (!is_around(link->span, addr, device))
			continue;
		any = link->span;
		if ((any->rights & rights) == rights)
			return any;
	}
	for (s = m->wide; s; s = s->wider) {
		if (!is_around(s, addr, device))
			continue;
		any = s;
		if ((s->rights & rights) == rights)
			return s;
	}
	return any;
}

uint64_t dma_map_reach(const struct dma_map *m, uint64_t addr, uint64_t end,
		       uint32_t device, uint32_t rights)
{
	const struct dma_span *s;

	while (addr < end) {
		s = dma_map_around(m, addr, device, rights);
		if (!s || (s->rights & rights) != rights)
			break;
		addr = s->end;
	}
	return addr;
}

static bool holds(const struct dma_span *s, uint64_t addr, uint64_t end,
		  uint32_t device)
{
	return addr >= s->addr && end <= s->end && s->device == device;
}

/* Mostly they all lie in one span: the ring's, or one of few grains. */
bool dma_map_allows(struct dma_map *m, uint64_t addr, uint64_t end,
		    uint32_t device, uint32_t rights)
{
	const struct dma_link *link;
	const struct dma_span *s;

	if (m->ring && holds(m->ring, addr, end, device))
		return true;
	for (link = chain(m, addr); link; link = link->next) {
		s = link->span;
		if (!holds(s, addr, end, device) ||
		    (s->rights & rights) != rights)
			continue;
		if (s->rights == BOTH)
			m->ring = s;
		return true;
	}
	return dma_map_reach(m, addr, end, device, rights) >= end;
}

const struct dma_span *dma_map_touching(const struct dma_map *m, uint64_t addr,
					uint64_t end, uint32_t rights)
{
	uint64_t last = grain_of(end - 1), n = grain_of(addr);
	const struct dma_link *link;

	if (end <= addr)
		return NULL;
	if (last - n >= CHAINS)
		last = n + CHAINS - 1; /* all there are */
	for (; n <= last; n++)
		for (link = m->chains[n & (CHAINS - 1)]; link;
		     link = link->next)
			if (touches(link->span, addr, end, rights))
				return link->span;
	return wide_clash(m, addr, end, rights);
}

static uint64_t distance(const struct dma_span *s, uint64_t addr)
{
	return addr < s->addr ? s->addr - addr :
	       addr >= s->end ? addr - s->end + 1 : 0;
}

/* Of equals the later one, so that the answer does not hang on the chains. */
static const struct dma_span *nearer(const struct dma_span *a,
				     const struct dma_span *b, uint64_t addr,
				     uint32_t device)
{
	if (b->device != device)
		return a;
	if (!a || distance(b, addr) < distance(a, addr))
		return b;
	return distance(b, addr) == distance(a, addr) && b->seq > a->seq ? b :
									   a;
}

const struct dma_span *dma_map_nearest(const struct dma_map *m, uint64_t addr,
				       uint32_t device)
{
	const struct dma_span *best = NULL, *s;
	const struct dma_link *link;
	uint32_t n;

	for (n = 0; n < CHAINS; n++)
		for (link = m->chains[n]; link; link = link->next)
			best = nearer(best, link->span, addr, device);
	for (s = m->wide; s; s = s->wider)
		best = nearer(best, s, addr, device);
	return best;
}

/* ---- the end ---- */

static void free_spans(struct dma_span *s)
{
	while (s) {
		struct dma_span *next = s->wider;

		free(s);
		s = next;
	}
}

void dma_map_destroy(struct dma_map *m)
{
	struct dma_link *link;
	uint32_t n;

	if (!m)
		return;
	for (n = 0; n < CHAINS; n++)
		while (m->chains[n])
			put_away(m, m->chains[n]->span);
	free_spans(m->wide);
	free_spans(m->spare);
	while ((link = m->spare_links)) {
		m->spare_links = link->next;
		free(link);
	}
	free(m);
}
