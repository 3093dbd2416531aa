/* SPDX-License-Identifier: MIT */
/*
 * Quirks: the rules of PCI that a function can be made to break, each a fault
 * point that is asked where the rule is kept, and only when the rule would bite.
 * What they bring back are bugs that devices have had; the checks of a run, and
 * not a driver, are to find them.  Read by the .c files of models/pci, and by
 * who wants to know what can be wrong with a device.
 */
#ifndef RINGSIDE_MODELS_PCI_QUIRKS_H
#define RINGSIDE_MODELS_PCI_QUIRKS_H

#include "models/pci/function.h"

/* Enumerator, name, is it narrowed by a queue, effects (NULL: one thing), what
 * it does.  No line of the rows is told twice: enum, sites and the rows of a
 * model's fault table are all made of them. */
#define PCI_MSIX_QUIRKS(X)                                                    \
	X(PCI_QUIRK_MSIX_PENDING_LOST, "device.msix.pending_lost", false,     \
	  NULL, "a masked vector fires and no pending bit is set: the "       \
	  "interrupt is lost")                                                \
	X(PCI_QUIRK_MSIX_FUNCTION_MASK, "device.msix.function_mask", false,   \
	  NULL, "Function Mask is ignored")                                   \
	X(PCI_QUIRK_MSIX_VECTOR_MASK, "device.msix.vector_mask", false, NULL, \
	  "a vector's mask bit is ignored")                                   \
	X(PCI_QUIRK_MSIX_PBA, "device.msix.pba", false, NULL,                 \
	  "the pending bit array reads 0")                                    \
	X(PCI_QUIRK_MSIX_BUS_MASTER, "device.msix.bus_master", false, NULL,   \
	  "messages leave with Bus Master off")                               \
	X(PCI_QUIRK_MSIX_STALE, "device.msix.stale", false, NULL,             \
	  "a vector's messages go where its first one went, whatever the "    \
	  "table says by now")                                                \
	X(PCI_QUIRK_MSIX_CONTROL, "device.msix.control", false, NULL,         \
	  "a write of Message Control is lost")                               \
	X(PCI_QUIRK_MSIX_UNSENT, "device.msix.unsent", false, NULL,           \
	  "a message that was decided on never leaves")

#define PCI_PIN_QUIRKS(X)                                                     \
	X(PCI_QUIRK_INTX_PULSE, "device.intx.pulse", false, NULL,             \
	  "the pin is asserted and deasserted at once: an edge, no level")    \
	X(PCI_QUIRK_INTX_DISABLE, "device.intx.disable", false, NULL,         \
	  "Interrupt Disable is ignored")                                     \
	X(PCI_QUIRK_INTX_BESIDE_MSIX, "device.intx.beside_msix", false, NULL, \
	  "the pin is asserted although MSI-X is enabled")                    \
	X(PCI_QUIRK_DMA_BUS_MASTER, "device.dma.bus_master", false, NULL,     \
	  "DMA goes on with Bus Master off")

#define PCI_QUIRKS(X) PCI_MSIX_QUIRKS(X) PCI_PIN_QUIRKS(X)

#define MODEL_QUIRK_ENUM(id, name, queue, effects, about) id,
#define MODEL_QUIRK_SITE(id, site, queue, effects, about) { .name = site },
/* A row of a model's fault table, with its comma. */
#define MODEL_QUIRK_POINT(id, point, queue, what, text)                       \
	{ .name = point, .errors = "", .by_queue = queue, .about = text,      \
	  .effects = what, .quirk = true },

enum pci_quirk {
	PCI_QUIRKS(MODEL_QUIRK_ENUM)
	PCI_QUIRK_COUNT
};

/* Shall the rule be broken now?  0: no; else the effect, from 1. */
static inline int model_quirk(struct pci_host *h, struct model_fault_site *site,
			      uint32_t index)
{
	return h->ops->fault(h, site, index);
}

#endif
