/* SPDX-License-Identifier: MIT */
/* How actions reach the functions of a student's file. */
#ifndef GUESTDRV_LAB_LAB_OPS_H
#define GUESTDRV_LAB_LAB_OPS_H

#include <lab.h>

#include "guestdrv/lab/lab_kernel.h"

/* A file need not have any: NULL then. */
extern const struct lab_ops *const lab_ops_of_file __weak;

static inline const struct lab_ops *lab_ops(void)
{
	return &lab_ops_of_file ? lab_ops_of_file : NULL;
}

/* The device by its number, if a driver has it; else NULL. */
struct pci_dev *lab_bound_device(u32 bdf);

#endif
