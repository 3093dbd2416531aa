/* SPDX-License-Identifier: MIT */
/*
 * What the function looks like on the bus: identity, BARs, capabilities, the
 * config-space window, function-level reset and D3hot (virtio 1.2 4.1.2, 4.1.4;
 * PCI 3.0; PCI Express 6.6.2).
 */
#include <stdlib.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

TEST(identity, is_that_of_a_non_transitional_block_device)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	EXPECT_EQ(0x10421af4, drv_cfg_read(d, 0x00, 4));
	EXPECT_EQ(1, drv_cfg_read(d, 0x08, 1));
	EXPECT_EQ(0x010000, drv_cfg_read(d, 0x08, 4) >> 8);
	EXPECT_EQ(0x1af4, drv_cfg_read(d, 0x2c, 2));
	EXPECT_GE(drv_cfg_read(d, 0x2e, 2), 0x40);
	EXPECT_EQ(1, drv_cfg_read(d, 0x3d, 1));
	EXPECT_EQ(0x10, drv_cfg_read(d, 0x06, 2) & 0x10);
	drv_free(d);
}

TEST(identity, a_function_may_have_no_interrupt_pin)
{
	struct drv *d = drv_new(&(struct drv_options){ .pin = -1 });

	EXPECT_EQ(0, drv_cfg_read(d, 0x3d, 1));
	drv_free(d);
}

/* Writes all ones, reads the size, puts the address back. */
static uint32_t bar_mask(struct drv *d, uint32_t offset)
{
	uint32_t was = drv_cfg_read(d, offset, 4), mask;

	drv_cfg_write(d, 0x04, 2, 0);
	drv_cfg_write(d, offset, 4, 0xffffffff);
	mask = drv_cfg_read(d, offset, 4);
	drv_cfg_write(d, offset, 4, was);
	drv_cfg_write(d, 0x04, 2, 6);
	return mask;
}

TEST(bars, are_laid_out_as_qemus)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	EXPECT_EQ(0, bar_mask(d, 0x10));
	EXPECT_EQ(0xfffff000, bar_mask(d, 0x14)); /* 4 KiB, 32 bits */
	EXPECT_EQ(0, bar_mask(d, 0x18));
	EXPECT_EQ(0xffffc00c, bar_mask(d, 0x20)); /* 16 KiB, 64, prefetchable */
	EXPECT_EQ(0xffffffff, bar_mask(d, 0x24));
	drv_free(d);
}

TEST(bars, without_msix_there_is_no_bar_1)
{
	struct drv *d = drv_new(&(struct drv_options){ .msix_entries = -1 });

	EXPECT_EQ(0, bar_mask(d, 0x14));
	EXPECT_EQ(0, drv_find_cap(d, 0x11, 0));
	drv_free(d);
}

TEST(msix_capability, has_a_vector_a_queue_and_one_more)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 4 });
	uint32_t cap = drv_find_cap(d, 0x11, 0);

	EXPECT_EQ(4, drv_cfg_read(d, cap + 2, 2)); /* N - 1 */
	EXPECT_EQ(0x00000001, drv_cfg_read(d, cap + 4, 4));
	EXPECT_EQ(0x00000801, drv_cfg_read(d, cap + 8, 4));
	drv_free(d);
}

TEST(msix_capability, has_exactly_as_many_vectors_as_asked_for)
{
	static const struct {
		int entries;
		uint32_t pba, bar;
	} rows[] = {
		{ 1, 0x801, 0xfffff000 },
		{ 128, 0x801, 0xfffff000 },
		{ 129, 0x811, 0xfffff000 },
		{ 256, 0x1001, 0xffffe000 },
		{ 2048, 0x8001, 0xffff0000 },
	};

	for (size_t i = 0; i < 5; i++) {
		struct drv *d = drv_new(&(struct drv_options){
			.msix_entries = rows[i].entries });
		uint32_t cap = drv_find_cap(d, 0x11, 0);

		TEST_ROW("%d vectors", rows[i].entries);
		EXPECT_EQ(rows[i].entries - 1, drv_cfg_read(d, cap + 2, 2));
		EXPECT_EQ(rows[i].pba, drv_cfg_read(d, cap + 8, 4));
		EXPECT_EQ(rows[i].bar, bar_mask(d, 0x14));
		drv_free(d);
	}
}

TEST(msix_capability, more_than_2048_vectors_are_refused)
{
	struct drv *d = drv_new(&(struct drv_options){ .msix_entries = 2049 });

	EXPECT_TRUE(d->fn == NULL);
	EXPECT_SUBSTR(d->error.text, "2048");
	drv_free(d);
}

TEST(virtio_capabilities, say_where_each_structure_is)
{
	static const struct {
		uint8_t type, len;
		uint32_t offset;
	} rows[] = {
		{ 1, 16, 0x0000 }, { 2, 20, 0x3000 }, { 3, 16, 0x1000 },
		{ 4, 16, 0x2000 },
	};
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	for (size_t i = 0; i < 4; i++) {
		uint32_t cap = drv_find_cap(d, 0x09, rows[i].type);

		TEST_ROW("cfg_type %u", rows[i].type);
		ASSERT_NE(0, cap);
		EXPECT_EQ(rows[i].len, drv_cfg_read(d, cap + 2, 1));
		EXPECT_EQ(4, drv_cfg_read(d, cap + 4, 1));
		EXPECT_EQ(rows[i].offset, drv_cfg_read(d, cap + 8, 4));
		EXPECT_EQ(0x1000, drv_cfg_read(d, cap + 12, 4));
	}
	EXPECT_EQ(4, drv_cfg_read(d, drv_find_cap(d, 0x09, 2) + 16, 4));
	EXPECT_NE(0, drv_find_cap(d, 0x09, 5));
	EXPECT_NE(0, drv_find_cap(d, 0x01, 0));
	EXPECT_NE(0, drv_find_cap(d, 0x10, 0));
	drv_free(d);
}

TEST(virtio_capabilities, cannot_be_written)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });
	uint32_t cap = drv_find_cap(d, 0x09, 1);

	drv_cfg_write(d, cap + 4, 1, 0);
	drv_cfg_write(d, cap + 8, 4, 0x1234);
	EXPECT_EQ(4, drv_cfg_read(d, cap + 4, 1));
	EXPECT_EQ(0, drv_cfg_read(d, cap + 8, 4));
	drv_free(d);
}

static void aim(struct drv *d, uint8_t bar, uint32_t offset, uint32_t length)
{
	uint32_t cap = drv_find_cap(d, 0x09, 5);

	drv_cfg_write(d, cap + 4, 1, bar);
	drv_cfg_write(d, cap + 8, 4, offset);
	drv_cfg_write(d, cap + 12, 4, length);
}

TEST(config_window, reads_and_writes_a_bar_that_is_not_even_decoded)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 3 });
	uint32_t data = drv_find_cap(d, 0x09, 5) + 16;

	drv_cfg_write(d, 0x04, 2, 0);
	aim(d, 4, 0x12, 2);
	EXPECT_EQ(3, drv_cfg_read(d, data, 2));
	aim(d, 4, 0x14, 1);
	drv_cfg_write(d, data, 1, 1);
	EXPECT_EQ(1, drv_cfg_read(d, data, 1));
	aim(d, 4, 0x2000, 4);
	EXPECT_EQ(2048, drv_cfg_read(d, data, 4));
	drv_cfg_write(d, 0x04, 2, 2);
	EXPECT_EQ(1, drv_read(d, 0x14, 1));
	drv_free(d);
}

TEST(config_window, can_kick_a_queue)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });
	uint32_t id, len;
	struct drv_request r;

	drv_start(d, 0);
	r = drv_prepare(d, 0, 0, 0, 512);
	drv_publish(d, 0, r.head);
	aim(d, 4, 0x3000, 2);
	drv_cfg_write(d, drv_find_cap(d, 0x09, 5) + 16, 2, 0);
	drv_run(d);
	EXPECT_TRUE(drv_used(d, 0, &id, &len));
	drv_free(d);
}

TEST(config_window, what_names_no_access_is_refused)
{
	static const struct {
		uint8_t bar;
		uint32_t offset, length;
	} rows[] = {
		{ 1, 0, 4 }, { 4, 0x4000, 4 }, { 4, 0xfffffffc, 4 },
		{ 4, 0, 0 }, { 4, 0, 3 }, { 4, 0, 8 }, { 4, 2, 4 }, { 0, 0, 4 },
	};
	struct drv *d = drv_new(&(struct drv_options){ 0 });
	uint32_t data = drv_find_cap(d, 0x09, 5) + 16;

	for (size_t i = 0; i < 8; i++) {
		TEST_ROW("row %zu", i);
		aim(d, rows[i].bar, rows[i].offset, rows[i].length);
		fake_host_forget(&d->host);
		EXPECT_EQ(0xffffffff, drv_cfg_read(d, data, 4));
		drv_cfg_write(d, data, 4, 1);
		EXPECT_EQ(2, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	}
	drv_free(d);
}

TEST(config_window, reading_its_other_fields_has_no_side_effect)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });
	uint32_t cap = drv_find_cap(d, 0x09, 5);

	drv_start_intx(d, 0);
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_TRUE(d->host.line);
	aim(d, 4, 0x1000, 1);
	drv_cfg_read(d, cap + 8, 4);
	EXPECT_TRUE(d->host.line);
	EXPECT_EQ(1, drv_cfg_read(d, cap + 16, 1)); /* the ISR, and it clears */
	EXPECT_FALSE(d->host.line);
	drv_free(d);
}

TEST(function_reset, flr_resets_everything)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });
	uint32_t exp = drv_find_cap(d, 0x10, 0);

	drv_start(d, 0);
	drv_mask(d, 1, true);
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_EQ(2, drv_bar1_read(d, 0x800, 4));
	drv_cfg_write(d, exp + 8, 2, 0x8000);
	EXPECT_EQ(0, drv_cfg_read(d, 0x04, 2));
	EXPECT_EQ(0, drv_cfg_read(d, 0x14, 4));
	EXPECT_EQ(0, drv_cfg_read(d, drv_find_cap(d, 0x11, 0) + 2, 2) & 0x8000);
	drv_cfg_write(d, 0x14, 4, (uint32_t)DRV_BAR1);
	drv_cfg_write(d, 0x20, 4, (uint32_t)DRV_BAR4);
	drv_cfg_write(d, 0x24, 4, (uint32_t)(DRV_BAR4 >> 32));
	drv_cfg_write(d, 0x04, 2, 6);
	EXPECT_EQ(0, drv_read(d, 0x14, 1));
	EXPECT_EQ(0xffff, drv_read(d, 0x1a, 2));
	EXPECT_EQ(0, drv_bar1_read(d, 0x800, 4));
	EXPECT_EQ(1, drv_bar1_read(d, 0x0c, 4));
	drv_start(d, 0);
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_EQ(0x31, d->host.last_msi.data);
	drv_free(d);
}

TEST(function_reset, the_way_back_from_d3hot_resets)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });
	uint32_t pm = drv_find_cap(d, 0x01, 0);

	drv_start(d, 0);
	drv_cfg_write(d, pm + 4, 2, 3);
	EXPECT_EQ(0xff, drv_read(d, 0x14, 1)); /* does not decode */
	drv_cfg_write(d, pm + 4, 2, 0);
	drv_cfg_write(d, 0x20, 4, (uint32_t)DRV_BAR4);
	drv_cfg_write(d, 0x24, 4, (uint32_t)(DRV_BAR4 >> 32));
	drv_cfg_write(d, 0x04, 2, 6);
	EXPECT_EQ(0, drv_read(d, 0x14, 1));
	drv_free(d);
}

TEST(catalogue, names_the_disk_and_describes_it)
{
	const struct device_model *m = drv_model();

	EXPECT_EQ(1, m->abi_version);
	EXPECT_EQ(sizeof(struct device_model), m->size);
	EXPECT_TRUE(m->about && m->not_modelled && m->check);
	EXPECT_STREQ("image", m->properties[0].name);
	EXPECT_TRUE(m->properties[0].required);
}
