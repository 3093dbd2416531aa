/* SPDX-License-Identifier: MIT */
/*
 * CPU accesses on the small machine: ECAM, windows, widths, what nobody answers.
 */
#include "tests/shim/gtest_c.h"
#include "tests/unit/flat/fixture.h"

/* What one access of a guest gave. */
static uint64_t got;

static int read_config(void *arg)
{
	(void)arg;
	/* bus 0, device 1, function 0: 1 << 15 */
	got = calls->read(m, MACHINE_MEM, info->ecam.base + 0x8000 + 0x3c, 4);
	return 0;
}

TEST(flat_access, ecam_reaches_the_function_at_its_slot)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	stub.answer = 0x1000;
	EXPECT_EQ(0, in_guest(fm, read_config));
	EXPECT_EQ(0x103c, got);
	EXPECT_EQ(0xcf, stub.bar);
	EXPECT_EQ(0x3c, stub.offset);
	EXPECT_EQ(4, stub.width);
	EXPECT_EQ(1, flat_counters(fm)->config_reads);
	flat_destroy(fm);
}

static int config_of_eight(void *arg)
{
	(void)arg;
	got = calls->read(m, MACHINE_MEM, info->ecam.base + 0x8010, 8);
	calls->write(m, MACHINE_MEM, info->ecam.base + 0x8010, 8,
		     0x1122334455667788);
	return 0;
}

TEST(flat_access, eight_bytes_of_config_are_two_accesses_of_four)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	EXPECT_EQ(0, in_guest(fm, config_of_eight));
	EXPECT_EQ(0x0000001400000010, got);
	EXPECT_EQ(0x14, stub.offset);
	EXPECT_EQ(0x11223344, stub.value);
	flat_destroy(fm);
}

static int read_empty(void *arg)
{
	static const uint64_t addrs[] = {
		0xb0000000,           /* config of 00:00.0 */
		0xb0100000,           /* bus 1 */
		0xb0008000 + 0x1000,  /* 00:01.1 */
		0xc0000ff8,           /* below the stub's window */
		STUB_MEM + 0x100,     /* above it */
		0x40000000,           /* RAM is not reached this way */
		0xfee00000,           /* the doorbell is for devices */
		0xfffffffffffffff8,
	};
	size_t i;

	(void)arg;
	for (i = 0; i < sizeof(addrs) / sizeof(addrs[0]); i++) {
		TEST_ROW("address 0x%llx", (unsigned long long)addrs[i]);
		EXPECT_EQ(0xffffffff,
			  calls->read(m, MACHINE_MEM, addrs[i], 4));
		calls->write(m, MACHINE_MEM, addrs[i], 4, 1);
	}
	EXPECT_EQ(0xff, calls->read(m, MACHINE_IO, STUB_IO + 0x20, 1));
	EXPECT_EQ(0xffff, calls->read(m, MACHINE_IO, STUB_MEM, 2));
	EXPECT_EQ(0xff, calls->read(m, MACHINE_MEM, STUB_IO, 1));
	return 0;
}

TEST(flat_access, what_nobody_answers_reads_all_ones)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	stub.width = 99;
	EXPECT_EQ(0, in_guest(fm, read_empty));
	EXPECT_EQ(99, stub.width);
	EXPECT_EQ(19, flat_counters(fm)->bus_errors);
	flat_destroy(fm);
}

static int ports(void *arg)
{
	(void)arg;
	EXPECT_EQ(0xcf8, info->config_ports.base);
	EXPECT_EQ(8, info->config_ports.size);
	/* Not enabled: an I/O port that nobody has. */
	calls->write(m, MACHINE_IO, 0xcf8, 4, 0x00000810);
	EXPECT_EQ(0xffffffff, calls->read(m, MACHINE_IO, 0xcfc, 4));
	calls->write(m, MACHINE_IO, 0xcf8, 4, 0x80000813);
	EXPECT_EQ(0x80000810, calls->read(m, MACHINE_IO, 0xcf8, 4));
	EXPECT_EQ(0x12, calls->read(m, MACHINE_IO, 0xcfe, 1));
	/* Another width is no address. */
	calls->write(m, MACHINE_IO, 0xcf8, 2, 0x20);
	calls->write(m, MACHINE_IO, 0xcfe, 2, 0x4321);
	/* 00:01.1 is empty. */
	calls->write(m, MACHINE_IO, 0xcf8, 4, 0x80000910);
	EXPECT_EQ(0xffff, calls->read(m, MACHINE_IO, 0xcfc, 2));
	return 0;
}

/* Configuration mechanism #1, PCI 3.0 3.2.2.3.2. */
TEST(flat_access, config_through_ports)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	EXPECT_EQ(0, in_guest(fm, ports));
	EXPECT_EQ(0x12, stub.offset);
	EXPECT_EQ(2, stub.width);
	EXPECT_EQ(0x4321, stub.value);
	EXPECT_EQ(1, flat_counters(fm)->config_reads);
	EXPECT_EQ(1, flat_counters(fm)->config_writes);
	EXPECT_EQ(3, flat_counters(fm)->bus_errors);
	flat_destroy(fm);
}

static int bar_accesses(void *arg)
{
	static const unsigned int widths[] = { 1, 2, 4, 8 };
	static const uint64_t masks[] = { 0x11, 0x2211, 0x44332211,
					  0x8877665544332211 };
	size_t i;

	(void)arg;
	for (i = 0; i < 4; i++) {
		TEST_ROW("width %u", widths[i]);
		stub.answer = 0x8877665544332211;
		EXPECT_EQ(masks[i], calls->read(m, MACHINE_MEM, STUB_MEM + 0xf8,
						widths[i]));
		EXPECT_EQ(0xf8, stub.offset);
		EXPECT_EQ(widths[i], stub.width);
		calls->write(m, MACHINE_MEM, STUB_MEM + 0x10, widths[i],
			     0x8877665544332211);
		EXPECT_EQ(masks[i], stub.value);
		EXPECT_EQ(0, stub.bar);
	}
	calls->write(m, MACHINE_IO, STUB_IO + 0x1c, 4, 5);
	EXPECT_EQ(1, stub.bar);
	EXPECT_EQ(0x1c, stub.offset);
	return 0;
}

TEST(flat_access, widths_reach_the_bar_masked)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	EXPECT_EQ(0, in_guest(fm, bar_accesses));
	EXPECT_EQ(4, flat_counters(fm)->mem_reads);
	EXPECT_EQ(4, flat_counters(fm)->mem_writes);
	EXPECT_EQ(1, flat_counters(fm)->io_writes);
	flat_destroy(fm);
}

static int read_over_the_end(void *arg)
{
	(void)arg;
	got = calls->read(m, MACHINE_MEM, STUB_MEM + 0x100, 4);
	EXPECT_EQ(0, calls->read(m, MACHINE_MEM, STUB_MEM + 0x100, 2));
	return 0;
}

TEST(flat_access, an_access_must_lie_in_the_window_whole)
{
	struct flat_machine *fm = flat_test_machine(NULL);
	struct pci_host *h = stub.fn.host;

	h->ops->window(h, 0, PCI_WINDOW_MEM, STUB_MEM, 0x102);
	EXPECT_EQ(0, in_guest(fm, read_over_the_end));
	EXPECT_EQ(0xffffffff, got);
	flat_destroy(fm);
}

TEST(flat_access, a_window_outside_of_the_bridge_is_not_forwarded)
{
	struct flat_machine *fm = flat_test_machine(NULL);
	struct pci_host *h = stub.fn.host;

	h->ops->window(h, 0, PCI_WINDOW_MEM, 0x40000000, 0x100);
	EXPECT_EQ(0, in_guest(fm, read_empty));
	EXPECT_EQ(19, flat_counters(fm)->bus_errors);
	flat_destroy(fm);
}

struct bad {
	enum machine_space space;
	uint64_t addr;
	unsigned int width;
};

static int bad_access(void *arg)
{
	const struct bad *b = arg;

	calls->read(m, b->space, b->addr, b->width);
	return 0;
}

TEST(flat_access, bad_widths_and_alignments_are_the_guests_bug)
{
	static const struct bad rows[] = {
		{ MACHINE_MEM, STUB_MEM, 0 },      { MACHINE_MEM, STUB_MEM, 3 },
		{ MACHINE_MEM, STUB_MEM, 16 },     { MACHINE_MEM, STUB_MEM + 1, 2 },
		{ MACHINE_MEM, STUB_MEM + 2, 4 },  { MACHINE_MEM, STUB_MEM + 4, 8 },
		{ MACHINE_IO, STUB_IO, 8 },        { MACHINE_MEM, STUB_MEM, ~0u },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct flat_machine *fm = flat_test_machine(NULL);
		struct bad b = rows[i];

		TEST_ROW("row %zu", i);
		EXPECT_EQ(FLAT_BUG, flat_call(fm, bad_access, &b));
		EXPECT_STREQ("bad-access", flat_code(fm));
		flat_destroy(fm);
	}
}

static int read_bar(void *arg)
{
	(void)arg;
	got = calls->read(m, MACHINE_MEM, STUB_MEM, 4);
	return 0;
}

TEST(flat_access, an_unplugged_function_answers_no_more)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	flat_unplug(fm, MACHINE_BDF(0, 1, 0));
	EXPECT_EQ(0, in_guest(fm, read_config));
	EXPECT_EQ(0xffffffff, got);
	EXPECT_EQ(0, in_guest(fm, read_bar));
	EXPECT_EQ(0xffffffff, got);
	EXPECT_EQ(UINT64_MAX, stub.drained);
	flat_destroy(fm);
	EXPECT_EQ(1, stub.destroyed);
}

TEST(flat_access, slots)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	EXPECT_TRUE(flat_slot(fm, MACHINE_BDF(0, 1, 0)) == NULL);
	EXPECT_TRUE(flat_slot(fm, MACHINE_BDF(1, 1, 0)) == NULL);
	EXPECT_TRUE(flat_slot(fm, MACHINE_BDF(0, 31, 7)) != NULL);
	flat_destroy(fm);
}

TEST(flat_access, configurations_that_cannot_be)
{
	static const struct flat_config rows[] = {
		{ .ram_size = 0, .ram_base = 0x1000, .cpus = 1 },
		{ .ram_size = 0x1001, .ram_base = 0x1000, .cpus = 1 },
		{ .ram_size = 0x1000, .ram_base = 0x1001, .cpus = 1 },
		{ .ram_size = 0x2000, .ram_base = 0xaffff000, .cpus = 1 },
		{ .ram_size = 0x1000, .ram_base = 0xc0000000, .cpus = 1 },
		{ .ram_size = 0x2000, .ram_base = 0x7ffffff000, .cpus = 1 },
		{ .ram_size = 0x1000, .ram_base = 0x1000, .cpus = 0 },
		{ .ram_size = 0x1000, .ram_base = 0x1000, .cpus = 33 },
		{ .ram_size = 0x1000, .ram_base = 0x1000, .cpus = 1,
		  .cpu_vectors = 225 },
	};
	struct flat_config good = FLAT_CONFIG_DEFAULTS;
	struct flat_machine *fm;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		TEST_ROW("row %zu", i);
		EXPECT_TRUE(flat_create(&rows[i]) == NULL);
	}
	good.ram_base = 0x100000000;
	fm = flat_create(&good);
	ASSERT_TRUE(fm != NULL);
	EXPECT_EQ(0x100000000, flat_info(fm)->ram_base);
	flat_destroy(fm);
}
