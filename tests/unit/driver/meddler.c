/* SPDX-License-Identifier: MIT */
/*
 * The meddler: two tables that pass everything on, with a hook where a test may
 * want to lie.  Read beside meddler.h.
 */
#include "tests/unit/driver/meddler.h"

#include <stdlib.h>
#include <string.h>

static struct meddler *of_fn(struct pci_function *fn)
{
	return (struct meddler *)((char *)fn - offsetof(struct meddler, fn));
}

static struct meddler *of_host(struct pci_host *h)
{
	return (struct meddler *)((char *)h - offsetof(struct meddler, host));
}

/* ---- the machine calls the function ---- */

static uint32_t config_read(struct pci_function *fn, uint32_t offset,
			    uint32_t width)
{
	struct meddler *m = of_fn(fn);
	uint32_t v = m->inner->ops->config_read(m->inner, offset, width);

	return m->on_config_read ? m->on_config_read(m, offset, width, v) : v;
}

static void config_write(struct pci_function *fn, uint32_t offset,
			 uint32_t width, uint32_t value)
{
	struct meddler *m = of_fn(fn);

	m->inner->ops->config_write(m->inner, offset, width, value);
}

static uint64_t bar_read(struct pci_function *fn, uint32_t bar,
			 uint64_t offset, uint32_t width)
{
	struct meddler *m = of_fn(fn);
	uint64_t v = m->inner->ops->bar_read(m->inner, bar, offset, width);

	return m->on_bar_read ? m->on_bar_read(m, bar, offset, width, v) : v;
}

static void bar_write(struct pci_function *fn, uint32_t bar, uint64_t offset,
		      uint32_t width, uint64_t value)
{
	struct meddler *m = of_fn(fn);

	if (m->nwrites < MEDDLER_WRITES)
		m->writes[m->nwrites] = (struct meddler_write){
			.bar = bar, .offset = offset, .width = width,
			.value = value,
		};
	m->nwrites++;
	if (!m->on_bar_write ||
	    m->on_bar_write(m, bar, offset, width, &value))
		m->inner->ops->bar_write(m->inner, bar, offset, width, value);
}

static void lane_run(struct pci_function *fn, uint32_t lane)
{
	struct meddler *m = of_fn(fn);

	m->inner->ops->lane_run(m->inner, lane);
}

static void lanes_drained(struct pci_function *fn, uint64_t lanes)
{
	struct meddler *m = of_fn(fn);

	if (m->inner->ops->lanes_drained)
		m->inner->ops->lanes_drained(m->inner, lanes);
}

static void reset(struct pci_function *fn, enum pci_reset_kind kind)
{
	struct meddler *m = of_fn(fn);

	m->inner->ops->reset(m->inner, kind);
}

static void destroy(struct pci_function *fn)
{
	struct meddler *m = of_fn(fn);

	m->inner->ops->destroy(m->inner);
	free(m);
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

static enum dma_result dma_read(struct pci_host *h, uint64_t addr, void *buf,
				uint32_t len)
{
	struct meddler *m = of_host(h);

	m->dma_accesses++;
	return m->outer->ops->dma_read(m->outer, addr, buf, len);
}

static enum dma_result dma_write(struct pci_host *h, uint64_t addr,
				 const void *buf, uint32_t len)
{
	struct meddler *m = of_host(h);
	enum dma_result result = DMA_OK;
	uint8_t *copy;

	m->dma_accesses++;
	if (!m->on_dma_write)
		return m->outer->ops->dma_write(m->outer, addr, buf, len);
	copy = malloc(len + 1u);
	memcpy(copy, buf, len);
	if (m->on_dma_write(m, addr, copy, len))
		result = m->outer->ops->dma_write(m->outer, addr, copy, len);
	free(copy);
	return result;
}

static enum dma_result lane_wait(struct pci_host *h, uint64_t ps)
{
	struct meddler *m = of_host(h);

	return m->outer->ops->lane_wait(m->outer, ps);
}

static void msi(struct pci_host *h, uint32_t vector, uint64_t addr,
		uint32_t data)
{
	struct meddler *m = of_host(h);

	if (!m->on_msi || m->on_msi(m, vector))
		m->outer->ops->msi(m->outer, vector, addr, data);
}

static void intx(struct pci_host *h, uint32_t pin, bool asserted)
{
	struct meddler *m = of_host(h);

	m->outer->ops->intx(m->outer, pin, asserted);
}

static void lane_schedule(struct pci_host *h, uint32_t lane, uint64_t delay)
{
	struct meddler *m = of_host(h);

	m->outer->ops->lane_schedule(m->outer, lane,
				     delay + m->lane_delay);
}

static void cancel(struct pci_host *h, uint64_t lanes)
{
	struct meddler *m = of_host(h);

	m->outer->ops->cancel(m->outer, lanes);
}

static void window(struct pci_host *h, uint32_t bar, enum pci_window_kind kind,
		   uint64_t base, uint64_t size)
{
	struct meddler *m = of_host(h);

	m->outer->ops->window(m->outer, bar, kind, base, size);
}

static void event(struct pci_host *h, const struct model_event *ev)
{
	struct meddler *m = of_host(h);

	m->outer->ops->event(m->outer, ev);
}

static int fault(struct pci_host *h, struct model_fault_site *site,
		 uint32_t index)
{
	struct meddler *m = of_host(h);

	return m->outer->ops->fault(m->outer, site, index);
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
};

struct meddler *meddler_create(struct pci_host *outer)
{
	struct meddler *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->fn.ops = &function_ops;
	m->fn.host = outer;
	m->host.ops = &host_ops;
	m->outer = outer;
	return m;
}

void meddler_attach(struct meddler *m, struct pci_function *inner)
{
	m->inner = inner;
}
