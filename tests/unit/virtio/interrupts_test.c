/* SPDX-License-Identifier: MIT */
/*
 * Which interrupt a used buffer leads to: a message, a pending bit, the line, or
 * none by rule (virtio 1.2 4.1.5.1.2, 4.1.5.3, 4.1.5.4).  Whatever it is, one
 * event says so.
 */
#include "models/virtio/vpci.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

static unsigned int told(struct drv *d, uint32_t index, uint64_t what)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < d->host.nevents; i++) {
		const struct fake_event *ev = &d->host.events[i];

		n += ev->kind == MODEL_EV_NOTIFY && ev->index == index &&
		     ev->value == what;
	}
	return n;
}

/* One request on queue q, and what became of its interrupt. */
static void expect_notify(struct drv *d, uint16_t q, uint64_t what)
{
	fake_host_forget(&d->host);
	drv_submit(d, q, 0, 0, 512);
	EXPECT_EQ(1, told(d, q, what));
	EXPECT_EQ(1, fake_host_count(&d->host, MODEL_EV_NOTIFY));
	EXPECT_EQ(1, fake_host_count(&d->host, MODEL_EV_USED));
}

TEST(msix, each_queue_sends_its_own_message)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 4 });

	drv_start(d, 0);
	for (uint16_t q = 0; q < 4; q++) {
		TEST_ROW("queue %u", q);
		expect_notify(d, q, MODEL_NOTIFY_SENT);
		EXPECT_EQ(1, d->host.msis);
		EXPECT_EQ(1u + q, d->host.last_msi.vector);
		EXPECT_EQ(DRV_MSI, d->host.last_msi.addr);
		EXPECT_EQ(0x31u + q, d->host.last_msi.data);
		EXPECT_EQ(0, drv_read(d, 0x1000, 1));
		EXPECT_FALSE(d->host.line);
	}
	drv_free(d);
}

TEST(msix, queues_may_share_one_vector_even_the_configurations)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 2 });

	drv_start(d, 0);
	for (uint16_t q = 0; q < 2; q++) {
		drv_write(d, 0x16, 2, q);
		drv_write(d, 0x1a, 2, 0);
		EXPECT_EQ(0, drv_read(d, 0x1a, 2));
		expect_notify(d, q, MODEL_NOTIFY_SENT);
		EXPECT_EQ(0x30, d->host.last_msi.data);
	}
	drv_free(d);
}

TEST(msix, masked_is_pending_until_unmasked)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 0);
	drv_mask(d, 1, true);
	expect_notify(d, 0, MODEL_NOTIFY_PENDING);
	expect_notify(d, 0, MODEL_NOTIFY_PENDING);
	EXPECT_EQ(0, d->host.msis);
	EXPECT_EQ(2, drv_bar1_read(d, 0x800, 4));
	drv_mask(d, 1, false);
	EXPECT_EQ(1, d->host.msis);
	EXPECT_EQ(0x31, d->host.last_msi.data);
	EXPECT_EQ(0, drv_bar1_read(d, 0x800, 4));
	drv_free(d);
}

TEST(msix, the_function_mask_holds_all_back)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 2 });
	uint32_t cap = drv_find_cap(d, 0x11, 0);

	drv_start(d, 0);
	drv_cfg_write(d, cap + 2, 2, 0xc000);
	expect_notify(d, 0, MODEL_NOTIFY_PENDING);
	expect_notify(d, 1, MODEL_NOTIFY_PENDING);
	EXPECT_EQ(6, drv_bar1_read(d, 0x800, 4));
	fake_host_forget(&d->host);
	drv_cfg_write(d, cap + 2, 2, 0x8000);
	EXPECT_EQ(2, d->host.msis);
	drv_free(d);
}

TEST(msix, a_queue_without_a_vector_is_silent)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 0);
	drv_write(d, 0x1a, 2, 0xffff);
	EXPECT_EQ(0xffff, drv_read(d, 0x1a, 2));
	expect_notify(d, 0, MODEL_NOTIFY_NO_VECTOR);
	EXPECT_EQ(0, d->host.msis);
	EXPECT_FALSE(d->host.line);
	EXPECT_EQ(0, drv_read(d, 0x1000, 1));
	drv_free(d);
}

TEST(msix, a_configuration_change_without_a_vector_sets_the_isr_only)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 0);
	drv_write(d, 0x10, 2, 0xffff);
	fake_host_forget(&d->host);
	virtio_config_changed(((struct vpci *)d->fn)->vdev);
	EXPECT_EQ(0, d->host.msis);
	EXPECT_FALSE(d->host.line);
	EXPECT_EQ(1, told(d, 0xffff, MODEL_NOTIFY_NO_VECTOR));
	EXPECT_EQ(2, drv_read(d, 0x1000, 1));
	EXPECT_EQ(0, drv_read(d, 0x1000, 1));
	drv_free(d);
}

TEST(msix, the_message_is_taken_from_the_table_when_it_is_sent)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 0);
	drv_submit(d, 0, 0, 0, 512);
	drv_mask(d, 1, true);
	drv_bar1_write(d, 16, 4, 0xfee01000);
	drv_bar1_write(d, 24, 4, 0x77);
	drv_mask(d, 1, false);
	expect_notify(d, 0, MODEL_NOTIFY_SENT);
	EXPECT_EQ(0xfee01000, d->host.last_msi.addr);
	EXPECT_EQ(0x77, d->host.last_msi.data);
	drv_free(d);
}

TEST(vector_registers, refuse_what_is_beyond_the_table)
{
	static const uint32_t vectors[] = { 2, 3, 0x7ff, 0x800, 0xfffe };
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	for (size_t i = 0; i < 5; i++) {
		TEST_ROW("vector 0x%x", vectors[i]);
		drv_write(d, 0x10, 2, 1);
		drv_write(d, 0x1a, 2, 1);
		fake_host_forget(&d->host);
		drv_write(d, 0x10, 2, vectors[i]);
		drv_write(d, 0x1a, 2, vectors[i]);
		EXPECT_EQ(0xffff, drv_read(d, 0x10, 2));
		EXPECT_EQ(0xffff, drv_read(d, 0x1a, 2));
		EXPECT_EQ(2, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	}
	drv_free(d);
}

TEST(vector_registers, take_no_vector_where_there_is_no_msix)
{
	struct drv *d = drv_new(&(struct drv_options){ .msix_entries = -1 });

	drv_write(d, 0x10, 2, 0);
	EXPECT_EQ(0xffff, drv_read(d, 0x10, 2));
	drv_free(d);
}

TEST(vector_registers, the_device_may_refuse_the_config_vector)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	fake_host_fault(&d->host, "device.msix.config_vector", FAKE_ANY, 2, 1);
	drv_write(d, 0x10, 2, 0);
	EXPECT_EQ(0, drv_read(d, 0x10, 2));
	drv_write(d, 0x10, 2, 1);
	EXPECT_EQ(0xffff, drv_read(d, 0x10, 2));
	EXPECT_EQ(0xffff,
		  fake_host_event(&d->host, MODEL_EV_CONFIG_VECTOR)->value);
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
}

TEST(vector_registers, the_device_may_refuse_one_queues_vector)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 3 });

	fake_host_fault(&d->host, "device.msix.queue_vector", 1, 1, 1);
	for (uint32_t q = 0; q < 3; q++) {
		TEST_ROW("queue %u", q);
		drv_write(d, 0x16, 2, q);
		drv_write(d, 0x1a, 2, q);
		EXPECT_EQ(q == 1 ? 0xffff : q, drv_read(d, 0x1a, 2));
	}
	/* Unmapping is no mapping: it does not reach the fault point. */
	drv_write(d, 0x1a, 2, 0xffff);
	EXPECT_EQ(1, d->host.faults[0].calls);
	drv_free(d);
}

TEST(vector_registers, tell_each_mapping)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_write(d, 0x1a, 2, 1);
	EXPECT_EQ(0, fake_host_event(&d->host, MODEL_EV_QUEUE_VECTOR)->index);
	EXPECT_EQ(1, fake_host_event(&d->host, MODEL_EV_QUEUE_VECTOR)->value);
	drv_free(d);
}

TEST(vector_registers, are_unmapped_by_reset)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 0);
	drv_status(d, 0);
	EXPECT_EQ(0xffff, drv_read(d, 0x10, 2));
	EXPECT_EQ(0xffff, drv_read(d, 0x1a, 2));
	EXPECT_EQ(0xffff,
		  fake_host_event(&d->host, MODEL_EV_QUEUE_VECTOR)->value);
	EXPECT_EQ(0xffff,
		  fake_host_event(&d->host, MODEL_EV_CONFIG_VECTOR)->value);
	drv_free(d);
}

TEST(intx, is_a_level_that_the_isr_read_takes_down)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start_intx(d, 0);
	expect_notify(d, 0, MODEL_NOTIFY_INTX);
	EXPECT_TRUE(d->host.line);
	EXPECT_EQ(8, drv_cfg_read(d, 0x06, 2) & 8); /* Interrupt Status */
	expect_notify(d, 0, MODEL_NOTIFY_INTX);
	EXPECT_EQ(0, d->host.intx_changes); /* it was up already */
	EXPECT_EQ(1, drv_read(d, 0x1000, 1));
	EXPECT_FALSE(d->host.line);
	EXPECT_EQ(0, drv_cfg_read(d, 0x06, 2) & 8);
	EXPECT_EQ(0, drv_read(d, 0x1000, 1));
	EXPECT_EQ(0, d->host.msis);
	drv_free(d);
}

TEST(intx, one_isr_tells_queue_and_configuration)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start_intx(d, 0);
	drv_submit(d, 0, 0, 0, 512);
	virtio_config_changed(((struct vpci *)d->fn)->vdev);
	EXPECT_EQ(3, drv_read(d, 0x1000, 1));
	EXPECT_FALSE(d->host.line);
	drv_free(d);
}

TEST(intx, waits_while_interrupt_disable_is_set)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start_intx(d, 0);
	drv_cfg_write(d, 0x04, 2, 0x0406);
	expect_notify(d, 0, MODEL_NOTIFY_INTX);
	EXPECT_FALSE(d->host.line);
	drv_cfg_write(d, 0x04, 2, 0x0006);
	EXPECT_TRUE(d->host.line);
	drv_free(d);
}

TEST(intx, without_a_pin_the_interrupt_is_reported_lost)
{
	struct drv *d = drv_new(&(struct drv_options){ .pin = -1 });

	drv_start_intx(d, 0);
	expect_notify(d, 0, MODEL_NOTIFY_DROPPED);
	EXPECT_EQ(0, d->host.intx_changes);
	EXPECT_EQ(1, drv_read(d, 0x1000, 1));
	drv_free(d);
}

TEST(intx, mapped_vectors_do_not_matter_while_msix_is_off)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start_intx(d, 0);
	drv_write(d, 0x1a, 2, 1);
	expect_notify(d, 0, MODEL_NOTIFY_INTX);
	EXPECT_TRUE(d->host.line);
	drv_free(d);
}

TEST(intx, is_silent_with_msix_on)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });
	uint32_t cap = drv_find_cap(d, 0x11, 0);

	drv_start_intx(d, 0);
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_TRUE(d->host.line);
	drv_cfg_write(d, cap + 2, 2, 0x8000);
	EXPECT_FALSE(d->host.line);
	drv_cfg_write(d, cap + 2, 2, 0);
	EXPECT_TRUE(d->host.line);
	drv_free(d);
}

TEST(intx, the_shared_table_of_one_vector_still_leaves_the_line)
{
	struct drv *d = drv_new(&(struct drv_options){ .msix_entries = 1 });

	drv_start_intx(d, 0);
	expect_notify(d, 0, MODEL_NOTIFY_INTX);
	drv_free(d);
}
