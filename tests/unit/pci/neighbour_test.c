/* SPDX-License-Identifier: MIT */
/*
 * pci-neighbour: its registers, its beat, its line (PCI 3.0 2.2.6, 6.2.2,
 * 6.2.3), and the one that never lets go of it.
 */
#include "models/pci/neighbour.h"
#include "tests/fake_host/fake_host.h"
#include "tests/shim/gtest_c.h"

#define REGS 0xe0000000u
#define EVERY 10000000 /* 10 us */

static struct fake_host host;
static struct pci_function *fn;

static void cfg_write(uint32_t offset, uint32_t width, uint32_t value)
{
	fn->ops->config_write(fn, offset, width, value);
}

static bool interrupt_status(void)
{
	return fn->ops->config_read(fn, 0x06, 2) & 0x0008;
}

static uint32_t rd(uint32_t offset)
{
	return (uint32_t)fake_host_read(&host, PCI_WINDOW_MEM, REGS + offset, 4);
}

static void wr(uint32_t offset, uint32_t value)
{
	fake_host_write(&host, PCI_WINDOW_MEM, REGS + offset, 4, value);
}

static void start(uint8_t pin, int64_t every, bool acknowledges)
{
	const struct device_value values[] = {
		{ .i = every }, { .i = acknowledges },
	};
	const struct device_config cfg = {
		.id = "n", .msix_entries = -1, .intx_pin = pin,
		.values = values, .multifunction = true,
	};
	struct device_error err;

	fake_host_init(&host, 4096);
	fn = pci_neighbour_model.create(&cfg, &host.host, &err);
	ASSERT_TRUE(fn);
	fake_host_attach(&host, fn);
	fn->ops->reset(fn, PCI_RESET_POWER_ON);
	cfg_write(0x10, 4, REGS);
	cfg_write(0x04, 2, 0x0002);
}

static void end(void)
{
	EXPECT_EQ(0, host.violations);
	fn->ops->destroy(fn);
	fake_host_fini(&host);
}

TEST(neighbour, header)
{
	start(3, 0, true);
	EXPECT_EQ(0x0e1b1234, fn->ops->config_read(fn, 0x00, 4));
	EXPECT_EQ(0x0880, fn->ops->config_read(fn, 0x0a, 2));
	EXPECT_EQ(0x80, fn->ops->config_read(fn, 0x0e, 1));
	EXPECT_EQ(3, fn->ops->config_read(fn, 0x3d, 1));
	EXPECT_EQ(0, fn->ops->config_read(fn, 0x34, 1)); /* no capability */
	end();
}

TEST(neighbour, raises_and_takes_back)
{
	start(1, 0, true);
	wr(0x08, 1); /* CONTROL is off */
	EXPECT_FALSE(host.line);
	wr(0x00, 1);
	wr(0x08, 1);
	EXPECT_TRUE(host.line);
	EXPECT_TRUE(interrupt_status());
	EXPECT_EQ(1, rd(0x04));
	EXPECT_EQ(1, rd(0x0c));
	wr(0x04, 0); /* a written 0 clears nothing */
	EXPECT_TRUE(host.line);
	wr(0x04, 1);
	EXPECT_FALSE(host.line);
	EXPECT_FALSE(interrupt_status());
	EXPECT_EQ(0, rd(0x04));
	wr(0x08, 1);
	EXPECT_EQ(2, rd(0x0c));
	wr(0x00, 0);
	EXPECT_FALSE(host.line);
	EXPECT_EQ(0, rd(0x04));
	EXPECT_EQ(0, rd(0x0c));
	end();
}

/* 6.2.2, 6.2.3: Interrupt Disable lowers the line, not the status. */
TEST(neighbour, interrupt_disable)
{
	start(2, 0, true);
	wr(0x00, 1);
	cfg_write(0x04, 2, 0x0402);
	wr(0x08, 1);
	EXPECT_FALSE(host.line);
	EXPECT_TRUE(interrupt_status());
	cfg_write(0x04, 2, 0x0002);
	EXPECT_TRUE(host.line);
	EXPECT_EQ(2, host.posts[host.nposts - 1].vector); /* INTB# */
	end();
}

TEST(neighbour, beats)
{
	start(1, EVERY, true);
	EXPECT_FALSE(fake_host_step(&host)); /* nothing before CONTROL */
	wr(0x00, 1);
	for (uint32_t i = 1; i <= 3; i++) {
		EXPECT_TRUE(fake_host_step(&host));
		EXPECT_EQ(i * EVERY, host.now);
		EXPECT_TRUE(host.line);
		EXPECT_EQ(i, rd(0x0c));
		wr(0x04, 1);
	}
	/* One that nobody acknowledges is one interrupt. */
	EXPECT_TRUE(fake_host_step(&host));
	EXPECT_TRUE(fake_host_step(&host));
	EXPECT_EQ(7, host.intx_changes);
	wr(0x00, 0);
	EXPECT_FALSE(fake_host_step(&host));
	end();
}

/* It does no DMA: Bus Master is nothing to it. */
TEST(neighbour, beats_without_bus_master)
{
	start(1, EVERY, true);
	cfg_write(0x04, 2, 0x0006);
	wr(0x00, 1);
	cfg_write(0x04, 2, 0x0002);
	EXPECT_TRUE(fake_host_step(&host));
	EXPECT_TRUE(host.line);
	end();
}

TEST(neighbour, that_does_not_acknowledge)
{
	start(1, 0, false);
	wr(0x00, 1);
	wr(0x08, 1);
	EXPECT_TRUE(host.line);
	wr(0x04, 1);
	EXPECT_EQ(0, rd(0x04)); /* it shows nothing */
	EXPECT_TRUE(host.line); /* and holds the line */
	wr(0x00, 0);
	EXPECT_TRUE(host.line);
	cfg_write(0x04, 2, 0x0402);
	EXPECT_FALSE(host.line);
	cfg_write(0x04, 2, 0x0002);
	EXPECT_TRUE(host.line);
	fn->ops->reset(fn, PCI_RESET_POWER_ON);
	EXPECT_FALSE(host.line);
	end();
}

TEST(neighbour, reset_ends_the_beat)
{
	start(1, EVERY, true);
	wr(0x00, 1);
	fn->ops->reset(fn, PCI_RESET_POWER_ON);
	EXPECT_FALSE(fake_host_step(&host));
	EXPECT_FALSE(host.line);
	end();
}

TEST(neighbour, accesses_that_reach_over_the_block)
{
	start(1, 0, true);
	EXPECT_EQ(0, rd(0x10));
	wr(0x10, 1);
	EXPECT_EQ(0, fake_host_read(&host, PCI_WINDOW_MEM, REGS + 0xffc, 4));
	end();
}

TEST(neighbour, what_it_cannot_be)
{
	struct device_config cfg = { .msix_entries = 2, .intx_pin = 1 };
	struct device_error err = { .property = NULL };

	EXPECT_FALSE(pci_neighbour_model.check(&cfg, &err));
	EXPECT_STREQ("msix", err.property);
	cfg.msix_entries = 0;
	EXPECT_TRUE(pci_neighbour_model.check(&cfg, &err));
	cfg.interface = DEVICE_IF_LEGACY;
	EXPECT_FALSE(pci_neighbour_model.check(&cfg, &err));
	EXPECT_STREQ("interface", err.property);
	cfg.interface = DEVICE_IF_MODERN;
	cfg.caps = DEVICE_CAPS_UNLISTED;
	EXPECT_FALSE(pci_neighbour_model.check(&cfg, &err));
	EXPECT_STREQ("capabilities", err.property);
}
