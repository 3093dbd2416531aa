/* SPDX-License-Identifier: MIT */
/*
 * Configuration space of virtio-blk (virtio 1.2 5.2.4) and the values that make a
 * disk, or none.
 */
#include <stdlib.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

static const struct {
	const char *name;
	uint32_t offset, width;
	uint64_t value;
} fields[] = {
	{ "capacity", 0x00, 8, 2048 },
	{ "size_max", 0x08, 4, 0 },
	{ "seg_max", 0x0c, 4, 254 },
	{ "cylinders", 0x10, 2, 0 },
	{ "heads", 0x12, 1, 0 },
	{ "sectors", 0x13, 1, 0 },
	{ "blk_size", 0x14, 4, 512 },
	{ "physical_block_exp", 0x18, 1, 0 },
	{ "alignment_offset", 0x19, 1, 0 },
	{ "min_io_size", 0x1a, 2, 1 },
	{ "opt_io_size", 0x1c, 4, 0 },
	{ "writeback", 0x20, 1, 1 },
	{ "unused0", 0x21, 1, 0 },
	{ "num_queues", 0x22, 2, 4 },
	{ "max_discard_sectors", 0x24, 4, 0x8000 },
	{ "max_discard_seg", 0x28, 4, 16 },
	{ "discard_sector_alignment", 0x2c, 4, 1 },
	{ "max_write_zeroes_sectors", 0x30, 4, 0x8000 },
	{ "max_write_zeroes_seg", 0x34, 4, 16 },
	{ "write_zeroes_may_unmap", 0x38, 1, 0 },
	{ "unused1", 0x39, 1, 0 },
	{ "behind the structure", 0x60, 4, 0 },
};

TEST(blk_config, every_field)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 4 });

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		TEST_ROW("%s", fields[i].name);
		EXPECT_EQ(fields[i].value, drv_read(d, 0x2000 + fields[i].offset,
						    fields[i].width));
	}
	EXPECT_EQ(2048, drv_read(d, 0x2000, 4));
	EXPECT_EQ(0, drv_read(d, 0x2004, 4));
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
}

TEST(blk_config, fields_of_features_that_are_not_offered_are_0)
{
	struct drv *d = drv_new(&(struct drv_options){
		.queues = 4, .withhold = 0x7e44 });

	for (uint32_t at = 8; at < 0x60; at += 4) {
		TEST_ROW("offset 0x%x", at);
		EXPECT_EQ(0, drv_read(d, 0x2000 + at, 4));
	}
	drv_free(d);
}

TEST(blk_config, writes_before_features_ok_are_refused)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_status(d, 1);
	drv_status(d, 3);
	drv_write(d, 0x2020, 1, 0);
	EXPECT_EQ(1, drv_read(d, 0x2020, 1));
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "before FEATURES_OK"));
	drv_free(d);
}

TEST(blk_config, writeback_can_be_written_with_config_wce)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 1 << 9 | 1 << 11);
	drv_write(d, 0x2020, 1, 0);
	EXPECT_EQ(0, drv_read(d, 0x2020, 1));
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_write(d, 0x2020, 1, 2);
	EXPECT_EQ(0, drv_read(d, 0x2020, 1));
	EXPECT_EQ(1, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_status(d, 0);
	EXPECT_EQ(1, drv_read(d, 0x2020, 1));
	drv_free(d);
}

TEST(blk_config, writeback_cannot_be_written_without_config_wce)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 1 << 9);
	drv_write(d, 0x2020, 1, 0);
	EXPECT_EQ(1, drv_read(d, 0x2020, 1));
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "CONFIG_WCE"));
	drv_free(d);
}

TEST(blk_config, writeback_starts_at_0_for_a_driver_that_cannot_flush)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 1 << 11);
	EXPECT_EQ(0, drv_read(d, 0x2020, 1));
	drv_free(d);
}

TEST(blk_config, other_fields_cannot_be_written)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 4 });

	drv_start(d, 0);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (fields[i].offset == 0x20)
			continue;
		TEST_ROW("%s", fields[i].name);
		drv_write(d, 0x2000 + fields[i].offset, fields[i].width, 0x5a);
		EXPECT_EQ(fields[i].value, drv_read(d, 0x2000 + fields[i].offset,
						    fields[i].width));
	}
	EXPECT_EQ(20 - 1, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
}

TEST(blk_config, a_wrong_width_works_and_is_said)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	EXPECT_EQ(0x0800, drv_read(d, 0x2000, 2));
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "width"));
	drv_free(d);
}

TEST(blk_config, seg_max_follows_queue_size_or_the_key)
{
	static const struct {
		int queue_size, key;
		uint64_t value;
	} rows[] = {
		{ 256, 0, 254 }, { 2, 0, 1 }, { 4, 0, 2 }, { 32768, 0, 1022 },
		{ 256, 7, 7 }, { 256, 1022, 1022 },
	};

	for (size_t i = 0; i < 6; i++) {
		struct drv *d = drv_new(&(struct drv_options){
			.queue_size = rows[i].queue_size,
			.seg_max = rows[i].key });

		TEST_ROW("row %zu", i);
		EXPECT_EQ(rows[i].value, drv_read(d, 0x200c, 4));
		drv_free(d);
	}
}

TEST(blk_config, more_segments_than_seg_max_are_said_and_served)
{
	struct drv *d = drv_new(&(struct drv_options){ .seg_max = 1 });
	uint64_t data = drv_alloc(d, 1024);
	struct drv_request r;
	struct drv_buf bufs[4];
	uint32_t id, len;

	drv_start(d, 1 << 2);
	r = drv_prepare(d, 0, 0, 0, 0);
	bufs[0] = (struct drv_buf){ r.header, 16, 0 };
	bufs[1] = (struct drv_buf){ data, 512, 2 };
	bufs[2] = (struct drv_buf){ data + 512, 512, 2 };
	bufs[3] = (struct drv_buf){ r.status, 1, 2 };
	drv_publish(d, 0, drv_chain(d, 0, bufs, 4));
	drv_kick(d, 0);
	drv_run(d);
	EXPECT_TRUE(drv_used(d, 0, &id, &len));
	EXPECT_EQ(1025, len);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "seg_max"));
	drv_free(d);
}

/* Options that make no disk, and what is said. */
TEST(blk_create, refuses_with_property_and_phrase)
{
	static const uint8_t odd[600];
	static const struct {
		struct drv_options o;
		const char *property, *text;
	} rows[] = {
		{ { .queue_size = 100 }, "queue_size", "power of two" },
		{ { .queue_size = 65536 }, "queue_size", "32768" },
		{ { .queues = 65 }, "queues", "64" },
		{ { .queues = -1 }, "queues", "1 to 64" },
		{ { .seg_max = 1023 }, "seg_max", "1022" },
		{ { .serial = "123456789012345678901" }, "serial", "20 bytes" },
		{ { .image = odd, .image_len = 600 }, "image", "multiple of 512" },
		{ { .image = odd, .image_len = 0 }, "image", "empty" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct drv *d = drv_new(&rows[i].o);

		TEST_ROW("row %zu", i);
		EXPECT_TRUE(d->fn == NULL);
		EXPECT_STREQ(rows[i].property, d->error.property);
		EXPECT_SUBSTR(d->error.text, rows[i].text);
		drv_free(d);
	}
}

TEST(blk_create, the_most_queues_of_the_largest_size)
{
	struct drv *d = drv_new(&(struct drv_options){
		.queues = 64, .queue_size = 32768 });

	ASSERT_TRUE(d->fn != NULL);
	EXPECT_EQ(64, drv_read(d, 0x12, 2));
	drv_free(d);
	d = drv_new(&(struct drv_options){ .queues = 64 });
	drv_start(d, 0);
	drv_submit(d, 63, 0, 0, 512);
	EXPECT_EQ(1, drv_ram16(d, d->q[63].used + 2));
	EXPECT_EQ(64, d->host.last_msi.vector);
	drv_status(d, 0);
	EXPECT_EQ(0, drv_read(d, 0x14, 1));
	drv_free(d);
}

/* check() reads the whole image, create() only its ends. */
TEST(blk_check, reads_the_whole_image)
{
	uint8_t *plain = drv_pattern(64 * 512);
	size_t len;
	uint8_t *gz = drv_gzip(plain, 64 * 512, &len);
	struct device_value *values =
		drv_values(&(struct drv_options){ 0 }, gz, len);
	struct device_config cfg = {
		.id = "disk0", .values = values, .msix_entries = -1,
		.features = drv_default_features(), .intx_pin = 1,
	};
	struct device_error err;

	EXPECT_TRUE(drv_model()->check(&cfg, &err));
	gz[len - 8] ^= 1;
	EXPECT_FALSE(drv_model()->check(&cfg, &err));
	EXPECT_STREQ("image", err.property);
	EXPECT_SUBSTR(err.text, "CRC");
	free(values);
	free(gz);
	free(plain);
}
