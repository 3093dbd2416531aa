/* SPDX-License-Identifier: MIT */
/*
 * Common configuration of virtio-pci, register by register (virtio 1.2 4.1.4.3):
 * reset values, what takes a write, queue banking, widths.
 */
#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

/* What every register reads before a driver has touched the device: two queues
 * of 256 entries. */
static const struct {
	const char *name;
	uint32_t offset, width;
	uint64_t value;
} at_reset[] = {
	{ "device_feature_select", 0x00, 4, 0 },
	{ "driver_feature_select", 0x08, 4, 0 },
	{ "driver_feature", 0x0c, 4, 0 },
	{ "config_msix_vector", 0x10, 2, 0xffff },
	{ "num_queues", 0x12, 2, 2 },
	{ "device_status", 0x14, 1, 0 },
	{ "config_generation", 0x15, 1, 0 },
	{ "queue_select", 0x16, 2, 0 },
	{ "queue_size", 0x18, 2, 256 },
	{ "queue_msix_vector", 0x1a, 2, 0xffff },
	{ "queue_enable", 0x1c, 2, 0 },
	{ "queue_notify_off", 0x1e, 2, 0 },
	{ "queue_desc", 0x20, 4, 0 },
	{ "queue_desc, high", 0x24, 4, 0 },
	{ "queue_driver", 0x28, 4, 0 },
	{ "queue_driver, high", 0x2c, 4, 0 },
	{ "queue_device", 0x30, 4, 0 },
	{ "queue_device, high", 0x34, 4, 0 },
	{ "queue_notify_data", 0x38, 2, 0 },
	{ "queue_reset", 0x3a, 2, 0 },
	{ "behind the last register", 0x40, 4, 0 },
};

#define ROWS(t) (sizeof(t) / sizeof((t)[0]))

static void expect_reset_values(struct drv *d)
{
	for (size_t i = 0; i < ROWS(at_reset); i++) {
		TEST_ROW("%s", at_reset[i].name);
		EXPECT_EQ(at_reset[i].value,
			  drv_read(d, at_reset[i].offset, at_reset[i].width));
	}
}

TEST(vpci_regs, every_register_has_its_reset_value)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 2 });

	expect_reset_values(d);
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
}

TEST(vpci_regs, device_reset_brings_every_reset_value_back)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 2 });

	drv_start(d, 0x600000000ull >> 5); /* some of what is offered */
	drv_write(d, 0x00, 4, 1);
	drv_status(d, 0);
	expect_reset_values(d);
	drv_write(d, 0x16, 2, 1);
	EXPECT_EQ(256, drv_read(d, 0x18, 2));
	EXPECT_EQ(0xffff, drv_read(d, 0x1a, 2));
	EXPECT_EQ(0, drv_read(d, 0x1c, 2));
	EXPECT_EQ(0, drv_read(d, 0x20, 4));
	drv_free(d);
}

TEST(vpci_regs, read_only_registers_keep_their_value_and_say_so)
{
	static const struct {
		uint32_t offset, width;
	} read_only[] = {
		{ 0x04, 4 }, { 0x12, 2 }, { 0x15, 1 }, { 0x1e, 2 }, { 0x38, 2 },
	};
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	for (size_t i = 0; i < ROWS(read_only); i++) {
		uint64_t was = drv_read(d, read_only[i].offset,
					read_only[i].width);

		TEST_ROW("offset 0x%x", read_only[i].offset);
		fake_host_forget(&d->host);
		drv_write(d, read_only[i].offset, read_only[i].width, 0x5a5a5a5a);
		EXPECT_EQ(was, drv_read(d, read_only[i].offset,
					read_only[i].width));
		EXPECT_EQ(1, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	}
	drv_free(d);
}

TEST(vpci_regs, each_queue_has_its_own_registers)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 3 });

	for (uint32_t q = 0; q < 3; q++) {
		drv_write(d, 0x16, 2, q);
		EXPECT_EQ(q, drv_read(d, 0x1e, 2));
		drv_write(d, 0x18, 2, 16u << q);
		drv_write(d, 0x1a, 2, q);
		drv_write(d, 0x20, 4, 0x1000 * (q + 1));
		drv_write(d, 0x24, 4, q);
	}
	for (uint32_t q = 0; q < 3; q++) {
		TEST_ROW("queue %u", q);
		drv_write(d, 0x16, 2, q);
		EXPECT_EQ(16u << q, drv_read(d, 0x18, 2));
		EXPECT_EQ(q, drv_read(d, 0x1a, 2));
		EXPECT_EQ(0x1000 * (q + 1), drv_read(d, 0x20, 4));
		EXPECT_EQ(q, drv_read(d, 0x24, 4));
	}
	drv_free(d);
}

TEST(vpci_regs, a_queue_that_does_not_exist_has_size_0)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 2 });

	drv_write(d, 0x16, 2, 2);
	EXPECT_EQ(2, drv_read(d, 0x16, 2));
	EXPECT_EQ(0, drv_read(d, 0x18, 2));
	EXPECT_EQ(0xffff, drv_read(d, 0x1a, 2));
	EXPECT_EQ(0, drv_read(d, 0x1c, 2));
	drv_write(d, 0x18, 2, 8);
	drv_write(d, 0x1c, 2, 1);
	EXPECT_EQ(0, drv_read(d, 0x18, 2));
	EXPECT_EQ(0, drv_read(d, 0x1c, 2));
	EXPECT_EQ(2, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_write(d, 0x16, 2, 0xffff);
	EXPECT_EQ(0, drv_read(d, 0x18, 2));
	drv_free(d);
}

TEST(vpci_regs, queue_size_takes_powers_of_two_up_to_what_was_offered)
{
	static const struct {
		uint32_t write, read;
	} sizes[] = {
		{ 128, 128 }, { 1, 1 }, { 256, 256 },
		{ 0, 256 }, { 3, 256 }, { 255, 256 }, { 512, 256 },
		{ 0x8000, 256 }, { 0xffff, 256 },
	};
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	for (size_t i = 0; i < ROWS(sizes); i++) {
		TEST_ROW("write %u", sizes[i].write);
		drv_write(d, 0x18, 2, 256);
		fake_host_forget(&d->host);
		drv_write(d, 0x18, 2, sizes[i].write);
		EXPECT_EQ(sizes[i].read, drv_read(d, 0x18, 2));
		EXPECT_EQ(sizes[i].write != sizes[i].read,
			  fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	}
	drv_free(d);
}

TEST(vpci_regs, a_queue_may_be_as_large_as_32768)
{
	struct drv *d = drv_new(&(struct drv_options){ .queue_size = 32768 });

	EXPECT_EQ(32768, drv_read(d, 0x18, 2));
	drv_free(d);
}

TEST(vpci_regs, an_enabled_queue_cannot_be_changed)
{
	static const struct {
		uint32_t offset, width;
	} fixed[] = {
		{ 0x18, 2 }, { 0x20, 4 }, { 0x24, 4 }, { 0x28, 4 },
		{ 0x2c, 4 }, { 0x30, 4 }, { 0x34, 4 },
	};
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 0);
	for (size_t i = 0; i < ROWS(fixed); i++) {
		uint64_t was = drv_read(d, fixed[i].offset, fixed[i].width);

		TEST_ROW("offset 0x%x", fixed[i].offset);
		fake_host_forget(&d->host);
		drv_write(d, fixed[i].offset, fixed[i].width, 64);
		EXPECT_EQ(was, drv_read(d, fixed[i].offset, fixed[i].width));
		EXPECT_EQ(1, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	}
	drv_free(d);
}

TEST(vpci_regs, queue_enable_takes_only_1)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_negotiate(d, 0);
	fake_host_forget(&d->host);
	drv_write(d, 0x1c, 2, 2);
	EXPECT_EQ(0, drv_read(d, 0x1c, 2));
	drv_setup_queue(d, 0, 64);
	EXPECT_EQ(1, drv_read(d, 0x1c, 2));
	drv_write(d, 0x1c, 2, 1); /* again: no harm */
	EXPECT_EQ(1, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	EXPECT_EQ(64, fake_host_event(&d->host, MODEL_EV_QUEUE_ENABLE)->value);
	drv_write(d, 0x1c, 2, 0);
	EXPECT_EQ(1, drv_read(d, 0x1c, 2));
	EXPECT_EQ(2, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
}

TEST(vpci_regs, enabling_a_queue_too_early_or_misaligned_is_said)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_status(d, 1);
	drv_write(d, 0x1c, 2, 1);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "before FEATURES_OK"));
	drv_negotiate(d, 0);
	drv_write(d, 0x30, 4, FAKE_RAM_BASE + 2);
	drv_write(d, 0x1c, 2, 1);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "not aligned"));
	drv_free(d);
}

TEST(vpci_regs, enabling_a_queue_after_driver_ok_is_said_if_it_was_not_reset)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 2 });

	drv_negotiate(d, 1ull << 40);
	drv_setup_queue(d, 0, 0);
	drv_driver_ok(d);
	drv_setup_queue(d, 1, 0);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "after DRIVER_OK"));
	fake_host_forget(&d->host);
	drv_write(d, 0x16, 2, 0);
	drv_write(d, 0x3a, 2, 1);
	drv_setup_queue(d, 0, 0);
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	/* The device's own reset forgets the queue's. */
	drv_negotiate(d, 1ull << 40);
	drv_driver_ok(d);
	drv_setup_queue(d, 0, 0);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "after DRIVER_OK"));
	drv_free(d);
}

TEST(vpci_regs, a_64_bit_field_is_written_in_halves_or_whole)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_write(d, 0x28, 4, 0x11223340);
	drv_write(d, 0x2c, 4, 0x55667788);
	EXPECT_EQ(0x5566778811223340ull, drv_read(d, 0x28, 8));
	drv_write(d, 0x30, 8, 0x0102030405060708ull);
	EXPECT_EQ(0x05060708u, drv_read(d, 0x30, 4));
	EXPECT_EQ(0x01020304u, drv_read(d, 0x34, 4));
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
}

TEST(vpci_regs, another_width_than_the_fields_works_and_is_said)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_write(d, 0x18, 1, 0x40); /* the low byte of 256: 320 is no size */
	EXPECT_EQ(256, drv_read(d, 0x18, 2));
	EXPECT_EQ(2, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	fake_host_forget(&d->host);
	EXPECT_EQ(0xffff0100u, drv_read(d, 0x18, 4));
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "width"));
	drv_free(d);
}

TEST(vpci_regs, queue_notify_data_is_there_if_offered_only)
{
	struct drv *d = drv_new(&(struct drv_options){
		.queues = 2, .offer = 1ull << 39 });

	drv_write(d, 0x16, 2, 0);
	EXPECT_NE(0, drv_read(d, 0x38, 2));
	drv_write(d, 0x16, 2, 1);
	EXPECT_NE(1, drv_read(d, 0x38, 2));
	EXPECT_NE(0, drv_read(d, 0x38, 2));
	drv_free(d);
}

TEST(vpci_regs, notify_and_isr_regions_beyond_their_registers_read_0)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	EXPECT_EQ(0, drv_read(d, 0x3000, 4));
	EXPECT_EQ(0, drv_read(d, 0x1010, 4));
	EXPECT_EQ(0, drv_read(d, 0x2ff8, 8));
	EXPECT_EQ(0, drv_read(d, 0x0ff8, 8));
	drv_write(d, 0x1000, 1, 0xff);
	EXPECT_EQ(0, drv_read(d, 0x1000, 1));
	drv_free(d);
}
