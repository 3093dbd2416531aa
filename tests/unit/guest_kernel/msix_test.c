/* SPDX-License-Identifier: MIT */
/* Interrupt vectors: MSI-X, the limits, the order of programming. */
#include "tests/unit/guest_kernel/rig.h"

CASE(guest_msix, vector_counts)
CASE(guest_msix, each_vector_has_its_handler)

BUG(guest_msix, vectors_freed_under_a_handler, "bug-on",
    "irq 24 is freed, but handler stays")

TEST(guest_msix, no_msix_capability)
{
	struct rig_options o = RIG_DEFAULTS;

	o.toy.msix = 0;
	rig_case(&o, "no_msix_capability");
}

TEST(guest_msix, cpu_vectors_exhausted)
{
	struct rig_options o = RIG_DEFAULTS;

	o.machine.cpu_vectors = 2;
	rig_case(&o, "cpu_vectors_exhausted");
}

TEST(guest_msix, vectors_refused)
{
	struct rig r;

	ASSERT_TRUE(rig_create(&r, NULL));
	flat_fault(r.fm, "guest.pci.alloc_irq_vectors", RIG_BDF, 1, 1, 28);
	EXPECT_EQ(0, rig_run(&r, "vectors_refused"));
	rig_end(&r);
	rig_destroy(&r);
}

TEST(guest_msix, vectors_are_spread_over_cpus)
{
	struct rig_options o = RIG_DEFAULTS;

	o.machine.cpus = 2;
	rig_case(&o, "vectors_are_spread_over_cpus");
}

TEST(guest_msix, masks_of_spread_vectors)
{
	struct rig_options o = RIG_DEFAULTS;

	o.machine.cpus = 8;
	rig_case(&o, "masks_of_spread_vectors");
}

/* PCI 3.0 6.8.2: address and data change only while the entry is masked, vector
 * control bit 0; checked at every write of entry 0 (BAR 1, bytes 0 to 15). */
TEST(guest_msix, vector_moves_to_another_cpu)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig r;
	bool masked = true;
	size_t i, rewritten = 0;

	o.machine.cpus = 2;
	o.machine.cpu_vectors = 2;
	ASSERT_TRUE(rig_create(&r, &o));
	EXPECT_EQ(0, rig_run(&r, "vector_moves_to_another_cpu"));
	for (i = 0; i < r.toy->writes; i++) {
		const struct toy_write *w = &r.toy->log[i];

		if (w->bar != 1 || w->offset >= 16)
			continue;
		if (w->offset == 12)
			masked = w->value & 1;
		else
			EXPECT_TRUE(masked);
		rewritten += w->offset == 8;
	}
	EXPECT_EQ(3, rewritten);
	rig_tell(&r);
	rig_end(&r);
	rig_destroy(&r);
}

TEST(guest_msix, message_on_its_way_is_not_lost)
{
	struct rig_options o = RIG_DEFAULTS;

	o.machine.cpus = 2;
	rig_case(&o, "message_on_its_way_is_not_lost");
}

TEST(guest_irq, line_moves_to_another_cpu)
{
	struct rig_options o = RIG_DEFAULTS;

	o.machine.cpus = 2;
	rig_case(&o, "line_moves_to_another_cpu");
}

/* PCI 3.0 6.8.3: entries change only while masked; while MSI-X is being set up
 * the function mask is on, and INTx is off before it goes. */
TEST(guest_msix, nothing_can_fire_during_setup)
{
	struct rig r;
	bool masked[4] = { true, true, true, true };
	uint64_t control = 0, command = 0;
	size_t i, entries = 0;

	ASSERT_TRUE(rig_create(&r, NULL));
	EXPECT_EQ(0, rig_run(&r, "vectors_freed_under_a_handler") - FLAT_BUG);
	for (i = 0; i < r.toy->writes; i++) {
		const struct toy_write *w = &r.toy->log[i];

		if (w->bar == -1 && w->offset == 0x42) {
			if ((w->value & 0xc000) == 0x8000)
				EXPECT_EQ(0x400, command & 0x400);
			control = w->value;
		}
		if (w->bar == -1 && w->offset == 4)
			command = w->value;
		if (w->bar != 1)
			continue;
		if (w->offset % 16 == 12) {
			masked[w->offset / 16] = w->value & 1;
			continue;
		}
		entries++;
		EXPECT_TRUE(masked[w->offset / 16]);
		EXPECT_EQ(0xc000, control & 0xc000);
	}
	EXPECT_EQ(3, entries);
	rig_destroy(&r);
}
