/* SPDX-License-Identifier: MIT */
/*
 * What image.c, which speaks to door 1, gives bare.c, which speaks virtio, and
 * the other way round.
 */
#ifndef RINGSIDE_EXAMPLES_GUEST_BARE_BARE_H
#define RINGSIDE_EXAMPLES_GUEST_BARE_BARE_H

#include "examples/guest-bare/virtio.h"
#include "guestdrv/abi/machine.h"

/* image.c: the machine, and the function of which cfg() speaks */
extern struct machine *m;
extern const struct machine_calls *call;
extern const struct machine_info *info;
extern uint32_t bdf;

uint32_t rd(uint64_t addr, unsigned int width);
void wr(uint64_t addr, unsigned int width, uint64_t value);
/* A register of the function's config space. */
uint64_t cfg(uint32_t offset);
/* Places the function's memory BARs in the 32-bit window. */
void place_bars(void);
/* Fills in where the structures of a type are, and notify_off_multiplier. */
bool find_structures(uint64_t at[DEVICE + 1], uint64_t *multiplier);
/* Tells the simulator how far the guest is. */
void note(enum machine_note_kind kind, int result);

/* bare.c: 0 or -errno */
int probe(void);
int read_sector(uint32_t device, uint64_t sector);
void stop(void);

#endif
