/* SPDX-License-Identifier: MIT */
/*
 * Which CPU takes an interrupt: moving one (irq_set_affinity), hints, and how
 * the vectors of a device are spread over the CPUs.  The source itself is moved
 * by its chip: the line in irq.c, the MSI-X table's entry in pci_irq.c.
 */
#include "guestdrv/kernel/irq.h"

#include <linux/slab.h>
#include <ringside/fault.h>

GUEST_FAULT_SITE(site_set, "guest.irq.set_affinity");
GUEST_FAULT_SITE(site_masks, "guest.irq.affinity_masks");

struct cpumask guest_cpus;
static struct cpumask single[GUEST_MAX_CPUS];

void guest_cpumask_boot(void)
{
	u32 cpu;

	cpumask_clear(&guest_cpus);
	for (cpu = 0; cpu < GUEST_MAX_CPUS; cpu++) {
		cpumask_clear(&single[cpu]);
		cpumask_set_cpu(cpu, &single[cpu]);
		if (cpu < gk.info->cpus)
			cpumask_set_cpu(cpu, &guest_cpus);
	}
}

const struct cpumask *cpumask_of(unsigned int cpu)
{
	return &single[cpu];
}

unsigned int cpumask_weight(const struct cpumask *mask)
{
	unsigned int weight = 0, cpu;

	for_each_cpu(cpu, mask)
		weight++;
	return weight;
}

/* ---- where an interrupt goes ---- */

static int move(struct irq_desc *desc, u32 cpu)
{
	int err;

	if (desc->cpu == cpu)
		return 0;
	guest_irq_note_owners(desc, MACHINE_NOTE_IRQ_RELEASED);
	err = desc->chip->set_cpu(desc, cpu);
	guest_irq_note_owners(desc, MACHINE_NOTE_IRQ_OWNER);
	return err;
}

int irq_set_affinity(unsigned int irq, const struct cpumask *mask)
{
	struct irq_desc *desc = guest_irq_desc(irq);
	u32 cpu = cpumask_first(mask);
	unsigned long flags;
	int err;

	if (!desc || cpu >= nr_cpu_ids)
		return -EINVAL;
	err = guest_fault(&site_set, NULL, cpu);
	if (err)
		return err;
	spin_lock_irqsave(&desc->lock, flags);
	if (!cpumask_test_cpu(desc->cpu, mask))
		err = move(desc, cpu);
	if (!err)
		desc->affinity = *mask;
	spin_unlock_irqrestore(&desc->lock, flags);
	return err;
}

int irq_update_affinity_hint(unsigned int irq, const struct cpumask *mask)
{
	struct irq_desc *desc = guest_irq_desc(irq);

	if (!desc)
		return -EINVAL;
	desc->hint = mask;
	return 0;
}

int irq_set_affinity_and_hint(unsigned int irq, const struct cpumask *mask)
{
	int err = irq_update_affinity_hint(irq, mask);

	if (!err && mask)
		irq_set_affinity(irq, mask);
	return err;
}

const struct cpumask *irq_get_affinity_mask(unsigned int irq)
{
	const struct irq_desc *desc = guest_irq_desc(irq);

	return desc ? &desc->affinity : NULL;
}

/* ---- spreading ---- */

/* Every CPU to one of the set's vectors, neighbours together, the first vectors
 * one more where it does not come out even. */
static void spread_set(struct irq_affinity_desc *masks, unsigned int n)
{
	unsigned int cpus = num_online_cpus(), i, cpu = 0;

	n = min(n, cpus);
	for (i = 0; i < n; i++) {
		unsigned int share = cpus / n + (i < cpus % n);

		cpumask_clear(&masks[i].mask);
		while (share--)
			cpumask_set_cpu(cpu++, &masks[i].mask);
	}
}

struct irq_affinity_desc *irq_create_affinity_masks(unsigned int nvecs,
						    struct irq_affinity *affd)
{
	unsigned int spread, at = affd->pre_vectors, set, i;
	struct irq_affinity_desc *masks;

	if (nvecs <= affd->pre_vectors + affd->post_vectors)
		return NULL;
	if (guest_fault(&site_masks, NULL, nvecs))
		return NULL;
	spread = nvecs - affd->pre_vectors - affd->post_vectors;
	if (affd->calc_sets) {
		affd->calc_sets(affd, spread);
	} else {
		affd->nr_sets = 1;
		affd->set_size[0] = spread;
	}
	if (affd->nr_sets > IRQ_AFFINITY_MAX_SETS)
		return NULL;
	masks = guest_alloc(nvecs * sizeof(*masks));
	if (!masks)
		return NULL;
	for (i = 0; i < nvecs; i++) {
		masks[i].mask = *cpu_possible_mask;
		masks[i].is_managed = i >= affd->pre_vectors &&
				      i < nvecs - affd->post_vectors;
	}
	for (set = 0; set < affd->nr_sets && at < nvecs; set++) {
		spread_set(&masks[at], min(affd->set_size[set], nvecs - at));
		at += affd->set_size[set];
	}
	return masks;
}

unsigned int irq_calc_affinity_vectors(unsigned int minvec, unsigned int maxvec,
				       const struct irq_affinity *affd)
{
	unsigned int fixed = affd->pre_vectors + affd->post_vectors;
	unsigned int most = affd->calc_sets ? maxvec - fixed :
					      num_online_cpus();

	if (fixed > minvec)
		return 0;
	return fixed + min(most, maxvec - fixed);
}
