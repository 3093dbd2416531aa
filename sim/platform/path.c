/* SPDX-License-Identifier: MIT */
/*
 * The arithmetic of the timing profiles; docs/timing.md tells it in words.
 */
#include "sim/platform/path.h"

#include <assert.h>
#include <stdlib.h>

/* Time on the link of `bytes`, rounded up to a picosecond. */
static uint64_t link_time(const struct timing_pcie *x, uint64_t bytes)
{
	return (bytes * x->ps_per_byte_x1024 + 1023) / 1024;
}

void path_init(struct bus_path *p, const struct timing_profile *t,
	       struct wire *bus)
{
	*p = (struct bus_path){ .t = t, .bus = bus };
	wire_init(&p->up);
	wire_init(&p->down);
	if (!t->pcie)
		return;
	assert(t->pcie->tags);
	p->request = link_time(t->pcie, t->pcie->tlp_read);
}

void path_fini(struct bus_path *p)
{
	wire_fini(&p->up);
	wire_fini(&p->down);
	free(p->tag_done);
	p->tag_done = NULL;
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* ---- conventional PCI ----
 *
 *        address  DEVSEL#  wait      data  data  ...  idle
 * clock  1        2 3      4 5 6 7   8     9          n + 8
 *
 * A read's turnaround lies behind the address.
 */

static uint64_t burst_clocks(const struct timing_pci *b, bool read,
			     uint32_t phases)
{
	uint64_t first = b->address + b->devsel + b->initial_wait;

	return first + (read ? b->turnaround : 0) +
	       (uint64_t)(phases - 1) * (1 + b->data_wait) + b->idle;
}

/* Takes the bus for all bursts; returns when the last data phase ends. */
static uint64_t pci_transfer(const struct timing_pci *b, struct wire *bus,
			     uint64_t now, uint64_t when, bool read,
			     uint64_t addr, uint32_t len)
{
	uint64_t phases = ((addr & (b->width - 1)) + len + b->width - 1) /
			  b->width;
	uint64_t clocks = phases / b->burst * burst_clocks(b, read, b->burst);
	uint32_t rest = (uint32_t)(phases % b->burst);
	uint64_t begin;

	if (rest || !phases)
		clocks += burst_clocks(b, read, rest ? rest : 1);
	begin = wire_take(bus, now, when, clocks * b->clock);
	return begin + (clocks - b->idle) * b->clock;
}

/* A function has to ask for the bus; while another has it that is hidden. */
static uint64_t pci_granted(const struct timing_pci *b, uint64_t when)
{
	return when + b->arbitration * b->clock;
}

/* ---- PCI Express ---- */

/* unit: a power of two. */
static uint64_t pieces(uint32_t len, uint32_t unit)
{
	return len ? ((uint64_t)len + unit - 1) >> __builtin_ctz(unit) : 1;
}

/* Each completion but the last of a request ends at the read completion
 * boundary. */
static uint64_t completions(const struct timing_pcie *x, uint64_t addr,
			    uint32_t len)
{
	uint32_t first = x->completion - (uint32_t)(addr & (x->rcb - 1));

	return len <= first ? 1 : 1 + pieces(len - first, x->completion);
}

/* The slot of a request that is made at `when`: the next one, or the one that
 * is completed first if that is still in flight. */
static uint64_t *take_tag(struct bus_path *p, uint64_t when)
{
	uint32_t tags = p->t->pcie->tags, i;
	uint64_t *slot;

	if (!p->tag_done && !(p->tag_done = calloc(tags, sizeof(*slot))))
		abort();
	slot = &p->tag_done[p->tag];
	p->tag = p->tag + 1 == tags ? 0 : p->tag + 1;
	if (*slot > when)
		for (i = 0; i < tags; i++)
			if (p->tag_done[i] < *slot)
				slot = &p->tag_done[i];
	return slot;
}

/* One read request of at most MRRS; *when becomes the time at which it has left
 * and the next may. */
static inline uint64_t request(struct bus_path *p, uint64_t now, uint64_t *when,
			uint64_t addr, uint32_t len)
{
	const struct timing_pcie *x = p->t->pcie;
	uint64_t *tag = take_tag(p, *when);
	uint64_t up = p->request, down = link_time(x, len + completions(x, addr, len) *
							   x->tlp_completion);
	uint64_t begin = wire_take(&p->up, now, later(*when, *tag), up);
	uint64_t answer = begin + up + x->propagation + x->root_complex;

	*when = begin + up;
	*tag = wire_take(&p->down, now, answer, down) + down + x->propagation;
	return *tag;
}

static uint64_t pcie_read(struct bus_path *p, uint64_t now, uint64_t when,
			  uint64_t addr, uint32_t len)
{
	uint32_t mrrs = p->t->pcie->mrrs;
	uint64_t done = 0;

	for (; len > mrrs; addr += mrrs, len -= mrrs)
		done = later(done, request(p, now, &when, addr, mrrs));
	return later(done, request(p, now, &when, addr, len));
}

/* Posted TLPs of one sender keep their order on the wire. */
static uint64_t pcie_post(struct bus_path *p, struct wire *w, uint64_t *sent,
			  uint64_t now, uint64_t when, uint64_t bytes)
{
	uint64_t time = link_time(p->t->pcie, bytes);

	*sent = wire_take(w, now, later(when, *sent), time) + time;
	return *sent + p->t->pcie->propagation;
}

static uint64_t pcie_access(struct bus_path *p, uint64_t now, uint32_t width)
{
	const struct timing_pcie *x = p->t->pcie;
	uint64_t completion = link_time(x, width + x->tlp_completion);
	uint64_t t = later(now + p->t->cpu_access, p->sent_down);

	t = wire_take(&p->down, now, t, p->request) + p->request +
	    x->propagation;
	t = wire_take(&p->up, now, t, completion) + completion;
	return t + x->propagation + p->t->cpu_access;
}

/* ---- what functions do ---- */

uint64_t path_dma_read(struct bus_path *p, uint64_t now, uint64_t when,
		       uint64_t addr, uint32_t len)
{
	const struct timing_profile *t = p->t;

	if (t->pcie)
		return pcie_read(p, now, when, addr, len);
	if (t->pci)
		return pci_transfer(t->pci, p->bus, now,
				    pci_granted(t->pci, when), true, addr, len);
	return when;
}

uint64_t path_dma_write(struct bus_path *p, uint64_t now, uint64_t when,
			uint64_t addr, uint32_t len)
{
	const struct timing_profile *t = p->t;

	if (t->pcie)
		return pcie_post(p, &p->up, &p->sent_up, now, when,
				 len + pieces(len, t->pcie->mps) *
					       t->pcie->tlp_write);
	if (!t->pci)
		return when;
	when = pci_granted(t->pci, when);
	p->sent_up = pci_transfer(t->pci, p->bus, now, later(when, p->sent_up),
				  false, addr, len);
	return p->sent_up;
}

/* A message of its own on PCI Express, a wire beside the bus on PCI. */
uint64_t path_intx(struct bus_path *p, uint64_t now, uint64_t when)
{
	return p->t->pcie ? path_dma_write(p, now, when, 0, 1) : when;
}

/* ---- what the CPU does ---- */

uint64_t path_cpu_access(struct bus_path *p, uint64_t now, bool write,
			 uint32_t width)
{
	const struct timing_profile *t = p->t;

	if (t->pcie)
		return pcie_access(p, now, width);
	if (!t->pci)
		return now + t->cpu_access;
	return pci_transfer(t->pci, p->bus, now, now + t->cpu_access, !write, 0,
			    width) +
	       t->cpu_access;
}

uint64_t path_cpu_write(struct bus_path *p, uint64_t now, uint32_t width)
{
	const struct timing_profile *t = p->t;
	uint64_t when = now + t->cpu_access;

	if (t->pcie)
		return pcie_post(p, &p->down, &p->sent_down, now, when,
				 width + t->pcie->tlp_write);
	if (!t->pci)
		return now;
	p->sent_down = pci_transfer(t->pci, p->bus, now,
				    later(when, p->sent_down), false, 0, width);
	return p->sent_down;
}

uint64_t path_unclaimed(const struct timing_profile *t, struct wire *bus,
			uint64_t now)
{
	uint64_t begin = now + t->cpu_access, clocks;

	if (!t->pci)
		return 0;
	clocks = t->pci->abort * t->pci->clock;
	return wire_take(bus, now, begin, clocks) - begin + clocks;
}
