/* SPDX-License-Identifier: MIT */
/*
 * The shapes of the capability list: what each shows, byte by byte, at first and
 * after a reset, and that the device behind it is the same (PCI 3.0 6.7,
 * 6.8.2.4; virtio 1.2 4.1.4).
 */
#include <stdlib.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

static struct drv *device(enum device_caps caps)
{
	return drv_new(&(struct drv_options){ .queues = 2, .caps = caps });
}

/* Places of the capabilities as the chain has them, as long as it goes on. */
static size_t chain(struct drv *d, uint8_t at[], size_t max)
{
	uint32_t pos = drv_cfg_read(d, 0x34, 1) & 0xfc;
	size_t n = 0;

	while (pos >= 0x40 && n < max) {
		at[n++] = (uint8_t)pos;
		pos = drv_cfg_read(d, pos + 1, 1) & 0xfc;
	}
	return n;
}

/* Both before and after a reset of the function. */
#define BOTH_TIMES(d)                                                        \
	for (int time_ = 0; time_ < 2;                                       \
	     time_++, (d)->fn->ops->reset((d)->fn, PCI_RESET_POWER_ON))

/* Three dwords of a virtio capability from bar, offset and length. */
static void expect_common(enum device_caps caps, uint32_t len, uint32_t bar,
			  uint32_t offset, uint32_t length)
{
	struct drv *d = device(caps);
	uint32_t at = drv_find_cap(d, 0x09, 1);

	BOTH_TIMES(d) {
		EXPECT_EQ(len, drv_cfg_read(d, at + 2, 1));
		EXPECT_EQ(bar, drv_cfg_read(d, at + 4, 1));
		EXPECT_EQ(offset, drv_cfg_read(d, at + 8, 4));
		EXPECT_EQ(length, drv_cfg_read(d, at + 12, 4));
	}
	drv_free(d);
}

TEST(odd_caps, common_configuration)
{
	expect_common(DEVICE_CAPS_PLAIN, 16, 4, 0, 0x1000);
	expect_common(DEVICE_CAPS_COMMON_IN_NO_BAR, 16, 2, 0, 0x1000);
	expect_common(DEVICE_CAPS_COMMON_OUTSIDE, 16, 4, 0x3800, 0x1000);
	expect_common(DEVICE_CAPS_COMMON_WRAPS, 16, 4, 0xfffff000, 0x2000);
	expect_common(DEVICE_CAPS_COMMON_SHORT, 8, 4, 0, 0x1000);
}

TEST(odd_caps, no_bar_2)
{
	struct drv *d = device(DEVICE_CAPS_COMMON_IN_NO_BAR);

	drv_cfg_write(d, 0x18, 4, 0xffffffff);
	EXPECT_EQ(0, drv_cfg_read(d, 0x18, 4));
	drv_free(d);
}

TEST(odd_caps, no_notify)
{
	struct drv *d = device(DEVICE_CAPS_NO_NOTIFY);

	BOTH_TIMES(d) {
		EXPECT_EQ(0, drv_find_cap(d, 0x09, 2));
		EXPECT_NE(0, drv_find_cap(d, 0x09, 3));
	}
	drv_free(d);
}

/* Reserved BARs first, a common configuration in a wrong place last. */
TEST(odd_caps, repeated)
{
	struct drv *d = device(DEVICE_CAPS_REPEATED);
	static const struct {
		uint32_t type, bar, offset;
	} rows[] = {
		{ 1, 6, 0 }, { 2, 6, 0 }, { 3, 6, 0 }, { 4, 6, 0 },
		{ 1, 4, 0 }, { 3, 4, 0x1000 }, { 4, 4, 0x2000 },
		{ 2, 4, 0x3000 }, { 5, 0, 0 }, { 1, 4, 0x2000 },
	};
	uint8_t at[16];

	BOTH_TIMES(d) {
		ASSERT_EQ(11, chain(d, at, 16));
		EXPECT_EQ(0x11, drv_cfg_read(d, at[0], 1));
		for (size_t i = 0; i < 10; i++) {
			TEST_ROW("row %zu", i);
			EXPECT_EQ(9, drv_cfg_read(d, at[i + 1], 1));
			EXPECT_EQ(rows[i].type,
				  drv_cfg_read(d, at[i + 1] + 3, 1));
			EXPECT_EQ(rows[i].bar,
				  drv_cfg_read(d, at[i + 1] + 4, 1));
			EXPECT_EQ(rows[i].offset,
				  drv_cfg_read(d, at[i + 1] + 8, 4));
		}
	}
	drv_free(d);
}

/* The others' first capability of a vendor is the common configuration. */
TEST(odd_caps, foreign)
{
	struct drv *d = device(DEVICE_CAPS_FOREIGN);
	uint8_t at[16];

	ASSERT_EQ(10, chain(d, at, 16));
	EXPECT_EQ(9, drv_cfg_read(d, at[3], 1));
	EXPECT_EQ(0x0908, drv_cfg_read(d, at[3] + 2, 2));
	EXPECT_EQ(0x78561234, drv_cfg_read(d, at[3] + 4, 4));
	EXPECT_EQ(0x6008, drv_cfg_read(d, at[4] + 2, 2));
	EXPECT_EQ(1, drv_cfg_read(d, at[5] + 3, 1));
	drv_free(d);
}

TEST(odd_caps, loops)
{
	struct drv *d = device(DEVICE_CAPS_LOOP_BEHIND);
	uint8_t at[48];

	BOTH_TIMES(d) {
		EXPECT_EQ(48, chain(d, at, 48));
		EXPECT_EQ(at[0], at[8]); /* eight, and again */
		EXPECT_NE(at[0], at[7]);
	}
	drv_free(d);
	d = device(DEVICE_CAPS_LOOP_FIRST);
	BOTH_TIMES(d) {
		EXPECT_EQ(48, chain(d, at, 48));
		EXPECT_EQ(at[0], at[1]);
	}
	drv_free(d);
}

TEST(odd_caps, pointers)
{
	struct drv *d = device(DEVICE_CAPS_POINTER_LOW);
	uint8_t at[16];
	size_t n;

	BOTH_TIMES(d) {
		EXPECT_EQ(1, chain(d, at, 16));
		EXPECT_EQ(0x20, drv_cfg_read(d, at[0] + 1, 1));
	}
	drv_free(d);
	d = device(DEVICE_CAPS_POINTER_ODD);
	BOTH_TIMES(d) {
		EXPECT_EQ(0x41, drv_cfg_read(d, 0x34, 1));
		n = chain(d, at, 16);
		ASSERT_EQ(8, n);
		EXPECT_EQ(at[1] | 3, drv_cfg_read(d, at[0] + 1, 1));
		EXPECT_EQ(0, drv_cfg_read(d, at[7] + 1, 1));
	}
	drv_free(d);
	d = device(DEVICE_CAPS_END_NOWHERE);
	BOTH_TIMES(d) {
		ASSERT_EQ(9, chain(d, at, 16));
		EXPECT_EQ(0xfc, at[8]);
		EXPECT_EQ(0, drv_cfg_read(d, 0xfc, 4));
	}
	drv_free(d);
}

TEST(odd_caps, unlisted)
{
	struct drv *d = device(DEVICE_CAPS_UNLISTED);

	BOTH_TIMES(d) {
		EXPECT_EQ(0, drv_cfg_read(d, 0x06, 2));
		EXPECT_EQ(0x40, drv_cfg_read(d, 0x34, 1));
	}
	drv_free(d);
}

TEST(odd_caps, msix_table)
{
	struct drv *d = device(DEVICE_CAPS_PLAIN);
	uint32_t at = drv_find_cap(d, 0x11, 0);

	EXPECT_EQ(0x00000001, drv_cfg_read(d, at + 4, 4));
	drv_free(d);
	d = device(DEVICE_CAPS_MSIX_IN_NO_BAR);
	BOTH_TIMES(d)
		EXPECT_EQ(7, drv_cfg_read(d, at + 4, 4));
	drv_free(d);
	d = device(DEVICE_CAPS_MSIX_OUTSIDE);
	BOTH_TIMES(d)
		EXPECT_EQ(0x00100001, drv_cfg_read(d, at + 4, 4));
	drv_free(d);
	/* Without a table nothing is shown, and nothing breaks. */
	d = drv_new(&(struct drv_options){ .caps = DEVICE_CAPS_MSIX_OUTSIDE,
					   .msix_entries = -1 });
	EXPECT_EQ(0, drv_find_cap(d, 0x11, 0));
	drv_free(d);
}

/* cap_len may grow with a later specification. */
TEST(odd_caps, longer_than_known)
{
	static const struct {
		uint32_t type, len;
	} rows[] = { { 1, 20 }, { 2, 24 }, { 3, 20 }, { 4, 20 } };
	struct drv *d = device(DEVICE_CAPS_LONG);

	for (size_t i = 0; i < 4; i++) {
		uint32_t at = drv_find_cap(d, 9, (uint8_t)rows[i].type);

		EXPECT_EQ(rows[i].len, drv_cfg_read(d, at + 2, 1));
		EXPECT_EQ(4, drv_cfg_read(d, at + 4, 1));
	}
	EXPECT_EQ(4, drv_cfg_read(d, drv_find_cap(d, 9, 2) + 16, 4));
	drv_free(d);
}

TEST(odd_caps, shared_memory)
{
	static const struct {
		enum device_caps caps;
		uint32_t id, high;
	} rows[] = {
		{ DEVICE_CAPS_SHARED, 2, 0 },
		{ DEVICE_CAPS_SHARED_TWICE, 1, 0 },
		{ DEVICE_CAPS_SHARED_OUTSIDE, 2, 1 },
	};

	for (size_t i = 0; i < 3; i++) {
		struct drv *d = device(rows[i].caps);
		uint32_t at = drv_find_cap(d, 9, 8), next;

		EXPECT_EQ(24, drv_cfg_read(d, at + 2, 1));
		EXPECT_EQ(0x0104, drv_cfg_read(d, at + 4, 2));
		EXPECT_EQ(0x1800, drv_cfg_read(d, at + 8, 4));
		EXPECT_EQ(0x400, drv_cfg_read(d, at + 12, 4));
		EXPECT_EQ(0, drv_cfg_read(d, at + 16, 4));
		EXPECT_EQ(0, drv_cfg_read(d, at + 20, 4));
		next = drv_cfg_read(d, at + 1, 1);
		EXPECT_EQ(8, drv_cfg_read(d, next + 3, 1));
		EXPECT_EQ(rows[i].id, drv_cfg_read(d, next + 5, 1));
		EXPECT_EQ(0x1c00, drv_cfg_read(d, next + 8, 4));
		EXPECT_EQ(rows[i].high, drv_cfg_read(d, next + 20, 4));
		drv_free(d);
	}
}

/* Whatever the list says: the registers are where they were. */
TEST(odd_caps, the_device_is_the_same)
{
	for (int caps = 0; caps < DEVICE_CAPS_SHAPES; caps++) {
		struct drv *d = device((enum device_caps)caps);

		TEST_ROW("shape %d", caps);
		ASSERT_TRUE(d->fn);
		EXPECT_EQ(2, drv_read(d, 0x12, 2));
		EXPECT_EQ(2048, drv_read(d, 0x2000, 4));
		drv_free(d);
	}
}

TEST(odd_caps, a_legacy_device_has_none)
{
	struct device_value *values =
		drv_values(&(struct drv_options){ 0 }, "", 0);
	const struct device_config cfg = {
		.id = "disk0", .interface = DEVICE_IF_LEGACY, .values = values,
		.msix_entries = -1, .caps = DEVICE_CAPS_LOOP_FIRST,
	};
	struct device_error err = { .property = NULL };

	EXPECT_FALSE(drv_model()->check(&cfg, &err));
	EXPECT_STREQ("capabilities", err.property);
	free(values);
}
