/* SPDX-License-Identifier: MIT */
/*
 * Each register table of models/pci, and the devices behind it, bit by bit; and
 * that the checks do find what is wrong.
 */
#include "tests/fake_host/reg_conformance.h"

#include "models/pci/caps.h"
#include "models/pci/msix.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/pci/plain.h"

static const struct reg_block *const blocks[] = {
	&pci_cfg_header, &pci_msix_regs, &pci_msix_entry_regs, &pci_pm_regs,
	&pci_pcie_regs,
};

#define BLOCKS (sizeof(blocks) / sizeof(blocks[0]))

TEST(conformance, tables_are_well_formed)
{
	struct reg_report report = { "" };

	for (size_t i = 0; i < BLOCKS; i++) {
		TEST_ROW("%s", blocks[i]->name);
		if (!reg_table_ok(blocks[i], &report))
			FAIL("%s", report.text);
	}
}

TEST(conformance, accessor_does_what_the_tables_say)
{
	struct reg_report report = { "" };

	for (size_t i = 0; i < BLOCKS; i++) {
		TEST_ROW("%s", blocks[i]->name);
		if (!reg_accessor_ok(blocks[i], &report))
			FAIL("%s", report.text);
	}
}

/* ---- devices ---- */

struct place {
	struct plain *p;
	uint32_t at;
};

static uint64_t place_cfg_read(void *ctx, uint32_t offset, uint32_t width)
{
	struct place *c = ctx;

	return cfg_read(c->p, c->at + offset, width);
}

static void place_cfg_write(void *ctx, uint32_t offset, uint32_t width,
			    uint64_t value)
{
	struct place *c = ctx;

	cfg_write(c->p, c->at + offset, width, (uint32_t)value);
}

static uint64_t place_bar_read(void *ctx, uint32_t offset, uint32_t width)
{
	struct place *c = ctx;

	return bar0_read(c->p, c->at + offset, width);
}

static void place_bar_write(void *ctx, uint32_t offset, uint32_t width,
			    uint64_t value)
{
	struct place *c = ctx;

	bar0_write(c->p, c->at + offset, width, value);
}

static void check_cfg(uint32_t cap, const struct reg_block *block,
		      const char *const *skip)
{
	struct plain *p = plain_default();
	struct place place = { p, cap ? cap_find(p, cap) : 0 };
	const struct reg_port port = {
		&place, place_cfg_read, place_cfg_write, 1, 4,
	};
	struct reg_report report = { "" };

	if (!reg_port_ok(block, &port, skip, &report))
		ADD_FAILURE("%s", report.text);
	plain_free(p);
}

/* What differs from device to device is looked at in config_test.c. */
TEST(conformance, header_of_a_device)
{
	static const char *const skip[] = {
		"Vendor ID", "Device ID", "Status", "Revision ID", "Interface",
		"Sub-Class", "Base Class", "Subsystem Vendor ID",
		"Subsystem ID", "Capabilities Pointer", "Interrupt Pin",
		"Base Address Register 0", "Base Address Register 1",
		"Base Address Register 2", "Base Address Register 3",
		"Base Address Register 4", "Base Address Register 5", NULL,
	};

	check_cfg(0, &pci_cfg_header, skip);
}

TEST(conformance, msix_capability_of_a_device)
{
	static const char *const skip[] = {
		"Next Pointer", "Table Offset/Table BIR", "PBA Offset/PBA BIR",
		"Message Control", NULL,
	};

	check_cfg(0x11, &pci_msix_regs, skip);
}

/* PowerState is no plain field: pm_test.c. */
TEST(conformance, pm_capability_of_a_device)
{
	static const char *const skip[] = { "Next Item Pointer", "PMCSR", NULL };

	check_cfg(0x01, &pci_pm_regs, skip);
}

/* Initiate FLR resets the function: pcie_test.c. */
TEST(conformance, pcie_capability_of_a_device)
{
	static const char *const skip[] = {
		"Next Capability Pointer", "Device Control", NULL,
	};

	check_cfg(0x10, &pci_pcie_regs, skip);
}

TEST(conformance, each_msix_entry_of_a_device)
{
	static const char *const skip[] = { NULL };
	struct plain *p = plain_default();
	struct place place = { p, 0 };
	const struct reg_port port = {
		&place, place_bar_read, place_bar_write, 4, 8,
	};
	struct reg_report report = { "" };

	plain_start(p);
	for (place.at = 0; place.at < 64; place.at += 16)
		if (!reg_port_ok(&pci_msix_entry_regs, &port, skip, &report))
			ADD_FAILURE("entry %u: %s", place.at / 16, report.text);
	plain_free(p);
}

/* ---- the checks themselves ---- */

static const struct reg good = {
	"A", 0, 4, 0xff, 0, 0x5, "s", "a", NULL, NULL,
};

static bool table_ok(struct reg first, struct reg second)
{
	const struct reg rows[] = { first, second };
	const struct reg_block block = { "two", rows, 2, 8 };
	struct reg_report report;

	return reg_table_ok(&block, &report);
}

TEST(conformance, bad_tables_are_found)
{
	struct reg b = good;
	struct reg bad;

	b.name = "B";
	b.offset = 4;
	EXPECT_TRUE(table_ok(good, b));
	bad = b, bad.name = "A";
	EXPECT_FALSE(table_ok(good, bad));
	bad = b, bad.offset = 3;
	EXPECT_FALSE(table_ok(good, bad));
	bad = b, bad.offset = 8;
	EXPECT_FALSE(table_ok(good, bad));
	bad = b, bad.width = 3;
	EXPECT_FALSE(table_ok(good, bad));
	bad = b, bad.reset = 1ull << 32;
	EXPECT_FALSE(table_ok(good, bad));
	bad = b, bad.w1c = 0x80;
	EXPECT_FALSE(table_ok(good, bad));
	bad = b, bad.section = "";
	EXPECT_FALSE(table_ok(good, bad));
	EXPECT_FALSE(table_ok(b, good));
}

/* A device that is right but for one bit. */
struct odd {
	uint8_t store[8];
	uint64_t stuck;  /* always reads 1 */
	bool wide_only;  /* drops narrow writes */
};

static const struct reg odd_rows[] = {
	{ "A", 0, 4, 0xff, 0, 0x5, "s", "a", NULL, NULL },
	{ "B", 4, 4, 0xffff0000, 0, 0, "s", "a", NULL, NULL },
};
static const struct reg_block odd_block = { "odd", odd_rows, 2, 8 };

static uint64_t odd_read(void *ctx, uint32_t offset, uint32_t width)
{
	struct odd *o = ctx;
	uint64_t v = reg_block_read(&odd_block, o->store, NULL, offset, width);

	return offset == 0 ? v | o->stuck : v;
}

static void odd_write(void *ctx, uint32_t offset, uint32_t width,
		      uint64_t value)
{
	struct odd *o = ctx;

	if (!o->wide_only || width == 4)
		reg_block_write(&odd_block, o->store, NULL, offset, width,
				value);
}

TEST(conformance, bad_devices_are_found)
{
	static const char *const skip[] = { "A", NULL };
	struct odd o = { .stuck = 0 };
	const struct reg_port port = { &o, odd_read, odd_write, 1, 4 };
	struct reg_report report = { "" };

	reg_block_reset(&odd_block, o.store);
	EXPECT_TRUE(reg_port_ok(&odd_block, &port, NULL, &report));
	reg_block_reset(&odd_block, o.store);
	o.stuck = 0x80;
	EXPECT_FALSE(reg_port_ok(&odd_block, &port, NULL, &report));
	EXPECT_SUBSTR(report.text, "at 0x0 read 0x85, should be 0x5");
	EXPECT_TRUE(reg_port_ok(&odd_block, &port, skip, &report));
	reg_block_reset(&odd_block, o.store);
	o.stuck = 0;
	o.wide_only = true;
	EXPECT_FALSE(reg_port_ok(&odd_block, &port, NULL, &report));
	EXPECT_SUBSTR(report.text, "after 1 bytes 0xff at 0x0");
}
