/* SPDX-License-Identifier: MIT */
/*
 * Interrupt descriptors: between irq.c, irq_handle.c, vector.c and pci_irq.c.
 * Irq numbers: 16 + n is input line n of the interrupt controller; a CPU's MSI
 * vectors follow from guest_irqs.msi_base, CPU by CPU.
 */
#ifndef GUESTDRV_KERNEL_IRQ_H
#define GUESTDRV_KERNEL_IRQ_H

#include <linux/interrupt.h>
#include <linux/wait.h>
#include "guestdrv/kernel/kernel.h"

#define IRQ_LINE_BASE 16u
#define IRQ_MSI_BASE 24u

struct irq_desc;

/* How a source is let through and masked. */
struct irq_chip {
	void (*mask)(struct irq_desc *desc, bool masked);
};

struct irqaction {
	struct irqaction *next;
	irq_handler_t handler;
	irq_handler_t thread_fn;
	void *dev_id;
	const char *name;
	unsigned long flags;
	u32 device;
	struct irq_desc *desc;
	struct task_struct *thread;
	bool thread_due, thread_runs;
};

struct irq_desc {
	struct irqaction *actions;    /* in the order of request_irq */
	const struct irq_chip *chip;
	void *chip_data;              /* struct guest_msix of MSI-X */
	unsigned int index;           /* in that; or the line */
	unsigned int irq;
	u32 cpu;
	unsigned int depth;           /* of disable_irq; 0: enabled */
	bool pending;                 /* came while disabled */
	bool allocated;
	unsigned int running;         /* handlers under way */
	unsigned int unhandled;       /* in a row */
	struct wait_queue_head wait;  /* for running to end */
};

struct guest_irqs {
	struct irq_desc *lines;
	struct irq_desc *msis;        /* info->cpus * info->cpu_vectors */
	unsigned int nr_msis;
	unsigned int msi_base;
};
extern struct guest_irqs guest_irqs;

/* NULL: no such irq, or a vector that nobody allocated. */
struct irq_desc *guest_irq_desc(unsigned int irq);
void guest_irq_handle(struct irq_desc *desc);
void guest_irq_wake_thread(struct irqaction *action);
int guest_irq_thread(void *action);

/* A vector of `cpu`, or (cpu out of range) of the CPU that has most left: its
 * irq number, or -ENOSPC. */
int guest_vector_alloc(u32 cpu, const struct irq_chip *chip, void *chip_data,
		       unsigned int index, u32 device);
void guest_vector_free(unsigned int irq, u32 device);
unsigned int guest_vectors_left(void);
/* What a device writes, and where, to raise it. */
void guest_vector_message(unsigned int irq, u64 *addr, u32 *data);

#endif
