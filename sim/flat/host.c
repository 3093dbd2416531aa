/* SPDX-License-Identifier: MIT */
/*
 * The host's side of door 2 (models/pci/function.h).  DMA goes straight to RAM;
 * posted writes and messages take effect at once, so their order is the order of
 * the calls.  Lanes run one after the other, in the order scheduled, at the safe
 * points of the guest; one that asked for a delay waits for the clock.
 */
#include <assert.h>
#include <string.h>

#include "sim/flat/internal.h"

static struct flat_slot *slot_of(struct pci_host *h)
{
	return (struct flat_slot *)h;
}

/* DMA is lane code's alone (the timing contract). */
static bool lane_canceled(const struct flat_slot *slot)
{
	assert(slot->fm->s->running && slot->fm->s->running->slot == slot);
	return slot->canceled;
}

static enum dma_result dma_read(struct pci_host *h, uint64_t addr, void *buf,
				uint32_t len)
{
	struct flat_slot *slot = slot_of(h);
	struct flat_counters *n = &slot->fm->s->counters;
	const uint8_t *ram = flat_ram(slot->fm, addr, len);

	if (lane_canceled(slot))
		return DMA_CANCELED;
	n->dma_reads++;
	if (!len)
		return DMA_OK;
	if (!ram) {
		n->dma_errors++;
		return DMA_ERROR;
	}
	n->dma_read_bytes += len;
	memcpy(buf, ram, len);
	return DMA_OK;
}

static enum dma_result dma_write(struct pci_host *h, uint64_t addr,
				 const void *buf, uint32_t len)
{
	struct flat_slot *slot = slot_of(h);
	struct flat_counters *n = &slot->fm->s->counters;
	uint8_t *ram = flat_ram(slot->fm, addr, len);

	if (lane_canceled(slot))
		return DMA_CANCELED;
	n->dma_writes++;
	if (!len)
		return DMA_OK;
	if (!ram) {
		n->dma_errors++;
		return DMA_ERROR;
	}
	n->dma_write_bytes += len;
	memcpy(ram, buf, len);
	return DMA_OK;
}

static enum dma_result lane_wait(struct pci_host *h, uint64_t ps)
{
	(void)ps; /* a medium's service time: there is no timing here */
	return lane_canceled(slot_of(h)) ? DMA_CANCELED : DMA_OK;
}

static void msi(struct pci_host *h, uint32_t vector, uint64_t addr,
		uint32_t data)
{
	struct flat_slot *slot = slot_of(h);

	(void)vector;
	if (!slot->gone)
		flat_irq_msi(slot->fm, addr, data);
}

/* Pin p of device d on bus 0 is wired to line (d + p - 1) % 4. */
void flat_slot_intx(struct flat_slot *slot, uint32_t pin, bool asserted)
{
	uint32_t device = slot->bdf >> 3 & 0x1f, bit;

	assert(pin >= 1 && pin <= 4);
	bit = 1u << (pin - 1);
	if (!(slot->intx & bit) == !asserted)
		return;
	slot->intx ^= bit;
	flat_irq_line(slot->fm, (device + pin - 1) % FLAT_LINES, asserted);
}

static void intx(struct pci_host *h, uint32_t pin, bool asserted)
{
	struct flat_slot *slot = slot_of(h);

	if (!slot->gone)
		flat_slot_intx(slot, pin, asserted);
}

/* ---- lanes ---- */

static void lane_append(struct flat_state *s, struct flat_lane *lane)
{
	lane->next = NULL;
	if (s->lanes_last)
		s->lanes_last->next = lane;
	else
		s->lanes_first = lane;
	s->lanes_last = lane;
}

/* Takes the lane out of the list at *list; tells if it was there. */
static bool lane_remove(struct flat_lane **list, struct flat_lane *lane)
{
	while (*list && *list != lane)
		list = &(*list)->next;
	if (!*list)
		return false;
	*list = lane->next;
	return true;
}

static void lane_unschedule(struct flat_state *s, struct flat_lane *lane)
{
	struct flat_lane *l;

	if (!lane->scheduled)
		return;
	lane->scheduled = false;
	if (!lane_remove(&s->lanes_first, lane))
		lane_remove(&s->lanes_later, lane);
	s->lanes_last = NULL;
	for (l = s->lanes_first; l; l = l->next)
		s->lanes_last = l;
}

static void lane_schedule(struct pci_host *h, uint32_t number, uint64_t delay)
{
	struct flat_slot *slot = slot_of(h);
	struct flat_state *s = slot->fm->s;
	struct flat_lane *lane, **at = &s->lanes_later;

	assert(number < PCI_MAX_LANES);
	lane = &slot->lanes[number];
	if (lane->scheduled || slot->gone)
		return;
	lane->scheduled = true;
	lane->due = flat_after(s->now, delay / 1000 + (delay % 1000 != 0));
	if (lane->due <= s->now) {
		lane_append(s, lane);
		return;
	}
	while (*at && (*at)->due <= lane->due)
		at = &(*at)->next;
	lane->next = *at;
	*at = lane;
}

void flat_lanes_expire(struct flat_machine *fm)
{
	struct flat_state *s = fm->s;
	struct flat_lane *lane;

	while (s->lanes_later && s->lanes_later->due <= s->now) {
		lane = s->lanes_later;
		s->lanes_later = lane->next;
		lane_append(s, lane);
	}
}

static void cancel(struct pci_host *h, uint64_t lanes)
{
	struct flat_slot *slot = slot_of(h);
	struct flat_state *s = slot->fm->s;
	struct flat_lane *now = s->running;
	uint32_t i;

	for (i = 0; i < PCI_MAX_LANES; i++) {
		if (lanes >> i & 1)
			lane_unschedule(s, &slot->lanes[i]);
	}
	if (now && now->slot == slot && lanes >> now->number & 1) {
		slot->canceled = true;
		slot->drain |= lanes;
		return;
	}
	slot->fn->ops->lanes_drained(slot->fn, lanes);
}

static void lane_run(struct flat_state *s, struct flat_lane *lane)
{
	struct flat_slot *slot = lane->slot;
	uint64_t drained;

	lane->scheduled = false;
	slot->canceled = false;
	s->running = lane;
	s->counters.lane_runs++;
	slot->fn->ops->lane_run(slot->fn, lane->number);
	s->running = NULL;
	drained = slot->drain;
	slot->drain = 0;
	if (drained)
		slot->fn->ops->lanes_drained(slot->fn, drained);
}

void flat_lanes_run(struct flat_machine *fm)
{
	struct flat_state *s = fm->s;
	struct flat_lane *lane;

	while ((lane = s->lanes_first) != NULL) {
		flat_spend(fm);
		s->lanes_first = lane->next;
		if (!s->lanes_first)
			s->lanes_last = NULL;
		lane_run(s, lane);
	}
}

/* ---- windows, events, faults ---- */

static void window(struct pci_host *h, uint32_t bar, enum pci_window_kind kind,
		   uint64_t base, uint64_t size)
{
	struct flat_slot *slot = slot_of(h);

	assert(bar < PCI_BARS);
	slot->windows[bar].kind = size ? kind : PCI_WINDOW_NONE;
	slot->windows[bar].base = base;
	slot->windows[bar].size = size;
}

static void event(struct pci_host *h, const struct model_event *ev)
{
	struct flat_slot *slot = slot_of(h);
	struct flat_record head = {
		.kind = FLAT_REC_MODEL,
		.event = ev->kind,
		.device = slot->bdf,
		.index = ev->index,
		.value = ev->value,
	};

	assert((unsigned int)ev->kind < MODEL_EV_COUNT);
	slot->fm->s->counters.model_events[ev->kind]++;
	flat_record_add(slot->fm, &head, ev->text);
}

static int fault(struct pci_host *h, struct model_fault_site *site,
		 uint32_t index)
{
	struct flat_slot *slot = slot_of(h);

	return flat_point_reached(slot->fm, site->name, &site->handle,
				  slot->bdf, index);
}

static void action_done(struct pci_host *h, int result)
{
	struct flat_slot *slot = slot_of(h);

	slot->actions_done++;
	slot->action_result = result;
}

unsigned int flat_actions_done(const struct flat_machine *fm, uint32_t bdf,
			       int *result)
{
	const struct flat_slot *slot =
		bdf < FLAT_FUNCTIONS ? fm->s->slot_of[bdf] : NULL;

	if (!slot)
		return 0;
	*result = slot->action_result;
	return slot->actions_done;
}

const struct pci_host_ops flat_host_ops = {
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
