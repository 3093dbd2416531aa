/* SPDX-License-Identifier: MIT */
/*
 * MSI-X (PCI 3.0 6.8.2, 6.8.3): the driver's PCI core writes the vector table
 * and the masks, the function fires vectors, the host carries the messages.
 *
 * One entry of the table (6.8.2.6 to 6.8.2.9):
 *
 *    31             2 1 0
 *   +----------------+---+
 *   | Message Address| 0 |  +0
 *   | Message Upper Address |  +4
 *   | Message Data   |      +8
 *   | reserved     | Mask |  +12  Vector Control, bit 0
 *
 * The pending bit array has bit n of QWORD n / 64 for vector n.
 *
 * Where the specification is silent: a vector that fires unmasked while Bus
 * Master is off is lost, since the message is a memory write that may not leave;
 * one that was pending before stays pending, and is sent when Bus Master, MSI-X
 * Enable and the masks let it.
 */
#include "models/pci/msix.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "models/pci/caps.h"
#include "models/pci/tell.h"

#define MSIX_CONTROL_ENABLE 0x8000u
#define MSIX_CONTROL_FUNCTION_MASK 0x4000u
#define MSIX_VECTOR_MASK 0x1u
#define NO_QUEUE 0xffffu /* of a guest's mistake that is no queue's */
/* In the copy of an entry: the byte behind address and data, 1 if it is one. */
#define FIRST_KNOWN 12u

#define ROW(nm, off, w, wr, rst, sec, text)                                    \
	{ .name = nm, .offset = off, .width = w, .writable = wr, .reset = rst, \
	  .section = "PCI 3.0 " sec, .about = text }

enum { CAP_ID, CAP_NEXT, CAP_CONTROL, CAP_TABLE, CAP_PBA };

/* Table Size and the two offsets are written by pci_msix_init. */
static const struct reg cap_regs[] = {
	[CAP_ID] = ROW("Capability ID", 0x0, 1, 0, 0x11, "6.8.2.1", "MSI-X"),
	[CAP_NEXT] = ROW("Next Pointer", 0x1, 1, 0, 0, "6.8.2.2",
			 "Next capability, 0: the last"),
	[CAP_CONTROL] = ROW("Message Control", 0x2, 2, 0xc000, 0, "6.8.2.3",
			    "MSI-X Enable, Function Mask, Table Size - 1"),
	[CAP_TABLE] = ROW("Table Offset/Table BIR", 0x4, 4, 0, 0, "6.8.2.4",
			  "Where the table is: offset, and BAR in bits 2:0"),
	[CAP_PBA] = ROW("PBA Offset/PBA BIR", 0x8, 4, 0, 0, "6.8.2.5",
			"Where the pending bits are, likewise"),
};

const struct reg_block pci_msix_regs = {
	.name = "MSI-X capability",
	.regs = cap_regs,
	.count = sizeof(cap_regs) / sizeof(cap_regs[0]),
	.size = 12,
};

enum { ENTRY_ADDR, ENTRY_UPPER, ENTRY_DATA, ENTRY_CONTROL };

static const struct reg entry_regs[] = {
	[ENTRY_ADDR] = ROW("Message Address", 0x0, 4, 0xfffffffc, 0, "6.8.2.7",
			   "Where the message is written, a dword"),
	[ENTRY_UPPER] = ROW("Message Upper Address", 0x4, 4, 0xffffffff, 0,
			    "6.8.2.8", "Its upper half"),
	[ENTRY_DATA] = ROW("Message Data", 0x8, 4, 0xffffffff, 0, "6.8.2.6",
			   "What is written there"),
	[ENTRY_CONTROL] = ROW("Vector Control", 0xc, 4, 0x1, 0x1, "6.8.2.9",
			      "Bit 0: the vector is masked"),
};

const struct reg_block pci_msix_entry_regs = {
	.name = "MSI-X table entry",
	.regs = entry_regs,
	.count = sizeof(entry_regs) / sizeof(entry_regs[0]),
	.size = PCI_MSIX_ENTRY_BYTES,
};

static uint32_t table_bytes(const struct pci_msix *msix)
{
	return msix->entries * PCI_MSIX_ENTRY_BYTES;
}

/* Whole QWORDs, 6.8.2: the last one is there even when partly used. */
static uint32_t pba_words(uint32_t entries)
{
	return (entries + 63) / 64;
}

static uint8_t *entry(const struct pci_msix *msix, uint32_t vector)
{
	return msix->table + (size_t)vector * PCI_MSIX_ENTRY_BYTES;
}

static uint32_t control(const struct pci_msix *msix)
{
	return pci_cfg_get(msix->cfg, msix->cap + 2u, 2);
}

bool pci_msix_enabled(const struct pci_msix *msix)
{
	return msix->entries != 0 && (control(msix) & MSIX_CONTROL_ENABLE);
}

static bool masked(const struct pci_msix *msix, uint32_t vector)
{
	return (control(msix) & MSIX_CONTROL_FUNCTION_MASK) ||
	       (reg_get(entry(msix, vector), &entry_regs[ENTRY_CONTROL]) &
		MSIX_VECTOR_MASK);
}

/* Does a mask keep the vector from being sent? */
static bool held_back(const struct pci_msix *msix, uint32_t vector)
{
	bool function = control(msix) & MSIX_CONTROL_FUNCTION_MASK;
	bool one = reg_get(entry(msix, vector), &entry_regs[ENTRY_CONTROL]) &
		   MSIX_VECTOR_MASK;

	return (function && !pci_quirk(msix->cfg,
				       PCI_QUIRK_MSIX_FUNCTION_MASK)) ||
	       (one && !pci_quirk(msix->cfg, PCI_QUIRK_MSIX_VECTOR_MASK));
}

static bool may_write(const struct pci_msix *msix)
{
	return pci_cfg_bus_master(msix->cfg) ||
	       (!msix->cfg->asleep &&
		pci_quirk(msix->cfg, PCI_QUIRK_MSIX_BUS_MASTER));
}

bool pci_msix_is_pending(const struct pci_msix *msix, uint32_t vector)
{
	return msix->pending[vector / 64] >> vector % 64 & 1;
}

static void set_pending(struct pci_msix *msix, uint32_t vector, bool pending)
{
	uint64_t bit = 1ull << vector % 64;

	if (pending)
		msix->pending[vector / 64] |= bit;
	else
		msix->pending[vector / 64] &= ~bit;
}

static void tell(const struct pci_msix *msix, enum model_event_kind kind,
		 uint32_t vector, uint64_t value, const char *text)
{
	pci_tell(msix->cfg->fn, kind, vector, value, text);
}

/* The entry that the message is made of.  It is read from the table now: that
 * of the vector's first message is kept for the quirk alone. */
static const uint8_t *message_entry(struct pci_msix *msix, uint32_t vector)
{
	const uint8_t *now = entry(msix, vector);
	uint8_t *first = msix->first + (size_t)vector * PCI_MSIX_ENTRY_BYTES;

	if (!first[FIRST_KNOWN]) {
		memcpy(first, now, FIRST_KNOWN);
		first[FIRST_KNOWN] = 1;
	}
	return memcmp(first, now, FIRST_KNOWN) &&
	       pci_quirk(msix->cfg, PCI_QUIRK_MSIX_STALE) ? first : now;
}

static void send(struct pci_msix *msix, uint32_t vector)
{
	const uint8_t *e = message_entry(msix, vector);
	struct pci_host *host = msix->cfg->fn->host;
	uint64_t addr = reg_get(e, &entry_regs[ENTRY_ADDR]) |
			reg_get(e, &entry_regs[ENTRY_UPPER]) << 32;

	if (!pci_quirk(msix->cfg, PCI_QUIRK_MSIX_UNSENT))
		host->ops->msi(host, vector, addr,
			       (uint32_t)reg_get(e, &entry_regs[ENTRY_DATA]));
}

/* Sends what is pending among the vectors first .. first + count - 1 and no
 * longer held back.  All that may release a vector ends here. */
static void deliver(struct pci_msix *msix, uint32_t first, uint32_t count)
{
	if (!pci_msix_enabled(msix))
		return;
	for (uint32_t v = first; v < first + count; v++) {
		if (!pci_msix_is_pending(msix, v) || held_back(msix, v) ||
		    !may_write(msix))
			continue;
		set_pending(msix, v, false);
		tell(msix, MODEL_EV_MSIX_PENDING, v, 0, NULL);
		send(msix, v);
	}
}

/* For when the mask goes. */
static void keep(struct pci_msix *msix, uint32_t vector)
{
	if (pci_msix_is_pending(msix, vector) ||
	    pci_quirk(msix->cfg, PCI_QUIRK_MSIX_PENDING_LOST))
		return;
	tell(msix, MODEL_EV_MSIX_PENDING, vector, 1, NULL);
	set_pending(msix, vector, true);
}

enum model_notify pci_msix_notify(struct pci_msix *msix, uint32_t vector)
{
	const char *why = NULL;

	assert(vector < msix->entries);
	if (!pci_msix_enabled(msix)) {
		why = "MSI-X is not enabled";
	} else if (held_back(msix, vector)) {
		keep(msix, vector);
		return MODEL_NOTIFY_PENDING;
	} else if (!may_write(msix)) {
		why = msix->cfg->asleep ? "the function is in D3hot" :
					  "Bus Master is off";
	}
	if (why) {
		tell(msix, MODEL_EV_MSIX_DROPPED, vector, 0, why);
		return MODEL_NOTIFY_DROPPED;
	}
	send(msix, vector);
	return MODEL_NOTIFY_SENT;
}

static void withdraw(struct pci_msix *msix, uint32_t vector, const char *why)
{
	if (!pci_msix_is_pending(msix, vector))
		return;
	set_pending(msix, vector, false);
	tell(msix, MODEL_EV_MSIX_DROPPED, vector, 0, why);
}

void pci_msix_clear_pending(struct pci_msix *msix, uint32_t vector)
{
	assert(vector < msix->entries);
	withdraw(msix, vector, "its cause is gone");
}

/* Message Control may have changed, or what Bus Master allows.  The function is
 * silent on its pin before the first message, and the other way round. */
static void changed(struct pci_cfg *cfg, void *owner)
{
	struct pci_msix *msix = owner;
	uint16_t now = (uint16_t)control(msix);

	if (now != msix->control) {
		msix->control = now;
		tell(msix, MODEL_EV_MSIX_CONTROL, 0, now, NULL);
		pci_cfg_set_messages(cfg, now & MSIX_CONTROL_ENABLE);
	}
	deliver(msix, 0, msix->entries);
}

static void after_write(struct pci_cfg *cfg, void *owner, uint32_t offset,
			uint32_t width)
{
	struct pci_msix *msix = owner;

	(void)offset;
	(void)width;
	if (control(msix) != msix->control &&
	    pci_quirk(cfg, PCI_QUIRK_MSIX_CONTROL))
		pci_cfg_put(cfg, msix->cap + 2u, 2, msix->control);
	changed(cfg, owner);
}

static const struct pci_cap_ops msix_ops = {
	.after_write = after_write,
	.changed = changed,
};

static bool overlap(uint64_t a, uint64_t a_len, uint64_t b, uint64_t b_len)
{
	return a < b + b_len && b < a + a_len;
}

/* Wrong numbers here are our own mistake. */
static void check_layout(const struct pci_cfg *cfg, uint8_t bar,
			 uint32_t entries, uint32_t table_offset,
			 uint32_t pba_offset)
{
	uint64_t table_len = (uint64_t)entries * PCI_MSIX_ENTRY_BYTES;
	uint64_t pba_len = 8ull * pba_words(entries);

	assert(entries <= PCI_MSIX_MAX_ENTRIES && bar < PCI_BARS);
	assert(cfg->bars[bar].kind >= PCI_BAR_MEM32);
	assert(table_offset % 8 == 0 && pba_offset % 8 == 0);
	assert(table_offset + table_len <= cfg->bars[bar].size);
	assert(pba_offset + pba_len <= cfg->bars[bar].size);
	assert(!overlap(table_offset, table_len, pba_offset, pba_len));
	(void)cfg, (void)table_offset, (void)pba_offset;
	(void)table_len, (void)pba_len, (void)bar;
}

/* What differs from one function to the next, in the bytes and in what a reset
 * brings back. */
static void fill_cap(struct pci_msix *msix)
{
	struct pci_cfg *cfg = msix->cfg;

	pci_cfg_put(cfg, msix->cap + 2u, 2, msix->entries - 1);
	pci_cfg_put(cfg, msix->cap + 4u, 4, msix->table_offset | msix->bar);
	pci_cfg_put(cfg, msix->cap + 8u, 4, msix->pba_offset | msix->bar);
	memcpy(&cfg->list->reset[msix->cap + 2], &cfg->bytes[msix->cap + 2], 10);
	msix->control = (uint16_t)control(msix);
}

static void reset_table(struct pci_msix *msix)
{
	for (uint32_t v = 0; v < msix->entries; v++)
		reg_block_reset(&pci_msix_entry_regs, entry(msix, v));
	if (msix->entries)
		memset(msix->first, 0, table_bytes(msix));
}

bool pci_msix_init(struct pci_msix *msix, struct pci_cfg *cfg, uint8_t bar,
		   uint32_t entries, uint32_t table_offset, uint32_t pba_offset)
{
	*msix = (struct pci_msix){ .cfg = cfg };
	if (entries == 0)
		return true;
	check_layout(cfg, bar, entries, table_offset, pba_offset);
	msix->table = malloc((size_t)entries * PCI_MSIX_ENTRY_BYTES);
	msix->first = malloc((size_t)entries * PCI_MSIX_ENTRY_BYTES);
	msix->pending = calloc(pba_words(entries), sizeof(*msix->pending));
	if (!msix->table || !msix->first || !msix->pending) {
		pci_msix_destroy(msix);
		return false;
	}
	msix->entries = entries;
	msix->bar = bar;
	msix->table_offset = table_offset;
	msix->pba_offset = pba_offset;
	reset_table(msix);
	msix->cap = pci_cfg_add_cap_block(cfg, PCI_CAP_ID_MSIX, &pci_msix_regs,
					  &msix_ops, msix);
	fill_cap(msix);
	return true;
}

void pci_msix_destroy(struct pci_msix *msix)
{
	free(msix->table);
	free(msix->first);
	free(msix->pending);
	*msix = (struct pci_msix){ .cfg = NULL };
}

void pci_msix_reset(struct pci_msix *msix)
{
	for (uint32_t v = 0; v < msix->entries; v++)
		withdraw(msix, v, "the function was reset");
	reset_table(msix);
}

static bool in_table(const struct pci_msix *msix, uint64_t offset)
{
	return offset >= msix->table_offset &&
	       offset - msix->table_offset < table_bytes(msix);
}

static bool in_pba(const struct pci_msix *msix, uint64_t offset)
{
	return offset >= msix->pba_offset &&
	       offset - msix->pba_offset < 8ull * pba_words(msix->entries);
}

uint64_t pci_msix_bar_read(struct pci_msix *msix, uint64_t offset,
			   uint32_t width)
{
	uint64_t at;

	if (in_table(msix, offset)) {
		if (width < 4)
			return (1ull << (8 * width)) - 1;
		at = offset - msix->table_offset;
		return reg_block_read(&pci_msix_entry_regs,
				      msix->table + at / 16 * 16, msix,
				      (uint32_t)(at % 16), width);
	}
	if (in_pba(msix, offset)) {
		if (width < 4)
			return (1ull << (8 * width)) - 1;
		at = msix->pending[(offset - msix->pba_offset) / 8] >>
		     (8 * (offset % 8));
		if (at && pci_quirk(msix->cfg, PCI_QUIRK_MSIX_PBA))
			at = 0;
		return width == 8 ? at : (uint32_t)at;
	}
	return 0;
}

/* 6.8.2: what is told of an entry that a function may have read already, and of
 * which it may send a half.  Here the next message has what was written last. */
static void check_unmasked(struct pci_msix *msix, uint32_t vector,
			   uint32_t offset)
{
	if (offset < entry_regs[ENTRY_CONTROL].offset &&
	    pci_msix_enabled(msix) && !masked(msix, vector))
		tell(msix, MODEL_EV_GUEST_ERROR, NO_QUEUE, 0,
		     "address or data of an MSI-X entry changed while it is "
		     "unmasked (PCI 3.0 6.8.2)");
}

/* The PBA takes no writes (6.8.2.10). */
void pci_msix_bar_write(struct pci_msix *msix, uint64_t offset, uint32_t width,
			uint64_t value)
{
	uint32_t at, vector;

	if (!in_table(msix, offset) || width < 4)
		return;
	at = (uint32_t)(offset - msix->table_offset);
	vector = at / PCI_MSIX_ENTRY_BYTES;
	check_unmasked(msix, vector, at % PCI_MSIX_ENTRY_BYTES);
	reg_block_write(&pci_msix_entry_regs, entry(msix, vector), msix,
			at % PCI_MSIX_ENTRY_BYTES, width, value);
	deliver(msix, vector, 1);
}
