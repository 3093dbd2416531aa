/* SPDX-License-Identifier: MIT */
/*
 * Makes events as the platform does.
 */
#include "tests/unit/observe/feed.h"

#include <string.h>

static const char *const ladder[] = { "msix-per-queue", "msix-shared", "intx",
				      NULL };

static size_t callers(void *arg, uintptr_t *frames, size_t max)
{
	const struct feed *f = arg;

	if (!f->caller || !max)
		return 0;
	frames[0] = f->caller;
	return 1;
}

void feed_init(struct feed *f)
{
	memset(f, 0, sizeof(*f));
	f->bus = event_bus_create();
	f->devices[0].id = "disk0";
	f->devices[0].bdf = 0x10;
	f->devices[1].id = "disk1";
	f->devices[1].bdf = 0x18;
	f->world.devices = f->devices;
	f->world.ndevices = 2;
	f->world.ladder = ladder;
	f->world.cpus = 1;
	f->world.callers = callers;
	f->world.callers_arg = f;
	f->now = 1000000;
}

void feed_done(struct feed *f)
{
	event_bus_destroy(f->bus);
}

void feed_event(struct feed *f, struct event ev)
{
	ev.time = f->now;
	f->now += 1000000;
	event_emit(f->bus, &ev);
}

void feed_note(struct feed *f, unsigned int device, enum machine_note_kind kind,
	       const char *text, int result)
{
	feed_event(f, (struct event){
		.kind = EV_NOTE, .device = (uint16_t)device, .cpu = f->cpu,
		.index = kind, .len = (uint32_t)result,
		.text = event_intern(f->bus, text) });
}

static void owner(struct feed *f, unsigned int device,
		  enum machine_note_kind kind, const char *name,
		  enum machine_irq_source source, unsigned int cpu,
		  unsigned int number)
{
	feed_event(f, (struct event){
		.kind = EV_NOTE, .device = (uint16_t)device, .cpu = f->cpu,
		.index = kind, .addr = source, .value = cpu << 16 | number,
		.text = event_intern(f->bus, name) });
}

void feed_owner(struct feed *f, unsigned int device, const char *name,
		enum machine_irq_source source, unsigned int cpu,
		unsigned int number)
{
	owner(f, device, MACHINE_NOTE_IRQ_OWNER, name, source, cpu, number);
}

void feed_released(struct feed *f, unsigned int device, const char *name,
		   enum machine_irq_source source, unsigned int cpu,
		   unsigned int number)
{
	owner(f, device, MACHINE_NOTE_IRQ_RELEASED, name, source, cpu, number);
}

void feed_model(struct feed *f, unsigned int device, enum model_event_kind kind,
		uint32_t index, uint64_t value, const char *text)
{
	feed_event(f, (struct event){
		.kind = EV_MODEL, .device = (uint16_t)device,
		.cpu = EVENT_NO_CPU, .len = kind, .index = index,
		.value = value, .text = event_intern(f->bus, text) });
}

void feed_account(struct feed *f, unsigned int device,
		  enum machine_resource kind, uint64_t id, int64_t amount)
{
	feed_event(f, (struct event){
		.kind = EV_ACCOUNT, .device = (uint16_t)device, .cpu = f->cpu,
		.index = kind, .addr = id, .value = (uint64_t)amount });
}

void feed_fault(struct feed *f, unsigned int device, const char *point,
		int error, uint64_t call)
{
	feed_event(f, (struct event){
		.kind = EV_FAULT, .device = (uint16_t)device, .cpu = f->cpu,
		.index = EVENT_NO_INDEX, .value = (uint64_t)error,
		.addr = call, .text = event_intern(f->bus, point) });
}

void feed_irq(struct feed *f, enum event_kind kind,
	      enum machine_irq_source source, unsigned int cpu,
	      unsigned int number)
{
	feed_event(f, (struct event){
		.kind = (uint8_t)kind, .device = EVENT_NO_DEVICE,
		.cpu = (uint8_t)cpu, .index = source, .value = number });
}

void feed_msi(struct feed *f, unsigned int device, unsigned int vector,
	      unsigned int number)
{
	feed_event(f, (struct event){
		.kind = EV_MSI, .device = (uint16_t)device,
		.cpu = EVENT_NO_CPU, .index = vector, .addr = 0xfee00000,
		.value = number });
}

void feed_intx(struct feed *f, unsigned int device, unsigned int level)
{
	feed_event(f, (struct event){
		.kind = EV_INTX, .device = (uint16_t)device,
		.cpu = EVENT_NO_CPU, .index = 2, .value = level });
}

void feed_dma(struct feed *f, unsigned int device, enum event_kind kind,
	      uint64_t addr, uint32_t len, uint64_t value)
{
	feed_event(f, (struct event){
		.kind = (uint8_t)kind, .device = (uint16_t)device,
		.cpu = EVENT_NO_CPU, .index = EVENT_NO_INDEX, .addr = addr,
		.len = len, .value = value });
}

void feed_log(struct feed *f, unsigned int level, const char *text)
{
	feed_event(f, (struct event){
		.kind = EV_LOG, .device = EVENT_NO_DEVICE, .cpu = f->cpu,
		.value = level, .text = event_intern(f->bus, text) });
}

void feed_bring_up(struct feed *f, unsigned int device, uint32_t config_vector,
		   unsigned int queues, const uint32_t *queue_vectors)
{
	unsigned int q;

	feed_model(f, device, MODEL_EV_COMMAND, 0, 0x0006, NULL);
	feed_model(f, device, MODEL_EV_STATUS, 0, 0x3, NULL);
	feed_model(f, device, MODEL_EV_FEATURES, 0, 0x100000000, NULL);
	feed_model(f, device, MODEL_EV_STATUS, 0, 0xb, NULL);
	if (config_vector != 0xffff) {
		feed_model(f, device, MODEL_EV_MSIX_CONTROL, 0, 0x8003, NULL);
		feed_model(f, device, MODEL_EV_CONFIG_VECTOR, 0, config_vector,
			   NULL);
	}
	for (q = 0; q < queues; q++) {
		feed_model(f, device, MODEL_EV_QUEUE_VECTOR, q,
			   queue_vectors[q], NULL);
		feed_model(f, device, MODEL_EV_QUEUE_ENABLE, q, 256, NULL);
	}
	feed_model(f, device, MODEL_EV_STATUS, 0, 0xf, NULL);
}
