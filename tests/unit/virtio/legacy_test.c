/* SPDX-License-Identifier: MIT */
/*
 * The legacy interface (virtio 1.2 4.1.4.10, 2.7.2, 3.1.2): identity, registers
 * in the I/O BAR, the queue in one block, initialization without FEATURES_OK, and
 * a driver that mixes the two interfaces.
 */
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

static struct drv *transitional(void)
{
	return drv_new(&(struct drv_options){
		.interface = DEVICE_IF_TRANSITIONAL, .queue_size = 8 });
}

static struct drv *legacy(void)
{
	return drv_new(&(struct drv_options){
		.interface = DEVICE_IF_LEGACY, .queue_size = 8 });
}

/* Queue 0 of 8 entries: 128 bytes of descriptors, 22 of available ring, the used
 * ring on the next page. */
static void setup_queue(struct drv *d)
{
	uint64_t at = drv_alloc(d, 3 * 4096);

	at = (at + 4095) & ~4095ull;
	drv_io_write(d, 0x0e, 2, 0);
	d->q[0] = (struct drv_queue){
		.size = (uint16_t)drv_io_read(d, 0x0c, 2),
		.desc = at, .avail = at + 128, .used = at + 4096,
	};
	drv_io_write(d, 0x08, 4, at >> 12);
}

static void start(struct drv *d, uint32_t features)
{
	drv_io_write(d, 0x12, 1, 0);
	drv_io_write(d, 0x12, 1, 1);
	drv_io_write(d, 0x12, 1, 1 | 2);
	drv_io_write(d, 0x04, 4, features);
	setup_queue(d);
	drv_io_write(d, 0x12, 1, 1 | 2 | 4);
}

static struct drv_request read_sector(struct drv *d, uint64_t sector)
{
	struct drv_request r = drv_prepare(d, 0, 0, sector, 512);

	drv_publish(d, 0, r.head);
	drv_io_write(d, 0x10, 2, 0);
	drv_run(d);
	return r;
}

static bool right_data(struct drv *d, const struct drv_request *r,
		       uint64_t sector)
{
	return !drv_result(d, r) && !memcmp(drv_ram(d, r->data, 512),
					    d->image + 512 * sector, 512);
}

TEST(legacy, identity_is_that_of_a_transitional_block_device)
{
	struct drv *d = transitional();

	EXPECT_EQ(0x10011af4, drv_cfg_read(d, 0x00, 4));
	EXPECT_EQ(0, drv_cfg_read(d, 0x08, 1));    /* revision */
	EXPECT_EQ(2, drv_cfg_read(d, 0x2e, 2));    /* subsystem: the type */
	EXPECT_EQ(1, drv_cfg_read(d, 0x10, 4) & 1); /* BAR 0 is I/O */
	EXPECT_NE(0, drv_find_cap(d, 0x09, 1));
	drv_free(d);
}

TEST(legacy, entropy_is_1005)
{
	struct drv *d = drv_new(&(struct drv_options){
		.model = "virtio-rng", .interface = DEVICE_IF_LEGACY });

	EXPECT_EQ(0x10051af4, drv_cfg_read(d, 0x00, 4));
	EXPECT_EQ(4, drv_cfg_read(d, 0x2e, 2));
	drv_free(d);
}

TEST(legacy, a_legacy_device_has_no_virtio_capability_and_no_bar_4)
{
	struct drv *d = legacy();

	for (uint8_t type = 1; type <= 5; type++)
		EXPECT_EQ(0, drv_find_cap(d, 0x09, type));
	EXPECT_EQ(0, drv_cfg_read(d, 0x20, 4));
	EXPECT_NE(0, drv_find_cap(d, 0x11, 0)); /* MSI-X is older */
	drv_free(d);
}

TEST(legacy, a_request_goes_through)
{
	struct drv *d = legacy();
	struct drv_request r;
	uint32_t id, len;

	start(d, 0);
	EXPECT_EQ(8, d->q[0].size);
	r = read_sector(d, 5);
	EXPECT_TRUE(right_data(d, &r, 5));
	EXPECT_TRUE(drv_used(d, 0, &id, &len));
	EXPECT_EQ(513, len);
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	EXPECT_TRUE(d->host.line);
	EXPECT_EQ(1, drv_io_read(d, 0x13, 1)); /* reading acknowledges */
	EXPECT_FALSE(d->host.line);
	EXPECT_EQ(0, drv_io_read(d, 0x13, 1));
	drv_free(d);
}

TEST(legacy, the_device_may_be_used_before_driver_ok)
{
	struct drv *d = legacy();
	struct drv_request r;

	drv_io_write(d, 0x12, 1, 1);
	drv_io_write(d, 0x12, 1, 1 | 2);
	setup_queue(d);
	r = read_sector(d, 1);
	EXPECT_TRUE(right_data(d, &r, 1));
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
}

TEST(legacy, features_are_those_below_32)
{
	struct drv *d = transitional();

	/* Event index and indirect descriptors; not VERSION_1. */
	EXPECT_EQ(3u << 28, drv_io_read(d, 0x00, 4) & 3u << 28);
	EXPECT_EQ((uint32_t)drv_default_features(), drv_io_read(d, 0x00, 4));
	start(d, 1u << 29);
	EXPECT_EQ(1u << 29, drv_io_read(d, 0x04, 4));
	EXPECT_EQ(1u << 29,
		  fake_host_event(&d->host, MODEL_EV_FEATURES)->value);
	drv_free(d);
}

TEST(legacy, features_that_were_not_offered_are_ignored)
{
	struct drv *d = legacy();

	start(d, 1u << 28 | 1u << 20);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "2.2.1"));
	EXPECT_EQ(1u << 28, drv_io_read(d, 0x04, 4));
	drv_free(d);
}

TEST(legacy, features_do_not_change_after_driver_ok)
{
	struct drv *d = legacy();

	start(d, 1u << 28);
	drv_io_write(d, 0x04, 4, 0);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "3.1.2"));
	EXPECT_EQ(1u << 28, drv_io_read(d, 0x04, 4));
	drv_free(d);
}

TEST(legacy, features_ok_is_unknown)
{
	struct drv *d = legacy();

	drv_io_write(d, 0x12, 1, 1);
	drv_io_write(d, 0x12, 1, 1 | 2 | 8);
	EXPECT_EQ(3, drv_io_read(d, 0x12, 1));
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "legacy interface"));
	drv_free(d);
}

/* The disk's capacity is the first field; 1 MiB are 2048 sectors. */
TEST(legacy, configuration_lies_at_20_and_with_msix_at_24)
{
	struct drv *d = legacy();

	EXPECT_EQ(2048, drv_io_read(d, 0x14, 4));
	drv_enable_msix(d);
	EXPECT_EQ(0xffff, drv_io_read(d, 0x14, 2));
	EXPECT_EQ(2048, drv_io_read(d, 0x18, 4));
	/* In any width (4.1.4.10). */
	EXPECT_EQ(0x08, drv_io_read(d, 0x19, 1));
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
}

TEST(legacy, configuration_is_written_without_features_ok)
{
	struct drv *d = legacy();

	drv_io_write(d, 0x12, 1, 1);
	drv_io_write(d, 0x12, 1, 1 | 2);
	drv_io_write(d, 0x04, 4, 1u << 11 | 1u << 9); /* CONFIG_WCE, FLUSH */
	/* writeback, at 0x20 of the configuration */
	EXPECT_EQ(1, drv_io_read(d, 0x14 + 0x20, 1));
	drv_io_write(d, 0x14 + 0x20, 1, 0);
	EXPECT_EQ(0, drv_io_read(d, 0x14 + 0x20, 1));
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
}

TEST(legacy, vectors_are_mapped_and_read_back)
{
	struct drv *d = legacy();
	struct drv_request r;

	drv_enable_msix(d);
	drv_io_write(d, 0x14, 2, 0);
	EXPECT_EQ(0, drv_io_read(d, 0x14, 2));
	drv_io_write(d, 0x0e, 2, 0);
	drv_io_write(d, 0x16, 2, 1);
	EXPECT_EQ(1, drv_io_read(d, 0x16, 2));
	start(d, 0);
	/* start() resets the device, and a reset unmaps. */
	EXPECT_EQ(0xffff, drv_io_read(d, 0x16, 2));
	drv_io_write(d, 0x16, 2, 1);
	r = read_sector(d, 0);
	EXPECT_TRUE(right_data(d, &r, 0));
	EXPECT_EQ(1, d->host.msis);
	EXPECT_EQ(0x31, d->host.last_msi.data);
	EXPECT_FALSE(d->host.line);
	drv_free(d);
}

TEST(legacy, a_vector_outside_of_the_table_reads_back_no_vector)
{
	struct drv *d = legacy();

	drv_enable_msix(d);
	drv_io_write(d, 0x16, 2, 2);
	EXPECT_EQ(0xffff, drv_io_read(d, 0x16, 2));
	drv_free(d);
}

TEST(legacy, a_queue_that_is_not_there_has_size_0)
{
	struct drv *d = legacy();

	drv_io_write(d, 0x0e, 2, 1);
	EXPECT_EQ(0, drv_io_read(d, 0x0c, 2));
	EXPECT_EQ(0, drv_io_read(d, 0x08, 4));
	drv_io_write(d, 0x08, 4, 0x80001);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "does not have"));
	drv_free(d);
}

TEST(legacy, address_0_takes_the_queue_back)
{
	struct drv *d = legacy();
	struct drv_request r;

	start(d, 0);
	EXPECT_EQ(d->q[0].desc >> 12, drv_io_read(d, 0x08, 4));
	drv_io_write(d, 0x08, 4, 0);
	EXPECT_EQ(0, drv_io_read(d, 0x08, 4));
	drv_io_write(d, 0x10, 2, 0);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "not enabled"));
	setup_queue(d);
	r = read_sector(d, 3);
	EXPECT_TRUE(right_data(d, &r, 3));
	drv_free(d);
}

TEST(legacy, a_queue_in_use_keeps_its_address)
{
	struct drv *d = legacy();

	start(d, 0);
	drv_io_write(d, 0x08, 4, 0x80001);
	EXPECT_EQ(d->q[0].desc >> 12, drv_io_read(d, 0x08, 4));
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "in use"));
	drv_free(d);
}

TEST(legacy, a_kick_that_names_no_queue_is_ignored)
{
	struct drv *d = legacy();

	start(d, 0);
	drv_io_write(d, 0x10, 2, 7);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "names no queue"));
	drv_free(d);
}

TEST(legacy, a_transitional_device_works_either_way)
{
	struct drv *d = transitional();
	struct drv_request r;

	start(d, 0);
	r = read_sector(d, 2);
	EXPECT_TRUE(right_data(d, &r, 2));
	drv_io_write(d, 0x12, 1, 0);
	EXPECT_EQ(0, drv_io_read(d, 0x12, 1));
	drv_start_intx(d, 0);
	r = drv_submit(d, 0, 0, 4, 512);
	EXPECT_TRUE(right_data(d, &r, 4));
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
}

TEST(legacy, a_driver_that_mixes_the_interfaces_is_told)
{
	struct drv *d = transitional();

	start(d, 0);
	drv_write(d, 0x16, 2, 0);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR,
			     "while the legacy interface is in use"));
	drv_free(d);
	d = transitional();
	drv_start_intx(d, 0);
	drv_io_read(d, 0x13, 1);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR,
			     "while the modern interface is in use"));
	drv_free(d);
}
