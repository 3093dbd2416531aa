/* SPDX-License-Identifier: MIT */
/*
 * Interrupt lines and their handlers (kernel/irq.c).  Numbers: 16 + n is input
 * line n of the interrupt controller; MSI vectors follow from 24.
 */
#ifndef LINUX_INTERRUPT_H
#define LINUX_INTERRUPT_H

#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/irqreturn.h>
#include <linux/types.h>

#define IRQF_TRIGGER_NONE 0x0u
#define IRQF_TRIGGER_RISING 0x1u
#define IRQF_TRIGGER_HIGH 0x4u
#define IRQF_SHARED 0x80u
#define IRQF_ONESHOT 0x2000u
#define IRQF_NO_SUSPEND 0x4000u
#define IRQF_NO_THREAD 0x10000u
#define IRQF_NO_AUTOEN 0x80000u

typedef irqreturn_t (*irq_handler_t)(int irq, void *dev_id);

#define IRQ_AFFINITY_MAX_SETS 4

/* How pci_alloc_irq_vectors_affinity spreads vectors over CPUs: not the first
 * pre_vectors nor the last post_vectors; of the others each set alone, so that
 * each CPU belongs to one vector of each set. */
struct irq_affinity {
	unsigned int pre_vectors;
	unsigned int post_vectors;
	unsigned int nr_sets;
	unsigned int set_size[IRQ_AFFINITY_MAX_SETS];
	/* Fills nr_sets and set_size for that many vectors; NULL: one set. */
	void (*calc_sets)(struct irq_affinity *affd, unsigned int nvecs);
	void *priv;
};

struct irq_affinity_desc {
	struct cpumask mask;
	unsigned int is_managed : 1; /* spread; else any CPU */
};

/* Of nvecs vectors, for kfree; NULL: nothing to spread, or no memory. */
struct irq_affinity_desc *irq_create_affinity_masks(unsigned int nvecs,
						    struct irq_affinity *affd);
/* How many of at most maxvec vectors make sense; 0: fewer than minvec. */
unsigned int irq_calc_affinity_vectors(unsigned int minvec, unsigned int maxvec,
				       const struct irq_affinity *affd);

/* 0; -EINVAL: no such irq, or IRQF_SHARED without dev_id; -EBUSY: taken and not
 * shared on both sides; -ENOMEM. */
int __must_check request_threaded_irq(unsigned int irq, irq_handler_t handler,
				      irq_handler_t thread_fn,
				      unsigned long flags, const char *name,
				      void *dev_id);

static inline int __must_check request_irq(unsigned int irq,
					   irq_handler_t handler,
					   unsigned long flags,
					   const char *name, void *dev_id)
{
	return request_threaded_irq(irq, handler, NULL, flags, name, dev_id);
}

/* Waits until no handler runs; returns the name that was given, or NULL. */
const void *free_irq(unsigned int irq, void *dev_id);
/* Waits until no handler of that irq runs any more. */
void synchronize_irq(unsigned int irq);
/* Nests; disable_irq also waits for running handlers. */
void disable_irq(unsigned int irq);
void disable_irq_nosync(unsigned int irq);
void enable_irq(unsigned int irq);

/* Sends the irq to a CPU of the mask, at once; one that goes to such a CPU stays.
 * -EINVAL: no such irq, no such CPU; -ENOSPC: that CPU has no vector left. */
int irq_set_affinity(unsigned int irq, const struct cpumask *mask);
/* The hint is remembered for whoever balances interrupts, here nobody: it
 * changes nothing. NULL takes it back; the mask must live as long as it is one. */
int irq_update_affinity_hint(unsigned int irq, const struct cpumask *mask);
/* Both; a mask of NULL only takes the hint back. */
int irq_set_affinity_and_hint(unsigned int irq, const struct cpumask *mask);
/* The older name of that. */
#define irq_set_affinity_hint(irq, mask) irq_set_affinity_and_hint(irq, mask)
/* Where it may go; NULL: no such irq. */
const struct cpumask *irq_get_affinity_mask(unsigned int irq);

#endif
