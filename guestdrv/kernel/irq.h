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

/* How a source is let through and masked, and sent to another CPU. Both are
 * called with desc->lock held, so that no half of one meets the other. */
struct irq_chip {
	void (*mask)(struct irq_desc *desc, bool masked);
	/* 0, or -ENOSPC: that CPU has no vector left. */
	int (*set_cpu)(struct irq_desc *desc, u32 cpu);
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
	u32 cpu;                      /* where it goes now */
	unsigned int vector;          /* of that CPU, from 0; MSI only */
	struct cpumask affinity;      /* where it may go */
	const struct cpumask *hint;   /* the driver's own, for whoever balances */
	spinlock_t lock;              /* depth and the source's registers */
	unsigned int depth;           /* of disable_irq; 0: enabled */
	bool pending;                 /* came while disabled */
	bool again;                   /* came while a handler ran elsewhere */
	bool allocated;
	unsigned int running;         /* handlers under way */
	unsigned int count;           /* interrupts of this round */
	unsigned int unhandled;       /* that nobody handled */
	unsigned long last_unhandled; /* jiffies */
	bool spurious_disabled;       /* given up */
	struct wait_queue_head wait;  /* for running to end */
};

struct guest_irqs {
	struct irq_desc *lines;
	struct irq_desc *msis;        /* info->cpus * info->cpu_vectors */
	/* As many: what each CPU's vectors stand for, CPU by CPU. */
	struct irq_desc **vectors;
	unsigned int nr_msis;
	unsigned int msi_base;
};
extern struct guest_irqs guest_irqs;

/* irq.c: tells the machine whose the interrupt is, or was. */
void guest_irq_note_owners(const struct irq_desc *desc,
			   enum machine_note_kind kind);
/* NULL: no such irq, or a vector that nobody allocated. */
struct irq_desc *guest_irq_desc(unsigned int irq);
void guest_irq_handle(struct irq_desc *desc);
/* Asks each handler; did one of them know the interrupt? */
bool guest_irq_run_handlers(struct irq_desc *desc);
void guest_irq_wake_thread(struct irqaction *action);
int guest_irq_thread(void *action);

/* irq_spurious.c */
void guest_irq_spurious_boot(void);
void guest_irq_note_handled(struct irq_desc *desc, bool handled);
void guest_irq_note_new_handler(struct irq_desc *desc);

/* A vector of the first CPU of `cpus` that has one left, or (NULL, or all of
 * those have none) of the CPU that has most: its irq number, or -ENOSPC. */
int guest_vector_alloc(const struct cpumask *cpus, const struct irq_chip *chip,
		       void *chip_data, unsigned int index, u32 device);
void guest_vector_free(unsigned int irq, u32 device);
/* Gives the irq a vector of another CPU, 0 or -ENOSPC.  The old one still leads
 * to it, for messages that are on their way. */
int guest_vector_move(struct irq_desc *desc, u32 cpu);
/* The irq that a CPU's vector stands for, or NULL. */
struct irq_desc *guest_vector_desc(u32 cpu, unsigned int vector);
unsigned int guest_vectors_left(void);
/* What a device writes, and where, to raise it. */
void guest_vector_message(unsigned int irq, u64 *addr, u32 *data);

#endif
