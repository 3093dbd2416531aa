/* SPDX-License-Identifier: MIT */
/*
 * Everything that the platform tells the observers, one function a kind.
 */
#include <cstring>

#include "sim/platform/platform_impl.h"

void platform::emit_irq(enum event_kind kind, uint32_t cpu,
			machine_irq_source source, uint32_t number)
{
	event ev = new_event(kind, EVENT_NO_DEVICE);

	ev.cpu = (uint8_t)cpu;
	ev.index = source;
	ev.value = number;
	event_emit(bus, &ev);
}

void platform::emit_bus_error(const ringside::cpu *c, bool write, uint64_t addr,
			      uint32_t width)
{
	event ev = new_event(EV_BUS_ERROR, EVENT_NO_DEVICE);

	ev.addr = addr;
	ev.value = write;
	ev.len = width;
	ev.cpu = (uint8_t)c->id();
	event_emit(bus, &ev);
}

void platform::emit_model(uint16_t device, const model_event *m)
{
	event ev = new_event(EV_MODEL, device);

	if (!event_wanted(bus, EV_MODEL))
		return;
	ev.len = m->kind;
	ev.index = m->index;
	ev.value = m->value;
	ev.text = m->text ? event_intern(bus, m->text) : 0;
	event_emit(bus, &ev);
}

/* At most 8; the usual lengths need no call. */
static uint64_t first_bytes(const void *buf, uint32_t len)
{
	uint64_t v = 0;

	if (len >= 8)
		memcpy(&v, buf, 8);
	else if (len == 2)
		memcpy(&v, buf, 2);
	else if (len)
		memcpy(&v, buf, len);
	return v;
}

void platform::emit_dma_read(uint16_t device, uint64_t addr, const void *buf,
			     uint32_t len)
{
	event ev = new_event(EV_DMA_READ, device);

	ev.addr = addr;
	ev.len = len;
	ev.value = first_bytes(buf, len);
	event_emit(bus, &ev);
}

void platform::emit_dma_write(uint64_t time, uint16_t device, uint64_t addr,
			      const void *buf, uint32_t len)
{
	event ev = new_event(EV_DMA_WRITE, device);

	ev.time = time;
	ev.addr = addr;
	ev.len = len;
	ev.value = first_bytes(buf, len);
	event_emit(bus, &ev);
}

void platform::emit_dma_none(enum event_kind kind, uint16_t device,
			     uint64_t addr, uint32_t len, bool write)
{
	event ev = new_event(kind, device);

	ev.addr = addr;
	ev.len = len;
	ev.value = write;
	event_emit(bus, &ev);
}

void platform::emit_msi(uint16_t device, uint32_t vector, uint64_t addr,
			uint32_t data, uint32_t text)
{
	event ev = new_event(EV_MSI, device);

	ev.index = vector;
	ev.addr = addr;
	ev.value = data;
	ev.text = text;
	event_emit(bus, &ev);
}

void platform::emit_msi_lost(uint16_t device, uint32_t vector, uint64_t addr,
			     uint32_t data, const char *why)
{
	event ev = new_event(EV_MSI_LOST, device);

	ev.addr = addr;
	ev.value = data;
	ev.index = vector;
	ev.text = event_intern(bus, why);
	event_emit(bus, &ev);
}

void platform::emit_intx(uint16_t device, uint32_t line, bool asserted)
{
	event ev = new_event(EV_INTX, device);

	ev.index = line;
	ev.value = asserted;
	event_emit(bus, &ev);
}
