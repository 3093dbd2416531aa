/* SPDX-License-Identifier: MIT */
/* Interrupts, under the other name drivers know. */
#ifndef LINUX_IRQ_H
#define LINUX_IRQ_H

#include <linux/interrupt.h>

#endif
