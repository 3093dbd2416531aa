/* SPDX-License-Identifier: MIT */
/*
 * Two tables that pass everything on, and at each passing ask the plan.  A step
 * that makes no sense at that moment (another vector's message, and none is
 * known) does nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/hostile/internal.h"
#include "sim/hostile/mutate.h"

static struct hostile *of_fn(struct pci_function *fn)
{
	return (struct hostile *)((char *)fn - offsetof(struct hostile, fn));
}

static struct hostile *of_host(struct pci_host *host)
{
	return (struct hostile *)((char *)host -
				  offsetof(struct hostile, host));
}

static bool due(const struct hostile_step *s, enum hostile_kind kind,
		uint32_t n)
{
	return s->kind == kind && n >= s->at &&
	       (!s->times || n - s->at < s->times);
}

/* The plan's step for this chance; NULL: the truth. */
static const struct hostile_step *chance(struct hostile *h,
					 enum hostile_kind kind)
{
	const struct hostile_plan *plan = h->cfg.plan;
	uint32_t n = h->chances[kind]++;
	size_t i;

	h->moment++;
	hostile_release_due(h);
	for (i = 0; plan && !h->honest && i < plan->count; i++) {
		if (!due(&plan->steps[i], kind, n))
			continue;
		h->met |= 1u << i;
		return &plan->steps[i];
	}
	return NULL;
}

/* ---- the machine calls the function ---- */

static void beside_access(struct hostile *h, const struct hostile_step *s)
{
	if (s->act == HOSTILE_EARLY_MESSAGE &&
	    h->nearly++ < HOSTILE_EARLY_MOST)
		hostile_any_message(h, s->arg);
	else if (s->act == HOSTILE_EARLY_LINE)
		hostile_tell_line(h, true);
}

static uint64_t answer(struct hostile *h, enum hostile_kind kind,
		       uint64_t good, uint32_t width)
{
	const struct hostile_step *s = chance(h, kind);
	uint64_t before = h->last[kind];

	h->last[kind] = good;
	if (!s)
		return good;
	if (hostile_is_value(s))
		return hostile_value(s, good, before, width);
	beside_access(h, s);
	return good;
}

static uint32_t config_read(struct pci_function *fn, uint32_t offset,
			    uint32_t width)
{
	struct hostile *h = of_fn(fn);
	uint32_t v = h->inner->ops->config_read(h->inner, offset, width);

	return (uint32_t)answer(h, HOSTILE_CONFIG_READ, v, width);
}

static uint64_t bar_read(struct pci_function *fn, uint32_t bar,
			 uint64_t offset, uint32_t width)
{
	struct hostile *h = of_fn(fn);
	uint64_t v = h->inner->ops->bar_read(h->inner, bar, offset, width);

	return answer(h, HOSTILE_REGISTER_READ, v, width);
}

static void config_write(struct pci_function *fn, uint32_t offset,
			 uint32_t width, uint32_t value)
{
	struct hostile *h = of_fn(fn);
	const struct hostile_step *s = chance(h, HOSTILE_CONFIG_WRITE);

	if (s && s->act == HOSTILE_LOSE)
		return;
	h->inner->ops->config_write(h->inner, offset, width, value);
	if (s)
		beside_access(h, s);
}

static void bar_write(struct pci_function *fn, uint32_t bar, uint64_t offset,
		      uint32_t width, uint64_t value)
{
	struct hostile *h = of_fn(fn);
	const struct hostile_step *s = chance(h, HOSTILE_REGISTER_WRITE);

	if (s && s->act == HOSTILE_LOSE)
		return;
	h->inner->ops->bar_write(h->inner, bar, offset, width, value);
	if (s && s->act == HOSTILE_TWICE)
		h->inner->ops->bar_write(h->inner, bar, offset, width, value);
	else if (s)
		beside_access(h, s);
}

static void lane_run(struct pci_function *fn, uint32_t lane)
{
	struct hostile *h = of_fn(fn);

	h->inner->ops->lane_run(h->inner, lane);
	hostile_flush_behind(h);
}

static void lanes_drained(struct pci_function *fn, uint64_t lanes)
{
	struct hostile *h = of_fn(fn);

	if (h->inner->ops->lanes_drained)
		h->inner->ops->lanes_drained(h->inner, lanes);
}

static void reset(struct pci_function *fn, enum pci_reset_kind kind)
{
	struct hostile *h = of_fn(fn);

	h->inner->ops->reset(h->inner, kind);
}

static void destroy(struct pci_function *fn)
{
	struct hostile *h = of_fn(fn);

	h->inner->ops->destroy(h->inner);
	free(h->behind.bytes);
	free(h);
}

static const struct pci_function_ops function_ops = {
	.abi_version = PCI_FUNCTION_ABI_VERSION,
	.size = sizeof(struct pci_function_ops),
	.config_read = config_read,
	.config_write = config_write,
	.bar_read = bar_read,
	.bar_write = bar_write,
	.lane_run = lane_run,
	.lanes_drained = lanes_drained,
	.reset = reset,
	.destroy = destroy,
};

/* ---- the model calls its host ---- */

/* The first bytes of the last DMA that way, as long as this one is. */
static const uint8_t *before_of(struct hostile *h, bool write, uint32_t len,
				uint8_t *room)
{
	memset(room, 0, len);
	memcpy(room, h->before[write],
	       len < HOSTILE_BEFORE ? len : HOSTILE_BEFORE);
	return room;
}

static void keep_before(struct hostile *h, bool write, const void *bytes,
			uint32_t len)
{
	memcpy(h->before[write], bytes,
	       len < HOSTILE_BEFORE ? len : HOSTILE_BEFORE);
}

/* One field of the bytes changed. */
static void spoil(struct hostile *h, const struct hostile_step *s, bool write,
		  uint8_t *bytes, uint32_t len)
{
	uint8_t *room = malloc(len);

	if (room)
		hostile_field(s, bytes, before_of(h, write, len, room), len);
	free(room);
}

static enum dma_result dma_read(struct pci_host *host, uint64_t addr,
				void *buf, uint32_t len)
{
	struct hostile *h = of_host(host);
	const struct hostile_step *s = chance(h, HOSTILE_DMA_READ);
	enum dma_result result;

	if (s && s->act == HOSTILE_ERROR)
		return DMA_ERROR;
	if (len && h->cfg.reach && !h->cfg.reach(h->cfg.arg, addr, len, false))
		return DMA_ERROR;
	result = h->outer->ops->dma_read(h->outer, addr, buf, len);
	if (result != DMA_OK || !len)
		return result;
	hostile_remember_place(h, addr);
	if (s && hostile_is_value(s))
		spoil(h, s, false, buf, len);
	keep_before(h, false, buf, len);
	return result;
}

/* The same bytes once more, where the device has read or written before. */
static void stray(struct hostile *h, uint32_t n, const void *buf, uint32_t len)
{
	uint32_t known = h->nplaces < HOSTILE_PLACES ? h->nplaces :
						       HOSTILE_PLACES;

	if (known)
		hostile_write(h, h->places[n % known] + (n >> 16 & 0x3f), buf,
			      len);
}

static enum dma_result spoiled_write(struct hostile *h,
				     const struct hostile_step *s,
				     uint64_t addr, const void *buf,
				     uint32_t len)
{
	enum dma_result result = DMA_OK;
	uint8_t *copy = malloc(len + 1u);

	if (!copy)
		return DMA_ERROR;
	memcpy(copy, buf, len);
	if (len)
		spoil(h, s, true, copy, len);
	result = hostile_write(h, addr, copy, len);
	free(copy);
	return result;
}

static enum dma_result write_by_plan(struct hostile *h,
				     const struct hostile_step *s,
				     uint64_t addr, const void *buf,
				     uint32_t len)
{
	if (s->act == HOSTILE_LOSE)
		return DMA_OK;
	if (s->act == HOSTILE_ERROR)
		return DMA_ERROR;
	if (s->act == HOSTILE_BEHIND && hostile_keep_behind(h, addr, buf, len))
		return DMA_OK;
	if (s->act == HOSTILE_OTHER)
		stray(h, s->arg, buf, len);
	if (hostile_is_value(s))
		return spoiled_write(h, s, addr, buf, len);
	return hostile_write(h, addr, buf, len);
}

static enum dma_result dma_write(struct pci_host *host, uint64_t addr,
				 const void *buf, uint32_t len)
{
	struct hostile *h = of_host(host);
	const struct hostile_step *s = chance(h, HOSTILE_DMA_WRITE);
	bool overtaken = h->behind.len;
	enum dma_result result;

	if (len)
		hostile_remember_place(h, addr);
	result = s ? write_by_plan(h, s, addr, buf, len) :
		     hostile_write(h, addr, buf, len);
	if (len)
		keep_before(h, true, buf, len);
	if (overtaken && result != DMA_CANCELED)
		hostile_flush_behind(h);
	return result;
}

static enum dma_result lane_wait(struct pci_host *host, uint64_t ps)
{
	struct hostile *h = of_host(host);

	return h->outer->ops->lane_wait(h->outer, ps);
}

static void msi(struct pci_host *host, uint32_t vector, uint64_t addr,
		uint32_t data)
{
	const struct hostile_message m = { vector, data, addr };
	struct hostile *h = of_host(host);
	const struct hostile_step *s = chance(h, HOSTILE_MESSAGE);

	hostile_remember_message(h, &m);
	if (s && s->act == HOSTILE_LOSE)
		return;
	if (s && s->act == HOSTILE_LATE) {
		hostile_keep_late(h, &m, s->arg % 64);
		return;
	}
	if (s && s->act == HOSTILE_OTHER) {
		hostile_any_message(h, s->arg);
		return;
	}
	hostile_message(h, &m);
	if (s && s->act == HOSTILE_TWICE)
		hostile_message(h, &m);
}

static void intx(struct pci_host *host, uint32_t pin, bool asserted)
{
	struct hostile *h = of_host(host);
	const struct hostile_step *s = chance(h, HOSTILE_LINE);

	h->pin = pin;
	h->line = asserted;
	if (s && s->act == HOSTILE_LOSE)
		return;
	if (s && s->act == HOSTILE_BOUNCE) {
		hostile_tell_line(h, asserted);
		hostile_tell_line(h, !asserted);
	}
	hostile_tell_line(h, asserted);
}

static void lane_schedule(struct pci_host *host, uint32_t lane, uint64_t delay)
{
	struct hostile *h = of_host(host);
	const struct hostile_step *s = chance(h, HOSTILE_WORK);

	if (s && s->act == HOSTILE_LOSE) {
		h->lanes |= UINT64_C(1) << lane;
		return;
	}
	/* From 16 ns to 68 s. */
	if (s && s->act == HOSTILE_LATE)
		delay += UINT64_C(16000) << s->arg % 33;
	h->outer->ops->lane_schedule(h->outer, lane, delay);
}

static void cancel(struct pci_host *host, uint64_t lanes)
{
	struct hostile *h = of_host(host);

	h->lanes &= ~lanes;
	free(h->behind.bytes);
	h->behind = (struct hostile_late_write){ 0 };
	h->outer->ops->cancel(h->outer, lanes);
}

static void window(struct pci_host *host, uint32_t bar,
		   enum pci_window_kind kind, uint64_t base, uint64_t size)
{
	struct hostile *h = of_host(host);

	h->outer->ops->window(h->outer, bar, kind, base, size);
}

static void event(struct pci_host *host, const struct model_event *ev)
{
	struct hostile *h = of_host(host);

	h->outer->ops->event(h->outer, ev);
}

static int fault(struct pci_host *host, struct model_fault_site *site,
		 uint32_t index)
{
	struct hostile *h = of_host(host);

	return h->outer->ops->fault(h->outer, site, index);
}

static void action_done(struct pci_host *host, int result)
{
	struct hostile *h = of_host(host);

	h->outer->ops->action_done(h->outer, result);
}

static const struct pci_host_ops host_ops = {
	.abi_version = PCI_FUNCTION_ABI_VERSION,
	.size = sizeof(struct pci_host_ops),
	.dma_read = dma_read,
	.dma_write = dma_write,
	.lane_wait = lane_wait,
	.msi = msi,
	.intx = intx,
	.lane_schedule = lane_schedule,
	.cancel = cancel,
	.window = window,
	.event = event,
	.fault = fault,
	.action_done = action_done,
};

/* ---- coming and going ---- */

struct hostile *hostile_create(struct pci_host *outer,
			       const struct hostile_config *cfg)
{
	struct hostile *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->fn.ops = &function_ops;
	h->fn.host = outer;
	h->host.ops = &host_ops;
	h->outer = outer;
	h->cfg = *cfg;
	return h;
}

struct pci_host *hostile_host(struct hostile *h)
{
	return &h->host;
}

struct pci_function *hostile_attach(struct hostile *h,
				    struct pci_function *inner)
{
	h->inner = inner;
	return &h->fn;
}

const uint32_t *hostile_chances(const struct hostile *h)
{
	return h->chances;
}

uint32_t hostile_met(const struct hostile *h)
{
	return h->met;
}
