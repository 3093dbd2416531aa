/* SPDX-License-Identifier: MIT */
/* Buses, drivers, devices; boot, initcalls, options, driver.bind. */
#include <string.h>

#include "tests/unit/guest_kernel/rig.h"

CASE(guest_device, device_meets_driver_either_way)
CASE(guest_device, failed_probe_leaves_no_trace)
CASE(guest_device, device_without_name_or_bus)
CASE(guest_device, toy_is_bound)
CASE(guest_boot, fault_sites_start_anew)
CASE(guest_boot, initcalls_ran_by_level)

static const struct machine_option failing[] = {
	{ "toy_probe_answer", "-28" }, { NULL, NULL }
};
static const struct machine_option failing_once[] = {
	{ "toy_failures", "1" }, { NULL, NULL }
};
static const struct machine_option child_failing[] = {
	{ "child_answer", "-16" }, { NULL, NULL }
};
static const struct machine_option leaking[] = {
	{ "toy_leaks", "true" }, { "toy_probe_answer", "-5" }, { NULL, NULL }
};
static const struct machine_option nonsense[] = { { "dma", "sideways" },
						  { NULL, NULL } };

#define BIND "device=00:03.0"

TEST(guest_device, bind_and_unbind_many_times)
{
	struct rig r;
	int i;

	ASSERT_TRUE(rig_create(&r, NULL));
	EXPECT_EQ(0, flat_boot(r.fm, r.image->guest));
	EXPECT_EQ(-16, flat_action(r.fm, "driver.bind", BIND));
	for (i = 0; i < 20; i++) {
		EXPECT_EQ(0, flat_action(r.fm, "driver.unbind", BIND));
		EXPECT_EQ(-19, flat_action(r.fm, "driver.unbind", BIND));
		EXPECT_EQ(0, flat_action(r.fm, "driver.bind", BIND));
	}
	EXPECT_EQ(-19, flat_action(r.fm, "driver.bind", "device=00:09.0"));
	rig_end(&r);
	rig_destroy(&r);
}

TEST(guest_device, bind_answers_the_probes_error)
{
	struct rig_options o = RIG_DEFAULTS;
	const struct flat_record *note;
	struct rig r;

	o.machine.options = failing;
	ASSERT_TRUE(rig_create(&r, &o));
	EXPECT_EQ(0, flat_boot(r.fm, r.image->guest));
	note = flat_note(r.fm, MACHINE_NOTE_PROBE_END, "toy");
	ASSERT_TRUE(note);
	EXPECT_EQ(-28, note->result);
	EXPECT_EQ(RIG_BDF, note->device);
	EXPECT_TRUE(flat_logged(r.fm, "toy: probe of 0000:00:03.0 failed with error -28"));
	EXPECT_EQ(-28, flat_action(r.fm, "driver.bind", BIND));
	rig_end(&r);
	rig_destroy(&r);
}

TEST(guest_device, an_earlier_error_is_forgotten)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig r;

	o.machine.options = failing_once;
	ASSERT_TRUE(rig_create(&r, &o));
	EXPECT_EQ(0, flat_boot(r.fm, r.image->guest));
	EXPECT_EQ(-19, flat_action(r.fm, "driver.unbind", BIND));
	EXPECT_EQ(0, flat_action(r.fm, "driver.bind", BIND));
	rig_end(&r);
	rig_destroy(&r);
}

TEST(guest_device, bind_answers_an_error_further_down)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig r;

	o.machine.options = child_failing;
	ASSERT_TRUE(rig_create(&r, &o));
	EXPECT_EQ(0, flat_boot(r.fm, r.image->guest));
	EXPECT_EQ(0, flat_action(r.fm, "driver.unbind", BIND));
	EXPECT_EQ(-16, flat_action(r.fm, "driver.bind", BIND));
	rig_end(&r);
	rig_destroy(&r);
}

TEST(guest_device, what_a_probe_takes_is_its_devices)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig r;
	char text[200];

	o.machine.options = leaking;
	ASSERT_TRUE(rig_create(&r, &o));
	EXPECT_EQ(0, flat_boot(r.fm, r.image->guest));
	EXPECT_EQ(1, flat_leaks(r.fm, text, sizeof(text)));
	EXPECT_SUBSTR(text, "amount 32, 00:03.0");
	rig_destroy(&r);
}

TEST(guest_boot, twice_in_one_process_without_a_reload)
{
	struct rig r;
	struct flat_machine *second;
	struct pci_host *slot;
	struct rig_options o = RIG_DEFAULTS;

	ASSERT_TRUE(rig_create(&r, NULL));
	/* Points get other handles in the second machine. */
	flat_fault(r.fm, "guest.pci.iomap", FLAT_ANY, 9, 1, 12);
	EXPECT_EQ(FLAT_BUG, rig_run(&r, "free_irq_twice"));
	second = flat_create(NULL);
	ASSERT_TRUE(second);
	slot = flat_slot(second, RIG_BDF);
	flat_attach(second, slot, &toy_create(&o.toy, slot)->fn);
	flat_fault(second, "guest.irq.request", RIG_BDF, 1, 1, 16);
	EXPECT_EQ(0, flat_boot(second, r.image->guest));
	EXPECT_EQ(0, flat_action(second, "case",
				 "name=refused_request,device=00:03.0"));
	EXPECT_EQ(0, flat_shutdown(second));
	EXPECT_EQ(0, flat_live(second, MACHINE_RES_COUNT));
	flat_destroy(second);
	rig_destroy(&r);
}

TEST(guest_boot, option_that_means_nothing)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig r;

	o.machine.options = nonsense;
	ASSERT_TRUE(rig_create(&r, &o));
	EXPECT_EQ(-22, flat_boot(r.fm, r.image->guest));
	EXPECT_TRUE(flat_logged(r.fm, "dma: neither direct nor bounce: sideways"));
	EXPECT_EQ(0, flat_live(r.fm, MACHINE_RES_COUNT));
	rig_destroy(&r);
}

TEST(guest_boot, memory_that_is_too_small)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig r;

	o.machine.ram_size = 65536;
	ASSERT_TRUE(rig_create(&r, &o));
	EXPECT_EQ(-12, flat_boot(r.fm, r.image->guest));
	rig_destroy(&r);
}

TEST(guest_boot, every_fault_point_has_its_row_and_name)
{
	const struct guest_fault_point *p;
	struct rig r;
	size_t n = 0;

	ASSERT_TRUE(rig_create(&r, NULL));
	for (p = r.image->guest->faults; p->name; p++, n++) {
		EXPECT_SUBSTR(p->name, "guest.");
		EXPECT_SUBSTR(p->errors, "E");
		EXPECT_GT(strlen(p->about), 10);
	}
	EXPECT_GE(n, 10);
	rig_destroy(&r);
}
