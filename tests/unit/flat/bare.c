/* SPDX-License-Identifier: MIT */
/*
 * examples/guest-bare on the small machine with the real block device: the order
 * of virtio 1.2 section 3.1.1, reading, and what happens when it fails.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "models/pci/device_model.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/flat/fixture.h"

#define SECTORS 64u
#define DISK MACHINE_BDF(0, 3, 0)

static uint8_t disk[SECTORS * 512];
static struct flat_machine *fm;
static struct flat_image *img;

static const struct device_model *model_named(const char *name)
{
	size_t i;

	for (i = 0; device_catalogue[i]; i++) {
		if (strcmp(device_catalogue[i]->name, name) == 0)
			return device_catalogue[i];
	}
	return NULL;
}

static struct pci_function *make_blk(struct pci_host *slot, int64_t queue_size,
				     struct device_error *err)
{
	const struct device_model *model = model_named("virtio-blk");
	struct device_value values[32] = { { 0 } };
	struct device_config cfg = {
		.id = "disk0",
		.features = UINT64_C(1) << 32,
		.msix_entries = -1,
		.intx_pin = 1,
		.values = values,
	};
	const struct device_property *p = model->properties;
	size_t i;

	for (i = 0; p[i].name; i++) {
		values[i].i = p[i].deflt;
		if (strcmp(p[i].name, "queue_size") == 0)
			values[i].i = queue_size;
		if (strcmp(p[i].name, "image") == 0)
			values[i] = (struct device_value){
				.given = true, .s = "disk.img", .bytes = disk,
				.len = sizeof(disk),
			};
	}
	return model->create(&cfg, slot, err);
}

static bool same_as_disk(void *arg, enum machine_data_kind kind,
			 uint32_t device, uint64_t offset, const void *buf,
			 uint64_t len)
{
	*(uint64_t *)arg += len;
	return kind == MACHINE_DATA_READ && device == DISK &&
	       offset + len <= sizeof(disk) &&
	       memcmp(disk + offset, buf, len) == 0;
}

static uint64_t bytes_read;

/* Not booted yet, so that a test can set faults. */
static bool setup_queue(int64_t queue_size)
{
	struct flat_config cfg = FLAT_CONFIG_DEFAULTS;
	struct pci_host *slot;
	struct device_error err = { 0 };
	struct pci_function *fn;
	char error[256];
	size_t i;

	for (i = 0; i < sizeof(disk); i++)
		disk[i] = (uint8_t)(i / 512 * 31 + i);
	bytes_read = 0;
	/* Beyond 4 GiB, where both halves of an address count. */
	cfg.ram_base = 0x200000000;
	fm = flat_create(&cfg);
	slot = flat_slot(fm, DISK);
	fn = make_blk(slot, queue_size, &err);
	img = flat_image_open(FLAT_BARE_GUEST, error, sizeof(error));
	if (!fn || !img) {
		ADD_FAILURE("%s", fn ? error : err.text);
		return false;
	}
	flat_attach(fm, slot, fn);
	flat_on_data(fm, same_as_disk, &bytes_read);
	return true;
}

static void teardown(void)
{
	flat_destroy(fm);
	flat_image_close(img);
}

static int64_t probe_result(void)
{
	const struct flat_record *r;

	r = flat_note(fm, MACHINE_NOTE_PROBE_END, "bare");
	return r ? r->result : 1;
}

TEST(guest_bare, reads_any_sector)
{
	char args[64];
	unsigned int i;

	ASSERT_TRUE(setup_queue(256));
	EXPECT_EQ(0, flat_boot(fm, img->guest));
	EXPECT_EQ(0, probe_result());
	for (i = 0; i < 300; i++) {
		snprintf(args, sizeof(args), "device=00:03.0,sector=%u",
			 i * 7 % SECTORS);
		ASSERT_EQ(0, flat_action(fm, "bare.read", args));
	}
	EXPECT_EQ(300 * 512, bytes_read);
	EXPECT_EQ(0, flat_counters(fm)->model_events[MODEL_EV_GUEST_ERROR]);
	EXPECT_EQ(0, flat_counters(fm)->irqs_msi + flat_counters(fm)->irqs_line);
	EXPECT_EQ(0, flat_shutdown(fm));
	EXPECT_EQ(0, flat_live(fm, MACHINE_RES_COUNT));
	teardown();
}

/* ACKNOWLEDGE, DRIVER, FEATURES_OK, DRIVER_OK, each added to the former. */
TEST(guest_bare, initialises_in_the_order_of_the_specification)
{
	char seen[64] = "";
	size_t i;

	ASSERT_TRUE(setup_queue(256));
	EXPECT_EQ(0, flat_boot(fm, img->guest));
	for (i = 0; i < flat_records(fm); i++) {
		const struct flat_record *r = flat_record(fm, i);

		if (r->kind == FLAT_REC_MODEL && r->event == MODEL_EV_STATUS)
			snprintf(seen + strlen(seen),
				 sizeof(seen) - strlen(seen), "%x ",
				 (unsigned int)r->value);
	}
	EXPECT_SUBSTR(seen, "1 3 b f ");
	EXPECT_EQ(0x100000000, flat_model_event(fm, MODEL_EV_FEATURES,
						NULL)->value);
	EXPECT_EQ(4, flat_model_event(fm, MODEL_EV_QUEUE_ENABLE, NULL)->value);
	teardown();
}

TEST(guest_bare, a_sector_beyond_the_capacity_is_not_asked_for)
{
	uint64_t kicks;

	ASSERT_TRUE(setup_queue(256));
	EXPECT_EQ(0, flat_boot(fm, img->guest));
	EXPECT_EQ(0, flat_action(fm, "bare.read",
				 "device=00:03.0,sector=63"));
	kicks = flat_counters(fm)->model_events[MODEL_EV_KICK];
	EXPECT_EQ(1, kicks);
	EXPECT_EQ(-EINVAL, flat_action(fm, "bare.read",
				       "device=00:03.0,sector=64"));
	EXPECT_EQ(-EINVAL, flat_action(fm, "bare.read",
				       "device=00:03.0,sector=-1"));
	EXPECT_EQ(-ENODEV, flat_action(fm, "bare.read", "device=00:04.0"));
	EXPECT_EQ(kicks, flat_counters(fm)->model_events[MODEL_EV_KICK]);
	teardown();
}

TEST(guest_bare, refused_features_fail_the_probe_and_reset_the_device)
{
	unsigned int failed_at = 0, reset_at = 0;
	size_t i;

	ASSERT_TRUE(setup_queue(256));
	flat_fault(fm, "device.features_ok", DISK, 1, 1, 0);
	EXPECT_EQ(0, flat_boot(fm, img->guest));
	EXPECT_EQ(-ENODEV, probe_result());
	EXPECT_EQ(0, flat_counters(fm)->model_events[MODEL_EV_QUEUE_ENABLE]);
	for (i = 0; i < flat_records(fm); i++) {
		const struct flat_record *r = flat_record(fm, i);

		if (r->kind != FLAT_REC_MODEL)
			continue;
		if (r->event == MODEL_EV_STATUS && r->value & 0x80)
			failed_at = (unsigned int)i;
		if (r->event == MODEL_EV_RESET && r->value == 1)
			reset_at = (unsigned int)i;
	}
	EXPECT_GT(failed_at, 0);
	EXPECT_GT(reset_at, failed_at);
	EXPECT_EQ(-ENODEV, flat_action(fm, "bare.read", "device=00:03.0"));
	EXPECT_EQ(0, flat_shutdown(fm));
	teardown();
}

TEST(guest_bare, a_queue_of_two_is_too_small_for_a_request)
{
	ASSERT_TRUE(setup_queue(2));
	EXPECT_EQ(0, flat_boot(fm, img->guest));
	EXPECT_EQ(-ENXIO, probe_result());
	EXPECT_EQ(-ENODEV, flat_action(fm, "bare.read", "device=00:03.0"));
	teardown();
}

TEST(guest_bare, interrupts_are_suppressed_and_errors_seen)
{
	size_t i;

	ASSERT_TRUE(setup_queue(256));
	flat_fault(fm, "device.blk.io", DISK, 2, 1, 0);
	EXPECT_EQ(0, flat_boot(fm, img->guest));
	EXPECT_EQ(0, flat_action(fm, "bare.read", "device=00:03.0"));
	EXPECT_EQ(-EIO, flat_action(fm, "bare.read", "device=00:03.0"));
	EXPECT_EQ(0, flat_action(fm, "bare.read", "device=00:03.0"));
	EXPECT_EQ(3, flat_counters(fm)->model_events[MODEL_EV_NOTIFY]);
	for (i = 0; i < flat_records(fm); i++) {
		const struct flat_record *r = flat_record(fm, i);

		if (r->kind == FLAT_REC_MODEL && r->event == MODEL_EV_NOTIFY)
			EXPECT_EQ(MODEL_NOTIFY_SUPPRESSED, r->value);
	}
	teardown();
}

TEST(guest_bare, a_machine_without_a_disk)
{
	ASSERT_TRUE(setup_queue(256));
	flat_unplug(fm, DISK);
	EXPECT_EQ(0, flat_boot(fm, img->guest));
	EXPECT_TRUE(flat_note(fm, MACHINE_NOTE_PROBE_BEGIN, NULL) == NULL);
	EXPECT_EQ(-ENODEV, flat_action(fm, "bare.read", "device=00:03.0"));
	EXPECT_EQ(0, flat_shutdown(fm));
	teardown();
}
