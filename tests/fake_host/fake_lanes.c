/* SPDX-License-Identifier: MIT */
/*
 * Lanes, epochs and DMA of the fake host, with what may happen inside a DMA
 * call.  The contract is that of models/pci/function.h; what breaks it goes to
 * fake_violation.  Lanes nest instead of running side by side: whoever is called
 * inside a DMA call may run other lanes to their end.
 */
#include <string.h>

#include "tests/fake_host/internal.h"

#define NO_LANE PCI_MAX_LANES
#define MAX_STEPS 1000000u

static struct fake_host *fake(struct pci_host *host)
{
	return (struct fake_host *)host;
}

static uint32_t current_lane(const struct fake_host *h)
{
	return h->depth ? h->stack[h->depth - 1] : NO_LANE;
}

static uint64_t lane_bit(uint32_t lane)
{
	return lane < PCI_MAX_LANES ? 1ull << lane : 0;
}

void fake_check_call(struct fake_host *h)
{
	if (h->told & lane_bit(current_lane(h)))
		fake_violation(h, "a call after DMA_CANCELED in one lane_run");
}

/* ---- epochs ---- */

/* Cancels of which no lane runs any more are over.  The function may cancel
 * again while it is told. */
static void drain(struct fake_host *h)
{
	for (unsigned int i = 0; i < h->ncancels;) {
		uint64_t lanes = h->cancels[i];

		if (lanes & h->running & h->canceled) {
			i++;
			continue;
		}
		h->ncancels--;
		memmove(&h->cancels[i], &h->cancels[i + 1],
			(h->ncancels - i) * sizeof(h->cancels[0]));
		h->drained++;
		h->fn->ops->lanes_drained(h->fn, lanes);
		i = 0;
	}
}

void fake_cancel(struct pci_host *host, uint64_t lanes)
{
	struct fake_host *h = fake(host);

	fake_check_call(h);
	h->scheduled &= ~lanes;
	h->canceled |= lanes & h->running;
	if (h->ncancels == FAKE_MAX_CANCELS) {
		fake_violation(h, "too many cancels that are not drained");
		return;
	}
	h->cancels[h->ncancels++] = lanes;
	drain(h);
}

void fake_host_unplug(struct fake_host *h)
{
	h->unplugged = true;
	h->scheduled = 0;
	h->canceled |= h->running;
}

/* ---- lanes ---- */

void fake_lane_schedule(struct pci_host *host, uint32_t lane, uint64_t delay)
{
	struct fake_host *h = fake(host);

	fake_check_call(h);
	if (lane >= PCI_MAX_LANES) {
		fake_violation(h, "no such lane");
		return;
	}
	if (h->unplugged || (h->scheduled & lane_bit(lane)))
		return;
	h->scheduled |= lane_bit(lane);
	h->due[lane] = h->now + delay;
}

static uint32_t next_lane(const struct fake_host *h)
{
	uint64_t ready = h->scheduled & ~h->running;
	uint32_t best = NO_LANE;

	for (uint32_t lane = 0; lane < PCI_MAX_LANES; lane++)
		if ((ready & lane_bit(lane)) &&
		    (best == NO_LANE || h->due[lane] < h->due[best]))
			best = lane;
	return best;
}

bool fake_host_step(struct fake_host *h)
{
	uint32_t lane = next_lane(h);
	uint64_t bit = lane_bit(lane);

	if (lane == NO_LANE)
		return false;
	if (h->due[lane] > h->now)
		h->now = h->due[lane];
	h->scheduled &= ~bit;
	h->running |= bit;
	h->stack[h->depth++] = lane;
	h->runs++;
	h->fn->ops->lane_run(h->fn, lane);
	h->depth--;
	h->running &= ~bit;
	h->canceled &= ~bit;
	h->told &= ~bit;
	if (!h->unplugged)
		drain(h);
	return true;
}

void fake_host_run(struct fake_host *h)
{
	for (unsigned int i = 0; fake_host_step(h); i++)
		if (i == MAX_STEPS) {
			fake_violation(h, "the lanes never come to rest");
			return;
		}
}

/* ---- DMA ---- */

static void inject(struct fake_host *h)
{
	uint32_t command;

	switch (h->fail_what) {
	case FAKE_FAIL_CALL:
		h->on_fail(h);
		break;
	case FAKE_FAIL_BUS_MASTER:
		command = h->fn->ops->config_read(h->fn, 0x04, 2);
		h->fn->ops->config_write(h->fn, 0x04, 2, command & ~0x4u);
		break;
	case FAKE_FAIL_UNPLUG:
		fake_host_unplug(h);
		break;
	case FAKE_FAIL_NONE:
	case FAKE_FAIL_ERROR:
		break;
	}
}

/* What comes before any transfer: the contract, then what the test wants to
 * happen meanwhile. */
static enum dma_result dma_begin(struct fake_host *h)
{
	uint32_t lane = current_lane(h);
	uint64_t bit = lane_bit(lane);
	bool now;

	h->dma_calls++;
	if (lane == NO_LANE) {
		fake_violation(h, "DMA outside of a lane");
		return DMA_ERROR;
	}
	fake_check_call(h);
	now = h->fail_nth && --h->fail_nth == 0;
	if (now)
		inject(h);
	if ((h->canceled & bit) || h->unplugged) {
		h->told |= bit;
		return DMA_CANCELED;
	}
	return now && h->fail_what == FAKE_FAIL_ERROR ? DMA_ERROR : DMA_OK;
}

static void check_master(struct fake_host *h)
{
	if (!h->unplugged && !(h->fn->ops->config_read(h->fn, 0x04, 2) & 0x4))
		fake_violation(h, "DMA with Bus Master off");
}

static bool in_ram(const struct fake_host *h, uint64_t addr, uint64_t len)
{
	return addr >= FAKE_RAM_BASE && addr - FAKE_RAM_BASE <= h->ram_size &&
	       len <= h->ram_size - (addr - FAKE_RAM_BASE);
}

enum dma_result fake_dma_read(struct pci_host *host, uint64_t addr, void *buf,
			      uint32_t len)
{
	struct fake_host *h = fake(host);
	enum dma_result result = dma_begin(h);

	if (result != DMA_OK)
		return result;
	check_master(h);
	if (!in_ram(h, addr, len))
		return DMA_ERROR;
	if (len)
		memcpy(buf, h->ram + (addr - FAKE_RAM_BASE), len);
	return DMA_OK;
}

enum dma_result fake_dma_write(struct pci_host *host, uint64_t addr,
			       const void *buf, uint32_t len)
{
	struct fake_host *h = fake(host);
	const struct fake_post post = {
		.kind = FAKE_POST_WRITE, .addr = addr, .len = len,
	};
	enum dma_result result = dma_begin(h);

	if (result != DMA_OK)
		return result;
	check_master(h);
	if (!in_ram(h, addr, len))
		return DMA_ERROR;
	if (len)
		memcpy(h->ram + (addr - FAKE_RAM_BASE), buf, len);
	fake_post(h, &post);
	return DMA_OK;
}

enum dma_result fake_lane_wait(struct pci_host *host, uint64_t ps)
{
	struct fake_host *h = fake(host);
	enum dma_result result = dma_begin(h);

	if (result == DMA_OK)
		h->now += ps;
	return result;
}
