/* SPDX-License-Identifier: MIT */
/*
 * Finding the registers: which of a device's virtio capabilities the driver
 * takes (virtio 1.2, 4.1.4.1), each made unusable in turn.
 */
#include <errno.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/driver/rig.h"

/* A capability's byte that is shown otherwise. */
static uint32_t lie_at, lie_value, lie_len;

static uint32_t config_lie(struct meddler *m, uint32_t offset, uint32_t width,
			   uint32_t value)
{
	uint32_t i;

	(void)m;
	for (i = 0; i < width; i++) {
		uint32_t at = offset + i;

		if (!lie_len || at < lie_at || at >= lie_at + lie_len)
			continue;
		value &= ~(0xffu << 8 * i);
		value |= (lie_value >> 8 * (at - lie_at) & 0xff) << 8 * i;
	}
	return value;
}

/* The first vendor capability of that cfg_type, from the model itself. */
static uint32_t find_cap(struct rig *r, uint32_t type)
{
	struct pci_function *fn = r->dev->inner;
	uint32_t pos = fn->ops->config_read(fn, 0x34, 1);

	while (pos) {
		if (fn->ops->config_read(fn, pos, 1) == 9 &&
		    fn->ops->config_read(fn, pos + 3, 1) == type)
			return pos;
		pos = fn->ops->config_read(fn, pos + 1, 1);
	}
	ADD_FAILURE("no capability of type %u", type);
	return 0;
}

static const struct {
	const char *name;
	uint32_t type, field, len, value;
	int result;
} lies[] = {
	{ "common: reserved bar", 1, 4, 1, 6, -ENODEV },
	{ "common: bar that is not there", 1, 4, 1, 3, -ENODEV },
	{ "common: too short", 1, 12, 4, 55, -ENODEV },
	{ "common: ends beyond the BAR", 1, 8, 4, 0xfffffff0, -ENODEV },
	{ "common: cap_len 15", 1, 2, 1, 15, -ENODEV },
	{ "common: reserved type", 1, 3, 1, 0x55, -ENODEV },
	{ "common: unaligned", 1, 8, 4, 2, -ENODEV },
	{ "notify: cap_len 16 has no multiplier", 2, 2, 1, 16, -EINVAL },
	{ "notify: length 1", 2, 12, 4, 1, -EINVAL },
	{ "isr: length 0", 3, 12, 4, 0, -EINVAL },
	{ "isr: reserved bar", 3, 4, 1, 255, -EINVAL },
	/* A block device without capacity cannot be driven. */
	{ "device: reserved bar", 4, 4, 1, 7, -EINVAL },
	{ "device: 4 bytes", 4, 12, 4, 4, -EINVAL },
	/* What has to be coped with. */
	{ "common: exactly as virtio 1.0", 1, 12, 4, 56, 0 },
	{ "common: longer capability", 1, 2, 1, 20, 0 },
	{ "isr: length 4096", 3, 12, 4, 4096, 0 },
	{ "pci_cfg: reserved type", 5, 3, 1, 0x77, 0 },
	{ "a list that leads back to its beginning", 5, 1, 1, 0x40, 0 },
	{ "a list that leads back to itself", 5, 1, 1, 0xff, 0 },
};

TEST(driver_caps, unusable_ones_are_passed_over)
{
	size_t i;

	for (i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct rig *r = rig_open(NULL);

		TEST_ROW("%s", lies[i].name);
		ASSERT_TRUE(r);
		lie_at = find_cap(r, lies[i].type) + lies[i].field;
		lie_len = lies[i].len;
		lie_value = lies[i].value;
		r->dev->on_config_read = config_lie;
		EXPECT_EQ(lies[i].result, rig_boot(r));
		if (!lies[i].result)
			EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
		rig_close(r);
	}
}

/* Common configuration of virtio 1.0, 56 bytes, has no queue_notify_data. */
TEST(driver_caps, no_notif_config_data_without_its_register)
{
	struct rig_options o = RIG_DEFAULTS;
	uint64_t bits[2] = { 0 };
	struct rig *r;

	o.offer = 1ull << 39;
	r = rig_open(&o);
	ASSERT_TRUE(r);
	lie_at = find_cap(r, 1) + 12;
	lie_len = 4;
	lie_value = 56;
	r->dev->on_config_read = config_lie;
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_EQ(2, rig_writes(r, 0x0c, bits, 2));
	EXPECT_EQ(1, bits[1]);
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

/* The PCI_CFG capability shown as a second common configuration, well-formed
 * and in another place: BAR 4, offset 0x2000, 64 bytes. */
static uint32_t second_common(struct meddler *m, uint32_t offset,
			      uint32_t width, uint32_t value)
{
	static const uint8_t body[] = { 1, 4, 0, 0, 0, 0, 0x20, 0, 0,
					64, 0, 0, 0 };
	uint32_t i;

	(void)m;
	for (i = 0; i < width; i++) {
		uint32_t at = offset + i - lie_at;

		if (at >= sizeof(body))
			continue;
		value &= ~(0xffu << 8 * i);
		value |= (uint32_t)body[at] << 8 * i;
	}
	return value;
}

TEST(driver_caps, the_first_of_a_type_wins)
{
	struct rig *r = rig_open(NULL);

	ASSERT_TRUE(r);
	lie_at = find_cap(r, 5) + 3;
	r->dev->on_config_read = second_common;
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

/* ---- the window, 4.1.4.9 ---- */

static unsigned int bar_reads;

static uint64_t count_device_reads(struct meddler *m, uint32_t bar,
				   uint64_t offset, uint32_t width,
				   uint64_t value)
{
	(void)m, (void)width;
	bar_reads += bar == RIG_BAR && offset >= RIG_DEVICE &&
		     offset < RIG_NOTIFY;
	return value;
}

static const struct machine_option window[] = {
	{ "config_access", "window" }, { NULL, NULL }
};
static const struct machine_option bar[] = {
	{ "config_access", "bar" }, { NULL, NULL }
};
static const struct machine_option odd[] = {
	{ "config_access", "door" }, { NULL, NULL }
};

static struct rig *open_with(const struct machine_option *guest)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;

	o.guest = guest;
	bar_reads = 0;
	lie_len = 0;
	r = rig_open(&o);
	if (r)
		r->dev->on_bar_read = count_device_reads;
	return r;
}

TEST(driver_window, configuration_is_read_without_the_bar)
{
	struct rig *r = open_with(window);

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	EXPECT_EQ(0, bar_reads);
	rig_close(r);
	r = open_with(bar);
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_GT(bar_reads, 0);
	rig_close(r);
}

TEST(driver_window, that_is_not_there_or_too_short)
{
	static const struct {
		uint32_t field, value;
	} rows[] = {
		{ 3, 0x77 }, /* another type */
		{ 2, 19 },   /* no room for pci_cfg_data */
	};
	size_t i;

	for (i = 0; i < 2; i++) {
		struct rig *r = open_with(window);

		TEST_ROW("row %zu", i);
		ASSERT_TRUE(r);
		lie_at = find_cap(r, 5) + rows[i].field;
		lie_len = 1;
		lie_value = rows[i].value;
		r->dev->on_config_read = config_lie;
		EXPECT_EQ(-EINVAL, rig_boot(r));
		EXPECT_TRUE(flat_logged(r->fm, "no window in config space"));
		rig_close(r);
	}
}

TEST(driver_window, option_of_another_word)
{
	struct rig *r = open_with(odd);

	ASSERT_TRUE(r);
	EXPECT_EQ(-EINVAL, rig_boot(r));
	EXPECT_TRUE(flat_logged(r->fm, "neither bar nor window: door"));
	rig_close(r);
}
