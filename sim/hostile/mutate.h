/* SPDX-License-Identifier: MIT */
/*
 * A good value made into a bad one.  Registers are changed as the whole that was
 * read; of what moves by DMA one field changes, since that is how rings and
 * headers are read.
 */
#ifndef RINGSIDE_SIM_HOSTILE_MUTATE_H
#define RINGSIDE_SIM_HOSTILE_MUTATE_H

#include "sim/hostile/plan.h"

/* The value of `width` bytes (1, 2, 4, 8) that the step makes of `good`; stale:
 * what there was before. */
uint64_t hostile_value(const struct hostile_step *step, uint64_t good,
		       uint64_t stale, uint32_t width);
/* The same with one field of the bytes; stale: as many bytes that were there
 * before. */
void hostile_field(const struct hostile_step *step, uint8_t *bytes,
		   const uint8_t *stale, uint32_t len);
/* Is it an act with a value? */
bool hostile_is_value(const struct hostile_step *step);

#endif
