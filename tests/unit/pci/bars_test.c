/* SPDX-License-Identifier: MIT */
/*
 * Base address registers, PCI 3.0 6.2.5.1: sizing of each kind, the windows that
 * follow from Command and address.
 */
#include "tests/shim/gtest_c.h"
#include "tests/unit/pci/plain.h"

static const struct fake_window *window(struct plain *p, unsigned int bar)
{
	return &p->host.windows[bar];
}

TEST(bars, low_bits_name_the_kind)
{
	struct plain *p = plain_default();

	EXPECT_EQ(0x0, cfg_read(p, 0x10, 4));
	EXPECT_EQ(0x1, cfg_read(p, 0x14, 4));
	EXPECT_EQ(0x4, cfg_read(p, 0x18, 4));
	EXPECT_EQ(0x0, cfg_read(p, 0x1c, 4));
	EXPECT_EQ(0xc, cfg_read(p, 0x20, 4));
	EXPECT_EQ(0x0, cfg_read(p, 0x24, 4));
	plain_free(p);
}

TEST(bars, sizing_by_all_ones)
{
	static const uint32_t sizes[] = {
		0xfffff000, 0xffffffe1, 0xffff0004, 0xffffffff,
		0x0000000c, 0xfffffffe, /* 8 GiB: bit 33 up */
	};
	struct plain *p = plain_default();

	for (uint32_t i = 0; i < 6; i++) {
		cfg_write(p, 0x10 + 4 * i, 4, 0xffffffff);
		EXPECT_EQ(sizes[i], cfg_read(p, 0x10 + 4 * i, 4));
	}
	EXPECT_EQ(0, p->host.window_calls);
	plain_free(p);
}

TEST(bars, an_absent_bar_is_hardwired_zero)
{
	struct plain *p = plain_new(&(struct plain_options){ .bare = true });

	for (uint32_t at = 0x14; at <= 0x24; at += 4) {
		cfg_write(p, at, 4, 0xffffffff);
		EXPECT_EQ(0, cfg_read(p, at, 4));
	}
	cfg_write(p, 0x30, 4, 0xffffffff);
	EXPECT_EQ(0, cfg_read(p, 0x30, 4));
	plain_free(p);
}

TEST(bars, low_bits_take_no_writes)
{
	struct plain *p = plain_default();

	cfg_write(p, 0x10, 4, 0xe000000f);
	EXPECT_EQ(0xe0000000, cfg_read(p, 0x10, 4));
	cfg_write(p, 0x14, 4, 0xc01e);
	EXPECT_EQ(0xc001, cfg_read(p, 0x14, 4));
	cfg_write(p, 0x18, 4, 0xe0010003);
	EXPECT_EQ(0xe0010004, cfg_read(p, 0x18, 4));
	plain_free(p);
}

TEST(bars, written_by_bytes_and_words)
{
	struct plain *p = plain_default();

	cfg_write(p, 0x13, 1, 0xe0);
	cfg_write(p, 0x12, 1, 0x12);
	cfg_write(p, 0x11, 1, 0x3f);
	EXPECT_EQ(0xe0123000, cfg_read(p, 0x10, 4));
	cfg_write(p, 0x12, 2, 0xe045);
	EXPECT_EQ(0xe0453000, cfg_read(p, 0x10, 4));
	cfg_write(p, 0x04, 1, 0x02);
	EXPECT_EQ(0xe0453000, window(p, 0)->base);
	plain_free(p);
}

TEST(bars, memory_space_enable_opens_memory_windows)
{
	struct plain *p = plain_default();

	cfg_write(p, 0x10, 4, 0xe0000000);
	cfg_write(p, 0x14, 4, 0xc000);
	cfg_write(p, 0x18, 4, 0xe0010000);
	EXPECT_EQ(0, p->host.window_calls);
	cfg_write(p, 0x04, 2, 0x0002);
	EXPECT_EQ(PCI_WINDOW_MEM, window(p, 0)->kind);
	EXPECT_EQ(0xe0000000, window(p, 0)->base);
	EXPECT_EQ(4096, window(p, 0)->size);
	EXPECT_EQ(PCI_WINDOW_NONE, window(p, 1)->kind);
	EXPECT_EQ(PCI_WINDOW_MEM, window(p, 2)->kind);
	EXPECT_EQ(65536, window(p, 2)->size);
	EXPECT_EQ(PCI_WINDOW_NONE, window(p, 4)->kind);
	EXPECT_EQ(2, p->host.window_calls);
	plain_free(p);
}

TEST(bars, io_space_enable_opens_io_windows)
{
	struct plain *p = plain_default();

	cfg_write(p, 0x10, 4, 0xe0000000);
	cfg_write(p, 0x14, 4, 0xc000);
	cfg_write(p, 0x04, 2, 0x0001);
	EXPECT_EQ(PCI_WINDOW_IO, window(p, 1)->kind);
	EXPECT_EQ(0xc000, window(p, 1)->base);
	EXPECT_EQ(32, window(p, 1)->size);
	EXPECT_EQ(PCI_WINDOW_NONE, window(p, 0)->kind);
	plain_free(p);
}

TEST(bars, disabling_closes_what_was_open)
{
	struct plain *p = plain_default();

	cfg_write(p, 0x10, 4, 0xe0000000);
	cfg_write(p, 0x14, 4, 0xc000);
	cfg_write(p, 0x04, 2, 0x0003);
	cfg_write(p, 0x04, 2, 0x0001);
	EXPECT_EQ(PCI_WINDOW_NONE, window(p, 0)->kind);
	EXPECT_EQ(PCI_WINDOW_IO, window(p, 1)->kind);
	cfg_write(p, 0x04, 2, 0x0000);
	EXPECT_EQ(PCI_WINDOW_NONE, window(p, 1)->kind);
	EXPECT_EQ(4, p->host.window_calls);
	plain_free(p);
}

TEST(bars, a_move_while_enabled_moves_the_window)
{
	struct plain *p = plain_default();

	plain_start(p);
	cfg_write(p, 0x10, 4, 0xe0100000);
	EXPECT_EQ(1, p->host.window_calls);
	EXPECT_EQ(PCI_WINDOW_MEM, window(p, 0)->kind);
	EXPECT_EQ(0xe0100000, window(p, 0)->base);
	plain_free(p);
}

TEST(bars, an_address_written_again_tells_nothing)
{
	struct plain *p = plain_default();

	plain_start(p);
	cfg_write(p, 0x10, 4, 0xe0000000);
	cfg_write(p, 0x10, 4, 0xe0000fff);
	EXPECT_EQ(0, p->host.window_calls);
	plain_free(p);
}

TEST(bars, sixty_four_bits_in_two_halves)
{
	struct plain *p = plain_default();

	cfg_write(p, 0x20, 4, 0x00000000);
	cfg_write(p, 0x24, 4, 0x00000008);
	cfg_write(p, 0x04, 2, 0x0002);
	EXPECT_EQ(PCI_WINDOW_MEM, window(p, 4)->kind);
	EXPECT_EQ(0x800000000, window(p, 4)->base);
	EXPECT_EQ(0x200000000, window(p, 4)->size);
	EXPECT_EQ(PCI_WINDOW_NONE, window(p, 5)->kind);
	cfg_write(p, 0x24, 4, 0x0000000a);
	EXPECT_EQ(0xa00000000, window(p, 4)->base);
	plain_free(p);
}

TEST(bars, the_upper_half_is_below_the_size_where_it_must)
{
	struct plain *p = plain_default();

	cfg_write(p, 0x24, 4, 0x00000009);
	EXPECT_EQ(0x00000008, cfg_read(p, 0x24, 4));
	plain_free(p);
}

TEST(bars, the_halves_in_either_order)
{
	struct plain *p = plain_default();

	cfg_write(p, 0x1c, 4, 0x12);
	cfg_write(p, 0x18, 4, 0x34560000);
	EXPECT_EQ(0x12, cfg_read(p, 0x1c, 4));
	EXPECT_EQ(0x34560004, cfg_read(p, 0x18, 4));
	cfg_write(p, 0x1c, 4, 0x13);
	EXPECT_EQ(0x34560004, cfg_read(p, 0x18, 4));
	cfg_write(p, 0x04, 2, 0x0002);
	EXPECT_EQ(0x1334560000, window(p, 2)->base);
	plain_free(p);
}

TEST(bars, address_zero_decodes_nothing)
{
	struct plain *p = plain_default();

	cfg_write(p, 0x04, 2, 0x0003);
	EXPECT_EQ(0, p->host.window_calls);
	plain_start(p);
	cfg_write(p, 0x10, 4, 0);
	EXPECT_EQ(PCI_WINDOW_NONE, window(p, 0)->kind);
	plain_free(p);
}

/* A guest that sizes with decoding on hides nothing else, and gets its window
 * back with the address. */
TEST(bars, sizing_while_enabled_decodes_nothing)
{
	struct plain *p = plain_default();

	plain_start(p);
	cfg_write(p, 0x10, 4, 0xffffffff);
	EXPECT_EQ(0xfffff000, cfg_read(p, 0x10, 4));
	EXPECT_EQ(PCI_WINDOW_NONE, window(p, 0)->kind);
	cfg_write(p, 0x10, 4, 0xe0000000);
	EXPECT_EQ(PCI_WINDOW_MEM, window(p, 0)->kind);
	EXPECT_EQ(0xe0000000, window(p, 0)->base);
	cfg_write(p, 0x18, 4, 0xffffffff);
	EXPECT_EQ(PCI_WINDOW_NONE, window(p, 2)->kind);
	cfg_write(p, 0x1c, 4, 0xffffffff);
	EXPECT_EQ(PCI_WINDOW_NONE, window(p, 2)->kind);
	cfg_write(p, 0x04, 2, 0x0003);
	cfg_write(p, 0x14, 4, 0xffffffff);
	EXPECT_EQ(PCI_WINDOW_NONE, window(p, 1)->kind);
	plain_free(p);
}

TEST(bars, accesses_reach_the_function_by_its_window)
{
	struct plain *p = plain_default();

	plain_start(p);
	EXPECT_EQ(1, bar0_read(p, 12, 4)); /* vector 0 is masked after reset */
	cfg_write(p, 0x04, 2, 0x0000);
	EXPECT_EQ(0xffffffff, bar0_read(p, 12, 4));
	plain_free(p);
}

TEST(bars, reset_keeps_size_and_kind)
{
	struct plain *p = plain_default();

	cfg_write(p, 0x24, 4, 0xffffffff);
	pci_cfg_reset(&p->cfg);
	EXPECT_EQ(0xc, cfg_read(p, 0x20, 4));
	EXPECT_EQ(0, cfg_read(p, 0x24, 4));
	cfg_write(p, 0x10, 4, 0xffffffff);
	EXPECT_EQ(0xfffff000, cfg_read(p, 0x10, 4));
	plain_free(p);
}

TEST(bars, the_smallest_and_the_largest)
{
	struct plain *p = plain_default();
	const struct pci_ids ids = { .vendor = 1 };
	struct pci_cfg cfg;

	pci_cfg_init(&cfg, &p->fn, &ids);
	pci_cfg_add_bar(&cfg, 0, PCI_BAR_IO, 4);
	pci_cfg_add_bar(&cfg, 1, PCI_BAR_MEM32, 16);
	pci_cfg_add_bar(&cfg, 2, PCI_BAR_MEM32, 0x80000000);
	pci_cfg_add_bar(&cfg, 3, PCI_BAR_MEM64, 1ull << 62);
	for (uint32_t at = 0x10; at < 0x24; at += 4)
		pci_cfg_write(&cfg, at, 4, 0xffffffff);
	EXPECT_EQ(0xfffffffd, pci_cfg_read(&cfg, 0x10, 4));
	EXPECT_EQ(0xfffffff0, pci_cfg_read(&cfg, 0x14, 4));
	EXPECT_EQ(0x80000000, pci_cfg_read(&cfg, 0x18, 4));
	EXPECT_EQ(0x00000004, pci_cfg_read(&cfg, 0x1c, 4));
	EXPECT_EQ(0xc0000000, pci_cfg_read(&cfg, 0x20, 4));
	plain_free(p);
}
