/* SPDX-License-Identifier: MIT */
/*
 * The chapters of the rule book, by their names.
 */
#include "sim/check/clauses/chapters.h"

const struct chapter *const rulebook_chapters[] = {
	&chapter_config_space,
	&chapter_features,
	&chapter_initialization,
	&chapter_needs_reset,
	&chapter_queue_reset,
	&chapter_reserved,
	&chapter_reset,
	&chapter_split_notify,
	&chapter_split_ring,
	&chapter_status,
	&chapter_pci_caps,
	&chapter_pci_cap_use,
	&chapter_pci_common,
	&chapter_pci_fields,
	&chapter_pci_notify,
	&chapter_pci_msix,
	&chapter_pci_window,
	&chapter_block,
	&chapter_entropy,
	&chapter_balloon,
	NULL
};
