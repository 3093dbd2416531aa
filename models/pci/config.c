/* SPDX-License-Identifier: MIT */
/*
 * Type-0 configuration space: the header's table, the way of each access, and
 * the effects of Command (PCI 3.0 6.1, 6.2).  The guest's PCI core reads and
 * writes it through the host bridge; bars.c has the BARs, caps.c the list.
 *
 *  00  Vendor ID         Device ID         20  BAR 4
 *  04  Command           Status            24  BAR 5
 *  08  Revision, Interface, Sub-, Base     28  Cardbus CIS Pointer
 *  0C  Line Size, Latency, Header, BIST    2C  Subsystem Vendor, Subsystem
 *  10  BAR 0                               30  Expansion ROM
 *  14  BAR 1                               34  Capabilities Pointer
 *  18  BAR 2                               38  reserved
 *  1C  BAR 3                               3C  Line, Pin, Min_Gnt, Max_Lat
 */
#include "models/pci/config.h"

#include <assert.h>
#include <string.h>

#include "models/pci/bars.h"
#include "models/pci/pci_regs.h"
#include "models/pci/tell.h"

#define ALL_LANES UINT64_MAX

static const struct model_fault_site quirk_sites[PCI_QUIRK_COUNT] = {
	PCI_QUIRKS(MODEL_QUIRK_SITE)
};

static reg_write_fn command_written;

#define ROW(nm, off, w, wr, clr, sec, hook, text)                              \
	{ .name = nm, .offset = off, .width = w, .writable = wr, .w1c = clr,   \
	  .section = "PCI 3.0 " sec, .about = text, .write = hook }
#define RO(nm, off, w, sec, text) ROW(nm, off, w, 0, 0, sec, NULL, text)
#define BAR(n, off)                                                            \
	ROW("Base Address Register " n, off, 4, 0xffffffff, 0, "6.2.5.1",      \
	    pci_bars_written, "Where window " n " decodes, and of which kind")

/* Command: I/O, memory, Bus Master, parity response, SERR#, INTx disable; the
 * rest is hardwired to 0 as in PCI Express.  Status: the error bits clear. */
static const struct reg header_regs[] = {
	RO("Vendor ID", 0x00, 2, "6.2.1", "Who made it"),
	RO("Device ID", 0x02, 2, "6.2.1", "What it is, the maker's number"),
	ROW("Command", 0x04, 2, 0x0547, 0, "6.2.2", command_written,
	    "What the function may do on the bus"),
	ROW("Status", 0x06, 2, 0, 0xf900, "6.2.3", NULL,
	    "Interrupt Status, Capabilities List, errors"),
	RO("Revision ID", 0x08, 1, "6.2.1", "The maker's revision"),
	RO("Interface", 0x09, 1, "6.2.1", "Class Code: programming interface"),
	RO("Sub-Class", 0x0a, 1, "6.2.1", "Class Code: which of its kind"),
	RO("Base Class", 0x0b, 1, "6.2.1", "Class Code: kind of function"),
	ROW("Cacheline Size", 0x0c, 1, 0xff, 0, "6.2.4", NULL,
	    "Software's note, without effect"),
	RO("Latency Timer", 0x0d, 1, "6.2.4", "Hardwired to 0"),
	RO("Header Type", 0x0e, 1, "6.2.1", "Layout 0; bit 7: multifunction"),
	RO("BIST", 0x0f, 1, "6.2.4", "No self test"),
	BAR("0", 0x10),
	BAR("1", 0x14),
	BAR("2", 0x18),
	BAR("3", 0x1c),
	BAR("4", 0x20),
	BAR("5", 0x24),
	RO("Cardbus CIS Pointer", 0x28, 4, "6.2.4", "None"),
	RO("Subsystem Vendor ID", 0x2c, 2, "6.2.4", "Who made the board"),
	RO("Subsystem ID", 0x2e, 2, "6.2.4", "Which board"),
	RO("Expansion ROM Base Address", 0x30, 4, "6.2.5.2", "No ROM"),
	RO("Capabilities Pointer", 0x34, 1, "6.2.4", "First capability"),
	ROW("Interrupt Line", 0x3c, 1, 0xff, 0, "6.2.4", NULL,
	    "Software's note of the routing, without effect"),
	RO("Interrupt Pin", 0x3d, 1, "6.2.4", "0 none, 1..4: INTA#..INTD#"),
	RO("Min_Gnt", 0x3e, 1, "6.2.4", "Hardwired to 0"),
	RO("Max_Lat", 0x3f, 1, "6.2.4", "Hardwired to 0"),
};

const struct reg_block pci_cfg_header = {
	.name = "PCI type 0 header",
	.regs = header_regs,
	.count = sizeof(header_regs) / sizeof(header_regs[0]),
	.size = PCI_HEADER_SIZE,
};

uint32_t pci_cfg_get(const struct pci_cfg *cfg, uint32_t offset, uint32_t width)
{
	uint32_t value = 0;

	assert(offset + width <= PCI_CFG_BYTES && width <= 4);
	for (uint32_t i = 0; i < width; i++)
		value |= (uint32_t)cfg->bytes[offset + i] << (8 * i);
	return value;
}

void pci_cfg_put(struct pci_cfg *cfg, uint32_t offset, uint32_t width,
		 uint32_t value)
{
	assert(offset + width <= PCI_CFG_BYTES && width <= 4);
	for (uint32_t i = 0; i < width; i++)
		cfg->bytes[offset + i] = (uint8_t)(value >> (8 * i));
}

static void put_ids(struct pci_cfg *cfg)
{
	const struct pci_ids *ids = &cfg->ids;

	pci_cfg_put(cfg, PCI_REG_VENDOR_ID, 2, ids->vendor);
	pci_cfg_put(cfg, PCI_REG_DEVICE_ID, 2, ids->device);
	pci_cfg_put(cfg, PCI_REG_REVISION_ID, 1, ids->revision);
	pci_cfg_put(cfg, PCI_REG_CLASS_CODE, 3, ids->class_code);
	pci_cfg_put(cfg, PCI_REG_HEADER_TYPE, 1,
		    ids->multifunction ? PCI_HEADER_TYPE_MULTIFUNCTION : 0);
	pci_cfg_put(cfg, PCI_REG_SUBSYSTEM_VENDOR_ID, 2, ids->subsystem_vendor);
	pci_cfg_put(cfg, PCI_REG_SUBSYSTEM_ID, 2, ids->subsystem);
	pci_cfg_put(cfg, PCI_REG_INTERRUPT_PIN, 1, ids->intx_pin);
}

void pci_cfg_init(struct pci_cfg *cfg, struct pci_function *fn,
		  const struct pci_ids *ids)
{
	assert(ids->intx_pin <= 4 && ids->class_code <= 0xffffff);
	memset(cfg, 0, sizeof(*cfg));
	cfg->fn = fn;
	cfg->ids = *ids;
	cfg->cap_end = PCI_HEADER_SIZE;
	memcpy(cfg->quirks, quirk_sites, sizeof(cfg->quirks));
	put_ids(cfg);
}

static uint32_t command(const struct pci_cfg *cfg)
{
	return pci_cfg_get(cfg, PCI_REG_COMMAND, 2);
}

bool pci_cfg_bus_master(const struct pci_cfg *cfg)
{
	return (command(cfg) & PCI_COMMAND_BUS_MASTER) && !cfg->asleep;
}

/* Interrupt Disable, 6.2.2; it holds only the pin, not Interrupt Status. */
static bool intx_disabled(struct pci_cfg *cfg)
{
	return (command(cfg) & PCI_COMMAND_INTERRUPT_DISABLE) &&
	       !pci_quirk(cfg, PCI_QUIRK_INTX_DISABLE);
}

/* The pin is silent once there are messages (6.8.3.3). */
static bool intx_silent(struct pci_cfg *cfg)
{
	return cfg->messages && !pci_quirk(cfg, PCI_QUIRK_INTX_BESIDE_MSIX);
}

/* Interrupt Status, and the line, as everything together asks for. */
static void update_intx(struct pci_cfg *cfg)
{
	bool status = cfg->intx_wanted && cfg->ids.intx_pin != 0 &&
		      !cfg->asleep && !intx_silent(cfg);
	bool line = status && !intx_disabled(cfg);
	uint32_t bits = pci_cfg_get(cfg, PCI_REG_STATUS, 2);
	struct pci_host *host = cfg->fn->host;

	bits &= ~PCI_STATUS_INTERRUPT;
	pci_cfg_put(cfg, PCI_REG_STATUS, 2,
		    status ? bits | PCI_STATUS_INTERRUPT : bits);
	if (line == cfg->intx_line)
		return;
	cfg->intx_line = line;
	host->ops->intx(host, cfg->ids.intx_pin, line);
	if (line && pci_quirk(cfg, PCI_QUIRK_INTX_PULSE)) {
		cfg->intx_line = false;
		host->ops->intx(host, cfg->ids.intx_pin, false);
	}
}

void pci_cfg_set_intx(struct pci_cfg *cfg, bool asserted)
{
	cfg->intx_wanted = asserted;
	update_intx(cfg);
}

void pci_cfg_set_messages(struct pci_cfg *cfg, bool on)
{
	cfg->messages = on;
	update_intx(cfg);
}

static void tell_caps(struct pci_cfg *cfg)
{
	for (unsigned int i = 0; i < cfg->ncaps; i++) {
		const struct pci_cap *cap = &cfg->list->caps[i];

		if (cap->ops && cap->ops->changed)
			cap->ops->changed(cfg, cap->owner);
	}
}

/* Command or the power state has changed; `master`: what pci_cfg_bus_master was
 * before.  DMA stops before anything else can follow it. */
static void update_all(struct pci_cfg *cfg, bool master)
{
	struct pci_host *host = cfg->fn->host;

	if (master && !pci_cfg_bus_master(cfg) &&
	    !pci_quirk(cfg, PCI_QUIRK_DMA_BUS_MASTER))
		host->ops->cancel(host, ALL_LANES);
	update_intx(cfg);
	pci_bars_update(cfg);
	tell_caps(cfg);
}

static void command_written(void *owner, const struct reg *r, uint64_t old,
			    uint64_t now)
{
	struct pci_cfg *cfg = owner;

	(void)r;
	if (old == now)
		return;
	pci_tell(cfg->fn, MODEL_EV_COMMAND, 0, now, NULL);
	update_all(cfg, (old & PCI_COMMAND_BUS_MASTER) && !cfg->asleep);
}

void pci_cfg_set_asleep(struct pci_cfg *cfg, bool asleep)
{
	bool master = pci_cfg_bus_master(cfg);

	cfg->asleep = asleep;
	update_all(cfg, master);
}

static void reset_list(struct pci_cfg *cfg, const struct pci_cap_list *list)
{
	cfg->bytes[PCI_REG_CAPABILITIES_POINTER] =
		list->reset[PCI_REG_CAPABILITIES_POINTER];
	cfg->bytes[PCI_REG_STATUS] = list->reset[PCI_REG_STATUS];
	memcpy(&cfg->bytes[PCI_HEADER_SIZE], &list->reset[PCI_HEADER_SIZE],
	       cfg->cap_end - PCI_HEADER_SIZE);
}

void pci_cfg_reset(struct pci_cfg *cfg)
{
	uint32_t old = command(cfg);
	bool master = pci_cfg_bus_master(cfg);

	/* No register of the header has a reset value of its own. */
	memset(cfg->bytes, 0, PCI_HEADER_SIZE);
	put_ids(cfg);
	if (cfg->list)
		reset_list(cfg, cfg->list);
	pci_bars_reset(cfg);
	cfg->asleep = false;
	cfg->intx_wanted = false;
	if (old)
		pci_tell(cfg->fn, MODEL_EV_COMMAND, 0, 0, NULL);
	update_all(cfg, master);
}

/* The capability that has this byte, or NULL. */
static const struct pci_cap *cap_at(const struct pci_cfg *cfg, uint32_t offset)
{
	for (unsigned int i = 0; i < cfg->ncaps; i++) {
		const struct pci_cap *cap = &cfg->list->caps[i];

		if (offset >= cap->at && offset < (uint32_t)cap->at + cap->len)
			return cap;
	}
	return NULL;
}

uint32_t pci_cfg_read(struct pci_cfg *cfg, uint32_t offset, uint32_t width)
{
	const struct pci_cap *cap;

	assert(width <= 4 && offset <= PCI_CFG_SIZE - width);
	if (offset >= PCI_CFG_BYTES)
		return 0;
	cap = offset < PCI_HEADER_SIZE ? NULL : cap_at(cfg, offset);
	if (cap && cap->ops && cap->ops->before_read)
		cap->ops->before_read(cfg, cap->owner, offset - cap->at, width);
	return pci_cfg_get(cfg, offset, width);
}

void pci_cfg_write(struct pci_cfg *cfg, uint32_t offset, uint32_t width,
		   uint32_t value)
{
	const struct pci_cap *cap;

	assert(width <= 4 && offset <= PCI_CFG_SIZE - width);
	if (offset < PCI_HEADER_SIZE) {
		reg_block_write(&pci_cfg_header, cfg->bytes, cfg, offset, width,
				value);
		return;
	}
	cap = cap_at(cfg, offset);
	if (!cap)
		return;
	for (uint32_t i = 0; i < width; i++) {
		uint8_t written = (uint8_t)(value >> (8 * i));
		uint8_t mask = cfg->list->writable[offset + i];
		uint8_t *byte = &cfg->bytes[offset + i];

		*byte = (uint8_t)((*byte & ~mask) | (written & mask));
		*byte &= (uint8_t)~(written & cfg->list->w1c[offset + i]);
	}
	if (cap->ops && cap->ops->after_write)
		cap->ops->after_write(cfg, cap->owner, offset - cap->at, width);
}
