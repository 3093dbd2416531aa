/* SPDX-License-Identifier: MIT */
/*
 * What a lab offers beside the headers of linux/.  The student's file is one C file; it is
 * joined with the guest kernel and guestdrv/lab/ to the image `lab`, without a
 * virtio stack: that is what the labs are about.
 */
#ifndef LAB_H
#define LAB_H

#include <linux/compiler.h>
#include <linux/types.h>

struct pci_dev;

/*
 * Tells the checks a value: the line "lab: NAME=0x2a (42)" in the guest's log.
 * Checks compare it with what the machine really has.  A name has one value: who
 * reports two that differ is taken at neither.
 */
void lab_report(const char *name, u64 value);

/*
 * Where things are, for a driver that finds its device without a PCI core (the
 * machine is started with the guest option `pci_scan: false` then).  Bus
 * addresses, for ioremap().
 *
 * lab_ecam: configuration space, 4 KiB a function:
 *   lab_ecam() + (bus << 20 | device << 15 | function << 12)
 * lab_window: where 32-bit memory BARs may be placed; *size in bytes.
 */
phys_addr_t lab_ecam(void);
phys_addr_t lab_window(u64 *size);

/*
 * A part of the file that checks run by its name, `lab.task: {task: NAME}`; it
 * answers 0 or -errno.  What goes wrong in one costs the others nothing.
 */
struct lab_task {
	const char *name;
	int (*run)(void);
};

#define LAB_TASK(task, fn)                                                 \
	static const struct lab_task COMPILER_PASTE(lab_task_, task) = {   \
		.name = #task, .run = fn,                                  \
	};                                                                 \
	static const struct lab_task *const                                \
		COMPILER_PASTE(lab_task_row_, task) __used __in_order      \
		__section("lab_tasks") = &COMPILER_PASTE(lab_task_, task)

/*
 * What the workload of a check asks the driver for.  Define one and name it with
 * LAB_OPS(); what is NULL, or not there, fails with ENOSYS.  Each runs on a
 * thread, may sleep, and answers 0 or -errno.
 */
struct lab_ops {
	/* `blk.read` and `blk.write`: whole sectors of 512 bytes.  buf is
	 * kmalloc()ed, so that it can be mapped for DMA. */
	int (*read)(struct pci_dev *pdev, u64 sector, void *buf,
		    unsigned int sectors);
	int (*write)(struct pci_dev *pdev, u64 sector, const void *buf,
		     unsigned int sectors);
	/* `lab.request`: anything else that a sheet names. */
	int (*request)(struct pci_dev *pdev, const char *what, s64 value);
};

#define LAB_OPS(ops) const struct lab_ops *const lab_ops_of_file = &(ops)
extern const struct lab_ops *const lab_ops_of_file;

#endif
