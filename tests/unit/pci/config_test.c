/* SPDX-License-Identifier: MIT */
/*
 * The header of config space, PCI 3.0 6.1 and 6.2: identity, Command, Status,
 * accesses of each width, what lies beyond.
 */
#include "tests/shim/gtest_c.h"
#include "tests/unit/pci/plain.h"

TEST(config, identity_at_its_offsets)
{
	struct plain *p = plain_default();

	EXPECT_EQ(0x56781234, cfg_read(p, 0x00, 4));
	EXPECT_EQ(0x0180022a, cfg_read(p, 0x08, 4));
	EXPECT_EQ(0xdef09abc, cfg_read(p, 0x2c, 4));
	EXPECT_EQ(0x00, cfg_read(p, 0x0e, 1));
	EXPECT_EQ(1, cfg_read(p, 0x3d, 1));
	plain_free(p);
}

TEST(config, identity_by_bytes_and_words)
{
	struct plain *p = plain_default();

	EXPECT_EQ(0x34, cfg_read(p, 0x00, 1));
	EXPECT_EQ(0x12, cfg_read(p, 0x01, 1));
	EXPECT_EQ(0x5678, cfg_read(p, 0x02, 2));
	EXPECT_EQ(0x01, cfg_read(p, 0x0b, 1));
	EXPECT_EQ(0x0180, cfg_read(p, 0x0a, 2));
	plain_free(p);
}

TEST(config, identity_takes_no_writes)
{
	static const uint8_t offsets[] = { 0x00, 0x08, 0x28, 0x2c, 0x30, 0x34,
					   0x38 };
	struct plain *p = plain_default();

	for (size_t i = 0; i < sizeof(offsets); i++) {
		uint32_t old = cfg_read(p, offsets[i], 4);

		cfg_write(p, offsets[i], 4, 0xffffffff);
		EXPECT_EQ(old, cfg_read(p, offsets[i], 4));
		cfg_write(p, offsets[i], 4, 0);
		EXPECT_EQ(old, cfg_read(p, offsets[i], 4));
	}
	plain_free(p);
}

TEST(config, multifunction_is_bit_7_of_header_type)
{
	struct plain *p = plain_default();
	const struct pci_ids ids = { .multifunction = true };
	struct pci_cfg cfg;

	pci_cfg_init(&cfg, &p->fn, &ids);
	EXPECT_EQ(0x80, pci_cfg_read(&cfg, 0x0e, 1));
	EXPECT_EQ(0, pci_cfg_read(&cfg, 0x3d, 1));
	EXPECT_EQ(0, pci_cfg_read(&cfg, 0x06, 2));
	plain_free(p);
}

/* 6.2.2: I/O, memory, master, parity, SERR#, INTx disable can be set. */
TEST(config, command_has_the_bits_of_6_2_2)
{
	struct plain *p = plain_default();

	EXPECT_EQ(0, cfg_read(p, 0x04, 2));
	cfg_write(p, 0x04, 2, 0xffff);
	EXPECT_EQ(0x0547, cfg_read(p, 0x04, 2));
	cfg_write(p, 0x04, 2, 0);
	EXPECT_EQ(0, cfg_read(p, 0x04, 2));
	plain_free(p);
}

TEST(config, command_by_bytes)
{
	struct plain *p = plain_default();

	cfg_write(p, 0x04, 1, 0x06);
	cfg_write(p, 0x05, 1, 0x04);
	EXPECT_EQ(0x0406, cfg_read(p, 0x04, 2));
	cfg_write(p, 0x05, 1, 0x00);
	EXPECT_EQ(0x0006, cfg_read(p, 0x04, 2));
	plain_free(p);
}

TEST(config, command_changes_are_told_once)
{
	struct plain *p = plain_default();

	cfg_write(p, 0x04, 2, 0x0006);
	ASSERT_EQ(1, fake_host_count(&p->host, MODEL_EV_COMMAND));
	EXPECT_EQ(0x0006,
		  fake_host_event(&p->host, MODEL_EV_COMMAND)->value);
	cfg_write(p, 0x04, 2, 0x0006);
	EXPECT_EQ(1, fake_host_count(&p->host, MODEL_EV_COMMAND));
	cfg_write(p, 0x05, 1, 0x04);
	EXPECT_EQ(0x0406,
		  fake_host_event(&p->host, MODEL_EV_COMMAND)->value);
	plain_free(p);
}

TEST(config, status_has_the_capabilities_list)
{
	struct plain *p = plain_default();

	EXPECT_EQ(0x0010, cfg_read(p, 0x06, 2));
	plain_free(p);
}

TEST(config, without_capabilities_no_list)
{
	struct plain *p = plain_new(&(struct plain_options){ .bare = true });

	EXPECT_EQ(0x0000, cfg_read(p, 0x06, 2));
	EXPECT_EQ(0x00, cfg_read(p, 0x34, 1));
	plain_free(p);
}

/* 6.2.3: error bits are cleared by writing 1, nothing sets them. */
TEST(config, status_errors_clear_by_writing_one)
{
	struct plain *p = plain_default();

	pci_cfg_put(&p->cfg, 0x06, 2, 0xf910);
	cfg_write(p, 0x06, 2, 0x2000);
	EXPECT_EQ(0xd910, cfg_read(p, 0x06, 2));
	cfg_write(p, 0x07, 1, 0x81);
	EXPECT_EQ(0x5810, cfg_read(p, 0x06, 2));
	cfg_write(p, 0x06, 2, 0x0000);
	EXPECT_EQ(0x5810, cfg_read(p, 0x06, 2));
	cfg_write(p, 0x06, 2, 0xffff);
	EXPECT_EQ(0x0010, cfg_read(p, 0x06, 2));
	plain_free(p);
}

/* A driver that writes Command as a dword with Status 0 clears nothing. */
TEST(config, dword_write_of_command_keeps_status)
{
	struct plain *p = plain_default();

	pci_cfg_put(&p->cfg, 0x06, 2, 0x8010);
	cfg_write(p, 0x04, 4, 0x00000006);
	EXPECT_EQ(0x80100006, cfg_read(p, 0x04, 4));
	plain_free(p);
}

TEST(config, interrupt_line_is_a_note)
{
	struct plain *p = plain_default();

	cfg_write(p, 0x3c, 1, 0xff);
	EXPECT_EQ(0xff, cfg_read(p, 0x3c, 1));
	cfg_write(p, 0x3c, 4, 0x0000ff0b);
	EXPECT_EQ(0x0000010b, cfg_read(p, 0x3c, 4));
	plain_free(p);
}

TEST(config, cache_line_size_is_kept_latency_timer_is_not)
{
	struct plain *p = plain_default();

	cfg_write(p, 0x0c, 4, 0xffffffff);
	EXPECT_EQ(0x000000ff, cfg_read(p, 0x0c, 4));
	plain_free(p);
}

TEST(config, beyond_the_capabilities_reads_zero)
{
	struct plain *p = plain_default();

	cfg_write(p, 0xfc, 4, 0xffffffff);
	EXPECT_EQ(0, cfg_read(p, 0xfc, 4));
	EXPECT_EQ(0, cfg_read(p, 0xff, 1));
	plain_free(p);
}

TEST(config, extended_space_reads_zero)
{
	struct plain *p = plain_default();

	for (uint32_t at = 0x100; at < 0x1000; at += 4) {
		cfg_write(p, at, 4, 0xffffffff);
		if (cfg_read(p, at, 4) != 0)
			FAIL("offset 0x%x", at);
	}
	plain_free(p);
}

TEST(config, bus_master_off_cancels_every_lane)
{
	struct plain *p = plain_default();

	plain_start(p);
	p->fn.host->ops->lane_schedule(p->fn.host, 5, 0);
	cfg_write(p, 0x04, 2, 0x0002);
	EXPECT_EQ(UINT64_MAX, p->drained);
	EXPECT_FALSE(fake_host_step(&p->host));
	EXPECT_FALSE(pci_cfg_bus_master(&p->cfg));
	plain_free(p);
}

TEST(config, other_bits_of_command_cancel_nothing)
{
	struct plain *p = plain_default();

	plain_start(p);
	cfg_write(p, 0x04, 2, 0x0407);
	cfg_write(p, 0x04, 2, 0x0004);
	EXPECT_EQ(0, p->drained);
	EXPECT_TRUE(pci_cfg_bus_master(&p->cfg));
	plain_free(p);
}

TEST(config, bus_master_that_was_off_cancels_nothing)
{
	struct plain *p = plain_default();

	cfg_write(p, 0x04, 2, 0x0002);
	cfg_write(p, 0x04, 2, 0x0000);
	EXPECT_EQ(0, p->drained);
	plain_free(p);
}

TEST(config, reset_brings_everything_back)
{
	struct plain *p = plain_default();

	plain_start(p);
	cfg_write(p, 0x3c, 1, 0x0b);
	cfg_write(p, 0x0c, 1, 0x10);
	pci_cfg_put(&p->cfg, 0x06, 2, 0xf910);
	pci_cfg_reset(&p->cfg);
	EXPECT_EQ(0x56781234, cfg_read(p, 0x00, 4));
	EXPECT_EQ(0x00100000, cfg_read(p, 0x04, 4));
	EXPECT_EQ(0x0180022a, cfg_read(p, 0x08, 4));
	EXPECT_EQ(0, cfg_read(p, 0x0c, 4));
	EXPECT_EQ(0, cfg_read(p, 0x10, 4));
	EXPECT_EQ(0x00000001, cfg_read(p, 0x14, 4));
	EXPECT_EQ(0x0000000c, cfg_read(p, 0x20, 4));
	EXPECT_EQ(0xdef09abc, cfg_read(p, 0x2c, 4));
	EXPECT_EQ(0x00000100, cfg_read(p, 0x3c, 4));
	EXPECT_EQ(0x40, cfg_read(p, 0x34, 1));
	EXPECT_EQ(UINT64_MAX, p->drained);
	EXPECT_EQ(0, fake_host_event(&p->host, MODEL_EV_COMMAND)->value);
	EXPECT_EQ(PCI_WINDOW_NONE, p->host.windows[0].kind);
	plain_free(p);
}

TEST(config, reset_at_rest_tells_nothing)
{
	struct plain *p = plain_default();

	pci_cfg_reset(&p->cfg);
	EXPECT_EQ(0, p->host.nevents);
	EXPECT_EQ(0, p->host.window_calls);
	EXPECT_EQ(0, p->host.nposts);
	EXPECT_EQ(0, p->drained);
	plain_free(p);
}
