/* SPDX-License-Identifier: MIT */
/*
 * The CPUs' interrupt vectors for MSI: each CPU has info->cpu_vectors of them,
 * and when all are given away an allocation ends with -ENOSPC.  An irq keeps its
 * number when it moves to another CPU; its vector changes.  The one that it had
 * is free again and still leads to it until somebody else gets it: a message
 * that was sent before the device knew its new address arrives there.
 */
#include "guestdrv/kernel/irq.h"

#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/slab.h>

static u32 left[GUEST_MAX_CPUS];

int guest_vector_boot(void)
{
	u32 cpu;

	guest_irqs.nr_msis = gk.info->cpus * gk.info->cpu_vectors;
	guest_irqs.msis = guest_alloc(sizeof(struct irq_desc) *
				      (guest_irqs.nr_msis + 1));
	guest_irqs.vectors = guest_alloc(sizeof(*guest_irqs.vectors) *
					 (guest_irqs.nr_msis + 1));
	if (!guest_irqs.msis || !guest_irqs.vectors)
		return -ENOMEM;
	for (cpu = 0; cpu < gk.info->cpus; cpu++)
		left[cpu] = gk.info->cpu_vectors;
	return 0;
}

void guest_vector_shutdown(void)
{
	kfree(guest_irqs.vectors);
	kfree(guest_irqs.msis);
	guest_irqs.vectors = NULL;
	guest_irqs.msis = NULL;
	guest_irqs.nr_msis = 0;
}

unsigned int guest_vectors_left(void)
{
	unsigned int sum = 0;
	u32 cpu;

	for (cpu = 0; cpu < gk.info->cpus; cpu++)
		sum += left[cpu];
	return sum;
}

static u32 emptiest_cpu(void)
{
	u32 cpu, best = 0;

	for (cpu = 1; cpu < gk.info->cpus; cpu++)
		if (left[cpu] > left[best])
			best = cpu;
	return best;
}

static u32 cpu_with_vectors(const struct cpumask *cpus)
{
	u32 cpu;

	if (cpus)
		for_each_cpu(cpu, cpus)
			if (left[cpu])
				return cpu;
	return emptiest_cpu();
}

static unsigned int slot_of(const struct irq_desc *desc)
{
	return desc->cpu * gk.info->cpu_vectors + desc->vector;
}

/* Does the vector belong to what it leads to, or did that one move on? */
static bool is_taken(unsigned int slot)
{
	const struct irq_desc *desc = guest_irqs.vectors[slot];

	return desc && slot_of(desc) == slot;
}

/*
 * A vector of `cpu` for `desc`: one that still leads to it, else one that leads
 * nowhere, and only then one of an irq that has moved away.
 */
static unsigned int find_slot(u32 cpu, const struct irq_desc *desc)
{
	unsigned int first = cpu * gk.info->cpu_vectors, slot;
	unsigned int nowhere = UINT_MAX, elsewhere = UINT_MAX;

	for (slot = first; slot < first + gk.info->cpu_vectors; slot++) {
		if (is_taken(slot))
			continue;
		if (desc && guest_irqs.vectors[slot] == desc)
			return slot;
		if (!guest_irqs.vectors[slot])
			nowhere = min(nowhere, slot);
		else
			elsewhere = min(elsewhere, slot);
	}
	return nowhere != UINT_MAX ? nowhere : elsewhere;
}

static void take_slot(struct irq_desc *desc, unsigned int slot)
{
	desc->cpu = slot / gk.info->cpu_vectors;
	desc->vector = slot % gk.info->cpu_vectors;
	guest_irqs.vectors[slot] = desc;
	left[desc->cpu]--;
}

/* As many irqs as vectors: where a vector is free an irq is too. */
static struct irq_desc *find_desc(unsigned int slot)
{
	struct irq_desc *desc = &guest_irqs.msis[slot];

	if (!desc->allocated)
		return desc;
	for (desc = guest_irqs.msis; desc->allocated; desc++)
		;
	return desc;
}

int guest_vector_alloc(const struct cpumask *cpus, const struct irq_chip *chip,
		       void *chip_data, unsigned int index, u32 device)
{
	u32 cpu = cpu_with_vectors(cpus);
	struct irq_desc *desc;
	unsigned int slot;

	if (!left[cpu])
		return -ENOSPC;
	slot = find_slot(cpu, NULL);
	desc = find_desc(slot);
	*desc = (struct irq_desc){
		.chip = chip,
		.chip_data = chip_data,
		.index = index,
		.irq = guest_irqs.msi_base + (u32)(desc - guest_irqs.msis),
		.affinity = cpus ? *cpus : *cpu_possible_mask,
		.depth = 1,
		.allocated = true,
	};
	spin_lock_init(&desc->lock);
	init_waitqueue_head(&desc->wait);
	take_slot(desc, slot);
	guest_account(MACHINE_RES_IRQ_VECTOR, desc->irq, 1, device);
	return (int)desc->irq;
}

int guest_vector_move(struct irq_desc *desc, u32 cpu)
{
	if (!left[cpu])
		return -ENOSPC;
	left[desc->cpu]++;
	take_slot(desc, find_slot(cpu, desc));
	return 0;
}

struct irq_desc *guest_vector_desc(u32 cpu, unsigned int vector)
{
	if (vector >= gk.info->cpu_vectors || cpu >= gk.info->cpus)
		return NULL;
	return guest_irqs.vectors[cpu * gk.info->cpu_vectors + vector];
}

/* Nothing leads to it any more, neither its vector nor those it had. */
static void forget(const struct irq_desc *desc)
{
	unsigned int slot;

	for (slot = 0; slot < guest_irqs.nr_msis; slot++)
		if (guest_irqs.vectors[slot] == desc)
			guest_irqs.vectors[slot] = NULL;
}

void guest_vector_free(unsigned int irq, u32 device)
{
	struct irq_desc *desc = guest_irq_desc(irq);
	unsigned long flags;

	if (WARN_ON(!desc))
		return;
	if (desc->actions)
		guest_bug("bug-on",
			  "the vector of irq %u is freed, but handler %s is still there",
			  irq, desc->actions->name);
	/* An interrupt that came too late may be masking it elsewhere. */
	spin_lock_irqsave(&desc->lock, flags);
	desc->allocated = false;
	left[desc->cpu]++;
	forget(desc);
	spin_unlock_irqrestore(&desc->lock, flags);
	guest_account(MACHINE_RES_IRQ_VECTOR, irq, -1, device);
}

void guest_vector_message(unsigned int irq, u64 *addr, u32 *data)
{
	const struct irq_desc *desc = guest_irq_desc(irq);

	*addr = gk.info->msi_address + ((u64)desc->cpu << 12);
	*data = gk.info->msi_first_vector + desc->vector;
}
