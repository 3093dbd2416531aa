/* SPDX-License-Identifier: MIT */
/* Barriers, for sources that ask the architecture. */
#ifndef ASM_BARRIER_H
#define ASM_BARRIER_H

#include <ringside/memory_model.h>

#endif
