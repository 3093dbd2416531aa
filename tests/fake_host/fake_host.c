/* SPDX-License-Identifier: MIT */
/*
 * The fake host's records, RAM, windows, fault rules and CPU accesses.  Lanes
 * and DMA are in fake_lanes.c.
 */
#include "tests/fake_host/fake_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fake_host/internal.h"

static struct fake_host *fake(struct pci_host *host)
{
	return (struct fake_host *)host;
}

void fake_violation(struct fake_host *h, const char *what)
{
	h->violations++;
	if (h->on_violation) {
		h->on_violation(h, what);
		return;
	}
	fprintf(stderr, "fake host: %s\n", what);
	abort();
}

/* ---- what the function posts and tells ---- */

void fake_post(struct fake_host *h, const struct fake_post *post)
{
	if (h->nposts < FAKE_MAX_RECORDS)
		h->posts[h->nposts] = *post;
	h->nposts++;
}

static void host_msi(struct pci_host *host, uint32_t vector, uint64_t addr,
		     uint32_t data)
{
	struct fake_host *h = fake(host);

	fake_check_call(h);
	if (h->unplugged)
		return;
	h->msis++;
	h->last_msi = (struct fake_post){
		.kind = FAKE_POST_MSI, .addr = addr, .vector = vector,
		.data = data,
	};
	fake_post(h, &h->last_msi);
}

static void host_intx(struct pci_host *host, uint32_t pin, bool asserted)
{
	struct fake_host *h = fake(host);
	const struct fake_post post = {
		.kind = FAKE_POST_INTX, .vector = pin, .data = asserted,
	};

	fake_check_call(h);
	if (pin < 1 || pin > 4)
		fake_violation(h, "INTx of no pin");
	if (h->line == asserted)
		fake_violation(h, "INTx posted without a change");
	if (h->unplugged)
		return;
	h->line = asserted;
	h->intx_changes++;
	fake_post(h, &post);
}

static void host_event(struct pci_host *host, const struct model_event *ev)
{
	struct fake_host *h = fake(host);

	fake_check_call(h);
	if (h->nevents < FAKE_MAX_RECORDS) {
		struct fake_event *e = &h->events[h->nevents];

		e->kind = ev->kind;
		e->index = ev->index;
		e->value = ev->value;
		snprintf(e->text, sizeof(e->text), "%s",
			 ev->text ? ev->text : "");
	}
	h->nevents++;
}

static void host_window(struct pci_host *host, uint32_t bar,
			enum pci_window_kind kind, uint64_t base, uint64_t size)
{
	struct fake_host *h = fake(host);

	fake_check_call(h);
	if (bar >= PCI_BARS) {
		fake_violation(h, "no such BAR");
		return;
	}
	h->windows[bar] = (struct fake_window){ kind, base, size };
	h->window_calls++;
}

/* ---- faults ---- */

static int host_fault(struct pci_host *host, struct model_fault_site *site,
		      uint32_t index)
{
	struct fake_host *h = fake(host);

	fake_check_call(h);
	for (unsigned int i = 0; i < h->nfaults; i++) {
		struct fake_fault *f = &h->faults[i];

		if (strcmp(f->name, site->name) ||
		    (f->index != FAKE_ANY && f->index != index))
			continue;
		f->calls++;
		if (f->nth && f->nth != f->calls)
			continue;
		f->hits++;
		return f->error;
	}
	return 0;
}

static void host_action_done(struct pci_host *host, int result)
{
	struct fake_host *h = fake(host);

	fake_check_call(h);
	h->actions_done++;
	h->action_result = result;
}

void fake_host_fault(struct fake_host *h, const char *name, uint32_t index,
		     unsigned int nth, int error)
{
	if (h->nfaults == FAKE_MAX_FAULTS) {
		fake_violation(h, "too many fault rules");
		return;
	}
	h->faults[h->nfaults++] = (struct fake_fault){
		.name = name, .index = index, .nth = nth, .error = error,
	};
}

void fake_host_fail_at(struct fake_host *h, unsigned int nth,
		       enum fake_fail what)
{
	h->fail_nth = nth;
	h->fail_what = what;
}

/* ---- life ---- */

static const struct pci_host_ops host_ops = {
	.abi_version = PCI_FUNCTION_ABI_VERSION,
	.size = sizeof(struct pci_host_ops),
	.dma_read = fake_dma_read,
	.dma_write = fake_dma_write,
	.lane_wait = fake_lane_wait,
	.msi = host_msi,
	.intx = host_intx,
	.lane_schedule = fake_lane_schedule,
	.cancel = fake_cancel,
	.window = host_window,
	.event = host_event,
	.fault = host_fault,
	.action_done = host_action_done,
};

void fake_host_init(struct fake_host *h, uint64_t ram_size)
{
	memset(h, 0, sizeof(*h));
	h->host.ops = &host_ops;
	h->ram = calloc(1, ram_size);
	h->ram_size = ram_size;
	if (!h->ram)
		abort();
}

void fake_host_fini(struct fake_host *h)
{
	free(h->ram);
	h->ram = NULL;
	h->ram_size = 0;
}

void fake_host_attach(struct fake_host *h, struct pci_function *fn)
{
	h->fn = fn;
}

/* ---- the CPU's side ---- */

void *fake_host_ram(struct fake_host *h, uint64_t addr, uint64_t len)
{
	uint64_t at = addr - FAKE_RAM_BASE;

	if (at > h->ram_size || len > h->ram_size - at) {
		fprintf(stderr, "fake host: a test touches no RAM\n");
		abort();
	}
	return h->ram + at;
}

/* The window that has the whole access, or PCI_BARS. */
static uint32_t window_of(const struct fake_host *h, enum pci_window_kind kind,
			  uint64_t addr, uint32_t width)
{
	for (uint32_t bar = 0; bar < PCI_BARS; bar++) {
		const struct fake_window *w = &h->windows[bar];

		if (!h->unplugged && w->kind == kind && addr >= w->base &&
		    addr - w->base < w->size &&
		    width <= w->size - (addr - w->base))
			return bar;
	}
	return PCI_BARS;
}

uint64_t fake_host_read(struct fake_host *h, enum pci_window_kind kind,
			uint64_t addr, uint32_t width)
{
	uint32_t bar = window_of(h, kind, addr, width);

	if (bar == PCI_BARS)
		return UINT64_MAX >> (64 - 8 * width);
	return h->fn->ops->bar_read(h->fn, bar, addr - h->windows[bar].base,
				    width);
}

void fake_host_write(struct fake_host *h, enum pci_window_kind kind,
		     uint64_t addr, uint32_t width, uint64_t value)
{
	uint32_t bar = window_of(h, kind, addr, width);

	if (bar != PCI_BARS)
		h->fn->ops->bar_write(h->fn, bar, addr - h->windows[bar].base,
				      width, value);
}

/* ---- what the tests look at ---- */

static unsigned int recorded(unsigned int n)
{
	return n < FAKE_MAX_RECORDS ? n : FAKE_MAX_RECORDS;
}

const struct fake_event *fake_host_event(const struct fake_host *h,
					 enum model_event_kind kind)
{
	for (unsigned int i = recorded(h->nevents); i > 0; i--)
		if (h->events[i - 1].kind == kind)
			return &h->events[i - 1];
	return NULL;
}

unsigned int fake_host_count(const struct fake_host *h,
			     enum model_event_kind kind)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < recorded(h->nevents); i++)
		n += h->events[i].kind == kind;
	return n;
}

void fake_host_forget(struct fake_host *h)
{
	h->nposts = 0;
	h->msis = 0;
	h->intx_changes = 0;
	h->nevents = 0;
	h->window_calls = 0;
	h->dma_calls = 0;
	h->drained = 0;
	h->actions_done = 0;
	h->runs = 0;
	h->last_msi = (struct fake_post){ 0 };
}
