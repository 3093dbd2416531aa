/* SPDX-License-Identifier: MIT */
/*
 * Short forms for what the models of this folder ask of their host.  Read by the
 * .c files of models/pci.
 */
#ifndef RINGSIDE_MODELS_PCI_TELL_H
#define RINGSIDE_MODELS_PCI_TELL_H

#include "models/pci/function.h"

static inline void pci_tell(const struct pci_function *fn,
			    enum model_event_kind kind, uint32_t index,
			    uint64_t value, const char *text)
{
	const struct model_event ev = {
		.kind = kind, .index = index, .value = value, .text = text,
	};

	fn->host->ops->event(fn->host, &ev);
}

#endif
