/* SPDX-License-Identifier: MIT */
/*
 * Each chapter is a file of this name.
 */
#ifndef RINGSIDE_SIM_CHECK_CLAUSES_CHAPTERS_H
#define RINGSIDE_SIM_CHECK_CLAUSES_CHAPTERS_H

#include "models/pci/function.h"
#include "sim/check/clauses/rulebook.h"

extern const struct chapter chapter_config_space;
extern const struct chapter chapter_features;
extern const struct chapter chapter_initialization;
extern const struct chapter chapter_needs_reset;
extern const struct chapter chapter_queue_reset;
extern const struct chapter chapter_reserved;
extern const struct chapter chapter_reset;
extern const struct chapter chapter_pci_cap_use;
extern const struct chapter chapter_pci_caps;
extern const struct chapter chapter_pci_common;
extern const struct chapter chapter_pci_fields;
extern const struct chapter chapter_pci_msix;
extern const struct chapter chapter_pci_notify;
extern const struct chapter chapter_pci_window;
extern const struct chapter chapter_balloon;
extern const struct chapter chapter_block;
extern const struct chapter chapter_entropy;
extern const struct chapter chapter_split_notify;
extern const struct chapter chapter_split_ring;
extern const struct chapter chapter_status;

/* Of MODEL_EV_NOTIFY: does the driver come to see it? */
static inline bool notify_interrupts(uint64_t notify)
{
	return notify == MODEL_NOTIFY_SENT || notify == MODEL_NOTIFY_PENDING ||
	       notify == MODEL_NOTIFY_INTX;
}

#endif
