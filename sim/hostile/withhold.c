/* SPDX-License-Identifier: MIT */
/*
 * What the hostile function remembers and keeps back: messages, the line, writes
 * that others overtake, work that is not begun.
 */
#include "sim/hostile/internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- messages ---- */

void hostile_message(struct hostile *h, const struct hostile_message *m)
{
	h->outer->ops->msi(h->outer, m->vector, m->addr, m->data);
}

void hostile_remember_message(struct hostile *h,
			      const struct hostile_message *m)
{
	uint32_t i;

	for (i = 0; i < h->nmessages && i < HOSTILE_MESSAGES; i++)
		if (h->messages[i].vector == m->vector)
			break;
	if (i == h->nmessages && i < HOSTILE_MESSAGES)
		h->nmessages++;
	if (i < HOSTILE_MESSAGES)
		h->messages[i] = *m;
}

void hostile_any_message(struct hostile *h, uint32_t n)
{
	if (h->nmessages)
		hostile_message(h, &h->messages[n % h->nmessages]);
}

void hostile_keep_late(struct hostile *h, const struct hostile_message *m,
		       uint32_t for_moments)
{
	if (h->late_until)
		hostile_message(h, &h->late);
	h->late = *m;
	h->late_until = h->moment + 1 + for_moments;
}

void hostile_release_due(struct hostile *h)
{
	if (!h->late_until || h->moment < h->late_until)
		return;
	h->late_until = 0;
	hostile_message(h, &h->late);
}

/* ---- the line ---- */

void hostile_tell_line(struct hostile *h, bool asserted)
{
	if (!h->pin || h->line_told == asserted)
		return;
	h->line_told = asserted;
	h->outer->ops->intx(h->outer, h->pin, asserted);
}

/* ---- DMA ---- */

void hostile_remember_place(struct hostile *h, uint64_t addr)
{
	h->places[h->nplaces++ % HOSTILE_PLACES] = addr;
}

enum dma_result hostile_write(struct hostile *h, uint64_t addr,
			      const void *bytes, uint32_t len)
{
	enum dma_result result;

	if (len && h->cfg.reach && !h->cfg.reach(h->cfg.arg, addr, len, true))
		return DMA_ERROR;
	result = h->outer->ops->dma_write(h->outer, addr, bytes, len);
	if (result == DMA_OK && len && h->cfg.wrote)
		h->cfg.wrote(h->cfg.arg, addr, len);
	return result;
}

bool hostile_keep_behind(struct hostile *h, uint64_t addr, const void *bytes,
			 uint32_t len)
{
	if (h->behind.len || !len)
		return false;
	h->behind.bytes = malloc(len);
	if (!h->behind.bytes)
		return false;
	memcpy(h->behind.bytes, bytes, len);
	h->behind.addr = addr;
	h->behind.len = len;
	return true;
}

void hostile_flush_behind(struct hostile *h)
{
	struct hostile_late_write w = h->behind;

	if (!w.len)
		return;
	h->behind = (struct hostile_late_write){ 0 };
	hostile_write(h, w.addr, w.bytes, w.len);
	free(w.bytes);
}

/* ---- the end of it ---- */

void hostile_relent(struct hostile *h)
{
	uint32_t i;

	if (h->honest)
		return;
	h->honest = true;
	h->late_until = 0;
	for (i = 0; i < PCI_MAX_LANES; i++)
		if (h->lanes >> i & 1)
			h->outer->ops->lane_schedule(h->outer, i, 0);
	h->lanes = 0;
	for (i = 0; i < h->nmessages; i++)
		hostile_message(h, &h->messages[i]);
	hostile_tell_line(h, h->line);
}
