/* SPDX-License-Identifier: MIT */
/*
 * The neighbour's registers and its beat.  Read by its driver, and by who wants
 * to share an interrupt line with it (PCI 3.0 2.2.6, 6.2.2, 6.2.3).
 *
 *   BAR 0   00  CONTROL  bit 0: may interrupt
 *           04  CAUSE    bit 0: an interrupt is pending; 1 clears it
 *           08  RAISE    any write: an interrupt now
 *           0C  RAISED   interrupts since CONTROL was set
 *
 * The line is up while CAUSE is set.  With `acknowledges: false` it stays up when
 * CAUSE has been cleared: a driver that looks finds nothing of its own, and
 * only Interrupt Disable or a reset ends it.
 */
#include "models/pci/neighbour.h"

#include <stdlib.h>
#include <string.h>

#include "models/pci/config.h"

#define BAR 0u
#define BAR_BYTES 4096u
#define BEAT_LANE 0u

struct neighbour {
	struct pci_function fn; /* first */
	struct pci_cfg cfg;
	uint8_t regs[16];
	uint64_t every;    /* ps; 0: only when asked to */
	bool acknowledges;
};

static struct neighbour *neighbour(void *owner)
{
	return owner;
}

enum { CONTROL, CAUSE, RAISE, RAISED };
static const struct reg rows[];

static bool enabled(const struct neighbour *n)
{
	return reg_get(n->regs, &rows[CONTROL]) & 1;
}

static void raise_interrupt(struct neighbour *n)
{
	if (!enabled(n))
		return;
	reg_set(n->regs, &rows[CAUSE], 1);
	reg_set(n->regs, &rows[RAISED],
		(reg_get(n->regs, &rows[RAISED]) + 1) & UINT32_MAX);
	pci_cfg_set_intx(&n->cfg, true);
}

static void beat(struct neighbour *n)
{
	struct pci_host *h = n->fn.host;

	if (n->every && enabled(n))
		h->ops->lane_schedule(h, BEAT_LANE, n->every);
}

/* Off: nothing is pending any more.  A line that is stuck stays so. */
static void control_written(void *owner, const struct reg *r, uint64_t old,
			    uint64_t now)
{
	struct neighbour *n = neighbour(owner);
	struct pci_host *h = n->fn.host;

	(void)r;
	if (old == now)
		return;
	reg_set(n->regs, &rows[CAUSE], 0);
	reg_set(n->regs, &rows[RAISED], 0);
	if (n->acknowledges)
		pci_cfg_set_intx(&n->cfg, false);
	if (now)
		beat(n);
	else
		h->ops->cancel(h, 1u << BEAT_LANE);
}

static void cause_written(void *owner, const struct reg *r, uint64_t old,
			  uint64_t now)
{
	struct neighbour *n = neighbour(owner);

	(void)r;
	if (old && !now && n->acknowledges)
		pci_cfg_set_intx(&n->cfg, false);
}

static void raise_written(void *owner, const struct reg *r, uint64_t old,
			  uint64_t now)
{
	(void)r, (void)old, (void)now;
	raise_interrupt(neighbour(owner));
}

static const struct reg rows[] = {
	[CONTROL] = { .name = "CONTROL", .offset = 0x00, .width = 4,
		      .writable = 1, .write = control_written,
		      .about = "Bit 0: the function may interrupt" },
	[CAUSE] = { .name = "CAUSE", .offset = 0x04, .width = 4, .w1c = 1,
		    .write = cause_written,
		    .about = "Bit 0: an interrupt is pending; 1 clears it" },
	[RAISE] = { .name = "RAISE", .offset = 0x08, .width = 4,
		    .write = raise_written,
		    .about = "Any write: an interrupt now; reads 0" },
	[RAISED] = { .name = "RAISED", .offset = 0x0c, .width = 4,
		     .about = "Interrupts since CONTROL was set" },
};

static const struct reg_block block = {
	.name = "pci-neighbour", .regs = rows,
	.count = sizeof(rows) / sizeof(rows[0]), .size = 16,
};

/* ---- the function's operations ---- */

static uint32_t config_read(struct pci_function *fn, uint32_t offset,
			    uint32_t width)
{
	return pci_cfg_read(&neighbour(fn)->cfg, offset, width);
}

/* Bus Master going off cancels the beat too, which has no use for it. */
static void config_write(struct pci_function *fn, uint32_t offset,
			 uint32_t width, uint32_t value)
{
	struct neighbour *n = neighbour(fn);
	bool was = pci_cfg_bus_master(&n->cfg);

	pci_cfg_write(&n->cfg, offset, width, value);
	if (was && !pci_cfg_bus_master(&n->cfg))
		beat(n);
}

static uint64_t bar_read(struct pci_function *fn, uint32_t bar, uint64_t offset,
			 uint32_t width)
{
	(void)bar;
	if (offset + width > block.size)
		return 0;
	return reg_block_read(&block, neighbour(fn)->regs, fn,
			      (uint32_t)offset, width);
}

static void bar_write(struct pci_function *fn, uint32_t bar, uint64_t offset,
		      uint32_t width, uint64_t value)
{
	(void)bar;
	if (offset + width <= block.size)
		reg_block_write(&block, neighbour(fn)->regs, fn,
				(uint32_t)offset, width, value);
}

static void lane_run(struct pci_function *fn, uint32_t lane)
{
	struct neighbour *n = neighbour(fn);

	(void)lane;
	raise_interrupt(n);
	beat(n);
}

static void lanes_drained(struct pci_function *fn, uint64_t lanes)
{
	(void)fn, (void)lanes;
}

static void reset(struct pci_function *fn, enum pci_reset_kind kind)
{
	struct neighbour *n = neighbour(fn);

	(void)kind;
	reg_block_reset(&block, n->regs);
	fn->host->ops->cancel(fn->host, 1u << BEAT_LANE);
	pci_cfg_reset(&n->cfg);
}

static void destroy(struct pci_function *fn)
{
	free(fn);
}

static const struct pci_function_ops function_ops = {
	.abi_version = PCI_FUNCTION_ABI_VERSION,
	.size = sizeof(struct pci_function_ops),
	.config_read = config_read,
	.config_write = config_write,
	.bar_read = bar_read,
	.bar_write = bar_write,
	.lane_run = lane_run,
	.lanes_drained = lanes_drained,
	.reset = reset,
	.destroy = destroy,
};

/* ---- the model ---- */

enum { INTERRUPT_EVERY, ACKNOWLEDGES };

static const struct device_property properties[] = {
	{ "interrupt_every", DEVICE_PROP_TIME, false, 0, 0, INT64_MAX,
	  "the time between two interrupts; 0: only when the driver asks" },
	{ "acknowledges", DEVICE_PROP_BOOL, false, 1, 0, 0,
	  "false: its interrupt line stays asserted, whatever the driver does" },
	{ .name = NULL },
};

static bool fail(struct device_error *err, const char *property,
		 const char *text)
{
	err->property = property;
	strncpy(err->text, text, sizeof(err->text) - 1);
	err->text[sizeof(err->text) - 1] = '\0';
	return false;
}

static bool check(const struct device_config *cfg, struct device_error *err)
{
	if (cfg->msix_entries > 0)
		return fail(err, "msix", "it has a pin and no MSI-X");
	if (cfg->interface != DEVICE_IF_MODERN)
		return fail(err, "interface", "it is no virtio device");
	if (cfg->caps != DEVICE_CAPS_PLAIN)
		return fail(err, "capabilities", "it has no capabilities");
	return true;
}

static struct pci_function *create(const struct device_config *cfg,
				   struct pci_host *host,
				   struct device_error *err)
{
	const struct pci_ids ids = {
		.vendor = 0x1234,
		.device = 0x0e1b,
		.subsystem_vendor = 0x1234,
		.subsystem = 0x0e1b,
		.class_code = 0x088000, /* system peripheral, other */
		.intx_pin = cfg->intx_pin,
		.multifunction = cfg->multifunction,
	};
	struct neighbour *n;

	if (!check(cfg, err))
		return NULL;
	n = calloc(1, sizeof(*n));
	if (!n) {
		fail(err, NULL, "out of memory");
		return NULL;
	}
	n->fn.ops = &function_ops;
	n->fn.host = host;
	n->every = (uint64_t)cfg->values[INTERRUPT_EVERY].i;
	n->acknowledges = cfg->values[ACKNOWLEDGES].i != 0;
	pci_cfg_init(&n->cfg, &n->fn, &ids);
	pci_cfg_add_bar(&n->cfg, BAR, PCI_BAR_MEM32, BAR_BYTES);
	return &n->fn;
}

static const struct device_feature features[] = { { .name = NULL } };
static const struct model_fault_point faults[] = {
	PCI_PIN_QUIRKS(MODEL_QUIRK_POINT)
	{ .name = NULL },
};

static const struct device_registers registers[] = {
	{ DEVICE_REGS_CONFIG, 0, &pci_cfg_header },
	{ BAR, 0, &block },
	{ .block = NULL },
};

const struct device_model pci_neighbour_model = {
	.abi_version = DEVICE_MODEL_ABI_VERSION,
	.size = sizeof(struct device_model),
	.name = "pci-neighbour",
	.about = "a function that interrupts, to share a line with: no virtio device",
	.not_modelled = "MSI-X, power management, DMA",
	.properties = properties,
	.features = features,
	.faults = faults,
	.create = create,
	.check = check,
	.registers = registers,
};
