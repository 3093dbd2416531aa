/* SPDX-License-Identifier: MIT */
/* The PCI core: scan, BARs, enabling, regions, mappings. */
#include "tests/unit/guest_kernel/rig.h"

CASE(guest_pci, scan_reads_the_header)
CASE(guest_pci, capabilities_are_found_in_turn)
CASE(guest_pci, config_accesses_are_checked)
CASE(guest_pci, enable_turns_on_what_is_there)
CASE(guest_pci, regions_have_one_owner)
CASE(guest_pci, mappings_stay_inside_their_bar)

BUG(guest_pci, access_through_a_plain_pointer, "bad-access", "no map function")
BUG(guest_pci, access_that_is_not_aligned, "bad-access", "not aligned")
BUG(guest_pci, disabled_more_often_than_enabled, "double-free", "enabled")

TEST(guest_pci, config_through_ports)
{
	static const struct machine_option ports[] = {
		{ "pci_config", "io" }, { NULL, NULL }
	};
	struct rig_options o = RIG_DEFAULTS;

	o.machine.options = ports;
	rig_case(&o, "config_through_ports");
}

TEST(guest_pci, config_by_an_unknown_way_is_told)
{
	static const struct machine_option odd[] = {
		{ "pci_config", "bios" }, { NULL, NULL }
	};
	struct rig_options o = RIG_DEFAULTS;
	struct rig r;

	o.machine.options = odd;
	ASSERT_TRUE(rig_create(&r, &o));
	EXPECT_EQ(0, flat_boot(r.fm, r.image->guest));
	EXPECT_TRUE(flat_logged(r.fm, "guest option pci_config: neither ecam nor io: bios"));
	rig_end(&r);
	rig_destroy(&r);
}

TEST(guest_pci, capability_loop_ends)
{
	struct rig_options o = RIG_DEFAULTS;

	o.toy.loop = true;
	rig_case(&o, "capability_loop_ends");
}

TEST(guest_pci, bars_go_to_their_windows)
{
	struct rig_options o = RIG_DEFAULTS;

	o.toy.msix = 0;
	o.toy.bars[1] = (struct toy_bar){ 0x10000, 0xc };
	o.toy.bars[3] = (struct toy_bar){ 32, 1 };
	o.toy.bars[4] = (struct toy_bar){ 0x2000, 4 };
	rig_case(&o, "bars_go_to_their_windows");
}

TEST(guest_pci, bar_without_room)
{
	struct rig_options o = RIG_DEFAULTS;

	o.toy.bars[0].size = 1u << 31;
	rig_case(&o, "bar_without_room");
}

TEST(guest_pci, io_ports_are_reached)
{
	struct rig_options o = RIG_DEFAULTS;

	o.toy.bars[0] = (struct toy_bar){ 32, 1 };
	rig_case(&o, "io_ports_are_reached");
}

TEST(guest_pci, bars_are_sized_with_decoding_off)
{
	struct rig r;
	size_t i;
	uint64_t command = 7;

	ASSERT_TRUE(rig_create(&r, NULL));
	EXPECT_EQ(0, flat_boot(r.fm, r.image->guest));
	for (i = 0; i < r.toy->writes; i++) {
		const struct toy_write *w = &r.toy->log[i];

		if (w->offset == 4)
			command = w->value;
		if (w->offset >= 0x10 && w->offset < 0x28 &&
		    w->value == 0xffffffff)
			EXPECT_EQ(0, command & 3);
	}
	EXPECT_NE(7, command);
	/* The interrupt line is for whoever looks: irq 19. */
	EXPECT_EQ(19, toy_config_value(r.toy, 0x3c, 1));
	rig_end(&r);
	rig_destroy(&r);
}

TEST(guest_pci, no_pin_no_irq)
{
	struct rig_options o = RIG_DEFAULTS;

	o.toy.pin = 0;
	rig_case(&o, "no_pin_no_irq");
	o.toy.pin = 5;
	rig_case(&o, "no_pin_no_irq");
}

TEST(guest_pci, irq_zero_is_a_fault_of_the_scan)
{
	struct rig r;
	size_t rule;

	ASSERT_TRUE(rig_create(&r, NULL));
	rule = flat_fault(r.fm, "guest.pci.irq_zero", RIG_BDF, 1, 1, 0);
	EXPECT_EQ(0, rig_run(&r, "no_pin_no_irq"));
	EXPECT_EQ(1, flat_fault_hits(r.fm, rule));
	rig_end(&r);
	rig_destroy(&r);
}

/* Each pin of each device: line (device + pin - 1) % 4. */
TEST(guest_pci, pins_are_routed)
{
	struct rig_options o = RIG_DEFAULTS;
	uint32_t dev, pin;

	for (dev = 1; dev < 6; dev++)
		for (pin = 1; pin <= 4; pin++) {
			struct rig r;
			struct pci_host *slot;
			struct toy *t;

			ASSERT_TRUE(rig_create(&r, &o));
			slot = flat_slot(r.fm, MACHINE_BDF(0, dev + 6, 0));
			o.toy.pin = (uint8_t)pin;
			t = toy_create(&o.toy, slot);
			flat_attach(r.fm, slot, &t->fn);
			EXPECT_EQ(0, flat_boot(r.fm, r.image->guest));
			EXPECT_EQ(16 + (dev + 6 + pin - 1) % 4,
				  toy_config_value(t, 0x3c, 1));
			rig_end(&r);
			rig_destroy(&r);
		}
}

TEST(guest_pci, functions_of_one_device)
{
	struct rig_options o = RIG_DEFAULTS;
	struct pci_host *slot;
	struct rig r;
	struct toy *t;

	o.toy.multi = true;
	ASSERT_TRUE(rig_create(&r, &o));
	slot = flat_slot(r.fm, MACHINE_BDF(0, 3, 5));
	t = toy_create(&o.toy, slot);
	flat_attach(r.fm, slot, &t->fn);
	EXPECT_EQ(0, flat_boot(r.fm, r.image->guest));
	EXPECT_EQ(2, flat_point_calls(r.fm, "guest.pci.irq_zero"));
	EXPECT_NE(toy_config_value(r.toy, 0x10, 4),
		  toy_config_value(t, 0x10, 4));
	rig_end(&r);
	rig_destroy(&r);
}
