/* SPDX-License-Identifier: MIT */
/*
 * The host bridge as a function: class 06h 00h, and bit 7 of Header Type where
 * its device has other functions (PCI 3.0 6.2.1, appendix D).
 */
#include "models/pci/host_bridge.h"
#include "tests/fake_host/fake_host.h"
#include "tests/shim/gtest_c.h"

static void expect_header(bool multifunction, uint32_t header_type)
{
	static struct fake_host host;
	struct pci_function *fn;

	fn = pci_host_bridge_create(&host.host, multifunction);
	ASSERT_TRUE(fn);
	fn->ops->reset(fn, PCI_RESET_POWER_ON);
	EXPECT_EQ(0x0600, fn->ops->config_read(fn, 0x0a, 2));
	EXPECT_EQ(header_type, fn->ops->config_read(fn, 0x0e, 1));
	EXPECT_EQ(0, fn->ops->config_read(fn, 0x3d, 1)); /* no pin */
	fn->ops->destroy(fn);
}

TEST(host_bridge, alone_in_its_device)
{
	expect_header(false, 0x00);
}

TEST(host_bridge, beside_others)
{
	expect_header(true, 0x80);
}
