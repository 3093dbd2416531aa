/* SPDX-License-Identifier: MIT */
/*
 * The stub function and the test guest of fixture.h.
 */
#include "tests/unit/flat/fixture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct stub stub, stub2;
const struct machine_calls *calls;
struct machine *m;
const struct machine_info *info;
char irqs[128];
void (*on_irq)(uint32_t cpu, enum machine_irq_source source, uint32_t number);

/* ---- the function ---- */

static struct stub *stub_of(struct pci_function *fn)
{
	return (struct stub *)fn;
}

static void seen(struct stub *s, uint32_t bar, uint64_t offset, uint32_t width,
		 uint64_t value)
{
	s->bar = bar;
	s->offset = offset;
	s->width = width;
	s->value = value;
}

static uint32_t config_read(struct pci_function *fn, uint32_t offset,
			    uint32_t width)
{
	seen(stub_of(fn), 0xcf, offset, width, 0);
	return (uint32_t)stub_of(fn)->answer + offset;
}

static void config_write(struct pci_function *fn, uint32_t offset,
			 uint32_t width, uint32_t value)
{
	seen(stub_of(fn), 0xcf, offset, width, value);
}

static uint64_t bar_read(struct pci_function *fn, uint32_t bar, uint64_t offset,
			 uint32_t width)
{
	seen(stub_of(fn), bar, offset, width, 0);
	return stub_of(fn)->answer;
}

static void bar_write(struct pci_function *fn, uint32_t bar, uint64_t offset,
		      uint32_t width, uint64_t value)
{
	struct stub *s = stub_of(fn);

	seen(s, bar, offset, width, value);
	if (s->on_write)
		s->on_write(s, offset, value);
}

static void lane_run(struct pci_function *fn, uint32_t lane)
{
	struct stub *s = stub_of(fn);
	size_t n = strlen(s->lanes);

	if (n + 1 < sizeof(s->lanes))
		s->lanes[n] = (char)('0' + lane);
	if (s->on_lane)
		s->on_lane(s, lane);
}

static void lanes_drained(struct pci_function *fn, uint64_t lanes)
{
	stub_of(fn)->drained = lanes;
	stub_of(fn)->drains++;
}

static void reset(struct pci_function *fn, enum pci_reset_kind kind)
{
	(void)fn;
	(void)kind;
}

static void destroy(struct pci_function *fn)
{
	stub_of(fn)->destroyed++;
}

static const struct pci_function_ops stub_ops = {
	.abi_version = PCI_FUNCTION_ABI_VERSION,
	.size = sizeof(stub_ops),
	.config_read = config_read,
	.config_write = config_write,
	.bar_read = bar_read,
	.bar_write = bar_write,
	.lane_run = lane_run,
	.lanes_drained = lanes_drained,
	.reset = reset,
	.destroy = destroy,
};

void stub_attach(struct flat_machine *fm, struct stub *s, uint32_t bdf)
{
	struct pci_host *slot = flat_slot(fm, bdf);
	uint32_t at = (bdf >> 3) - 1;

	memset(s, 0, sizeof(*s));
	s->fn.ops = &stub_ops;
	s->fn.host = slot;
	s->fm = fm;
	flat_attach(fm, slot, &s->fn);
	slot->ops->window(slot, 0, PCI_WINDOW_MEM, STUB_MEM + at * 0x1000,
			  0x100);
	slot->ops->window(slot, 1, PCI_WINDOW_IO, STUB_IO + at * 0x100, 0x20);
}

/* ---- the guest ---- */

static int boot(struct machine *machine, const struct machine_calls *table,
		const struct machine_info *told)
{
	m = machine;
	calls = table;
	info = told;
	return 0;
}

static void interrupt(uint32_t cpu, enum machine_irq_source source,
		      uint32_t number)
{
	size_t n = strlen(irqs);

	snprintf(irqs + n, sizeof(irqs) - n, "%c%u ",
		 source == MACHINE_IRQ_MSI ? 'm' : 'l', number);
	if (on_irq)
		on_irq(cpu, source, number);
}

static void no_shutdown(void)
{
}

static const struct guest_param params[] = {
	{ "n", GUEST_PARAM_INT, true, 0, "what to answer, negated" },
	{ "twice", GUEST_PARAM_BOOL, false, 0, "double it" },
	{ "text", GUEST_PARAM_STRING, false, 0, "to log" },
	{ "size", GUEST_PARAM_SIZE, false, 5, "added" },
	{ "time", GUEST_PARAM_TIME, false, 0, "added, ns" },
	{ "device", GUEST_PARAM_DEVICE, false, 0, "added" },
	{ 0 },
};

static int answer(const struct guest_value *v)
{
	int64_t n = v[0].i + v[3].i + v[4].i + v[5].i;

	if (v[2].given)
		calls->log(m, 6, v[2].s);
	return (int)-(v[1].i ? 2 * n : n);
}

static int wrong(const struct guest_value *v)
{
	(void)v;
	return 7;
}

static const struct guest_action actions[] = {
	{ "test.answer", "answers", params, answer },
	{ "test.wrong", "answers 7", NULL, wrong },
	{ 0 },
};

const struct guest_image test_guest = {
	.abi_version = MACHINE_ABI_VERSION,
	.size = sizeof(test_guest),
	.name = "test",
	.about = "the tests' own",
	.actions = actions,
	.boot = boot,
	.interrupt = interrupt,
	.shutdown = no_shutdown,
};

struct flat_machine *flat_test_machine(const struct flat_config *cfg)
{
	struct flat_machine *fm = flat_create(cfg);

	irqs[0] = '\0';
	on_irq = NULL;
	stub_attach(fm, &stub, MACHINE_BDF(0, 1, 0));
	flat_boot(fm, &test_guest);
	return fm;
}

int in_guest(struct flat_machine *fm, int (*fn)(void *arg))
{
	return flat_call(fm, fn, NULL);
}
