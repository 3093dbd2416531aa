/* SPDX-License-Identifier: MIT */
/*
 * The small machine's interrupt controller: message-signalled vectors, each CPU's
 * in the order of arrival and each pending at most once, and four level-triggered
 * input lines.  An interrupt is taken at a safe point on the stack of whatever
 * runs there; a handler is not interrupted.
 */
#include <string.h>

#include "sim/flat/internal.h"

void flat_irq_msi(struct flat_machine *fm, uint64_t addr, uint32_t data)
{
	uint64_t at = addr - FLAT_MSI_BASE;
	uint8_t *ram = flat_ram(fm, addr, 4);
	uint8_t bytes[4] = {data & 0xff, data >> 8 & 0xff, data >> 16 & 0xff,
			    data >> 24};
	struct flat_cpu *cpu;

	/* A message is a memory write; one that misses the doorbell is one to
	 * wherever the guest has pointed it. */
	if (ram) {
		memcpy(ram, bytes, sizeof(bytes));
		return;
	}
	/* A vector below the first wraps to one that is too large. */
	if (addr < FLAT_MSI_BASE || at >> 12 >= fm->cfg.cpus || at & 0xfff ||
	    data - FLAT_FIRST_VECTOR >= fm->cfg.cpu_vectors) {
		fm->s->counters.msi_lost++;
		return;
	}
	fm->s->counters.msi++;
	cpu = &fm->s->cpus[at >> 12];
	if (cpu->pending[data])
		return;
	cpu->pending[data] = true;
	cpu->fifo[(cpu->head + cpu->count++) % 256] = (uint8_t)data;
}

void flat_irq_line(struct flat_machine *fm, uint32_t line, bool asserted)
{
	if (asserted)
		fm->s->lines[line].asserted++;
	else
		fm->s->lines[line].asserted--;
}

void flat_irq_enable_line(struct flat_machine *fm, uint32_t line, uint32_t cpu,
			  bool enable)
{
	fm->s->lines[line].enabled = enable;
	fm->s->lines[line].cpu = cpu;
}

static bool line_due(const struct flat_line *l, uint32_t cpu)
{
	return l->asserted && l->enabled && l->cpu == cpu;
}

bool flat_irq_due(const struct flat_machine *fm, uint32_t cpu)
{
	uint32_t line;

	if (!fm->s->image || fm->s->cpus[cpu].in_irq)
		return false;
	if (fm->s->cpus[cpu].count)
		return true;
	for (line = 0; line < FLAT_LINES; line++) {
		if (line_due(&fm->s->lines[line], cpu))
			return true;
	}
	return false;
}

/* The guest's entry, as a context of its own on the stack of `t`. */
static void enter(struct flat_machine *fm, struct machine_thread *t,
		  enum machine_irq_source source, uint32_t number)
{
	struct flat_cpu *cpu = &fm->s->cpus[t->cpu];
	struct machine_thread *owner = cpu->owner;
	struct flat_wait *wait = t->wait;

	cpu->owner = t;
	t->wait = NULL;
	t->in_irq = cpu->in_irq = true;
	fm->s->image->interrupt(t->cpu, source, number);
	t->in_irq = cpu->in_irq = false;
	t->wait = wait;
	cpu->owner = owner;
}

static void take_msi(struct flat_machine *fm, struct machine_thread *t)
{
	struct flat_cpu *cpu = &fm->s->cpus[t->cpu];
	uint8_t vector = cpu->fifo[cpu->head];

	cpu->head = (cpu->head + 1) % 256;
	cpu->count--;
	cpu->pending[vector] = false;
	fm->s->counters.irqs_msi++;
	enter(fm, t, MACHINE_IRQ_MSI, vector);
}

static void take_line(struct flat_machine *fm, struct machine_thread *t)
{
	uint32_t line = 0;

	while (!line_due(&fm->s->lines[line], t->cpu))
		line++;
	fm->s->counters.irqs_line++;
	enter(fm, t, MACHINE_IRQ_LINE, line);
}

void flat_irq_take(struct flat_machine *fm, struct machine_thread *t)
{
	while (flat_irq_due(fm, t->cpu)) {
		flat_spend(fm);
		if (fm->s->cpus[t->cpu].count)
			take_msi(fm, t);
		else
			take_line(fm, t);
		flat_lanes_run(fm);
	}
}

void flat_safe_point(struct flat_machine *fm)
{
	struct machine_thread *t = fm->s->current;

	flat_lanes_run(fm);
	if (t->irqs)
		flat_irq_take(fm, t);
}
