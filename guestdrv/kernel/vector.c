/* SPDX-License-Identifier: MIT */
/*
 * The CPUs' interrupt vectors for MSI: each CPU has info->cpu_vectors of them,
 * and when all are given away an allocation ends with -ENOSPC.
 */
#include "guestdrv/kernel/irq.h"

#include <linux/bug.h>
#include <linux/slab.h>

static u32 left[GUEST_MAX_CPUS];

int guest_vector_boot(void)
{
	u32 cpu;

	guest_irqs.nr_msis = gk.info->cpus * gk.info->cpu_vectors;
	guest_irqs.msis = guest_alloc(sizeof(struct irq_desc) *
				      (guest_irqs.nr_msis + 1));
	if (!guest_irqs.msis)
		return -ENOMEM;
	for (cpu = 0; cpu < gk.info->cpus; cpu++)
		left[cpu] = gk.info->cpu_vectors;
	return 0;
}

void guest_vector_shutdown(void)
{
	kfree(guest_irqs.msis);
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

int guest_vector_alloc(u32 cpu, const struct irq_chip *chip, void *chip_data,
		       unsigned int index, u32 device)
{
	struct irq_desc *desc;

	if (cpu >= gk.info->cpus || !left[cpu])
		cpu = emptiest_cpu();
	if (!left[cpu])
		return -ENOSPC;
	desc = &guest_irqs.msis[cpu * gk.info->cpu_vectors];
	while (desc->allocated)
		desc++;
	left[cpu]--;
	*desc = (struct irq_desc){
		.chip = chip,
		.chip_data = chip_data,
		.index = index,
		.irq = guest_irqs.msi_base + (u32)(desc - guest_irqs.msis),
		.cpu = cpu,
		.depth = 1,
		.allocated = true,
	};
	init_waitqueue_head(&desc->wait);
	guest_account(MACHINE_RES_IRQ_VECTOR, desc->irq, 1, device);
	return (int)desc->irq;
}

void guest_vector_free(unsigned int irq, u32 device)
{
	struct irq_desc *desc = guest_irq_desc(irq);

	if (WARN_ON(!desc))
		return;
	if (desc->actions)
		guest_bug("bug-on",
			  "the vector of irq %u is freed, but handler %s is still there",
			  irq, desc->actions->name);
	desc->allocated = false;
	left[desc->cpu]++;
	guest_account(MACHINE_RES_IRQ_VECTOR, irq, -1, device);
}

void guest_vector_message(unsigned int irq, u64 *addr, u32 *data)
{
	unsigned int at = irq - guest_irqs.msi_base;

	*addr = gk.info->msi_address +
		((u64)(at / gk.info->cpu_vectors) << 12);
	*data = gk.info->msi_first_vector + at % gk.info->cpu_vectors;
}
