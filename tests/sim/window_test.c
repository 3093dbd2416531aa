/* SPDX-License-Identifier: MIT */
/*
 * Decoding of CPU accesses: configuration space, windows of each kind as they
 * move, overlap and vanish, and addresses that nobody answers.
 */
#include "tests/sim/rig.h"

/* Each window reads as its BAR's number and the offset in it. */
static uint64_t echo(struct rig_device *d, uint32_t bar, uint64_t offset,
		     uint32_t width)
{
	(void)width;
	return (uint64_t)d->number << 56 | (uint64_t)bar << 48 | offset;
}

/* A script's own way to move windows. */
static struct rig_device dev, other;

static void window(struct rig_device *d, uint32_t bar,
		   enum pci_window_kind kind, uint64_t base, uint64_t size)
{
	DEV(d, window, bar, kind, base, size);
}

static void make_devices(void)
{
	dev = (struct rig_device){ .bdf = 0x08, .on_read = echo };
	other = (struct rig_device){ .bdf = 0x10, .on_read = echo };
}

static const struct rig_result *run_script(void (*script)(void))
{
	struct rig rig = { .devices = { &dev, &other }, .script = script };
	const struct rig_result *r;

	make_devices();
	r = rig_run(&rig);
	EXPECT_EQ(RUN_FINISHED, r->end);
	return r;
}

/* One access of a table and what it reads. */
struct probe {
	uint64_t addr;
	uint32_t width;
	uint64_t value;
};

static const struct probe *probes;
static unsigned int nprobes;

GUEST static void read_probes(void)
{
	unsigned int i;

	for (i = 0; i < nprobes; i++)
		keep(i, RD(probes[i].addr, probes[i].width));
}

#define CHECK_PROBES(r, table)                                          \
	do {                                                            \
		for (unsigned int i_ = 0; i_ < nprobes; i_++) {         \
			TEST_ROW("address 0x%llx",                      \
				 (unsigned long long)(table)[i_].addr); \
			EXPECT_EQ((table)[i_].value, (r)->value[i_]);   \
		}                                                       \
	} while (0)

static size_t unanswered(const struct probe *table, unsigned int n)
{
	size_t sum = 0;

	probes = table;
	nprobes = n;
	while (n--)
		sum += table[n].value == ~0ull >> (64 - 8 * table[n].width);
	return sum;
}

/* ---- configuration space ---- */

TEST(window, ecam)
{
	static const struct probe table[] = {
		{ 0xb0008000, 4, 0 },          /* device 1 */
		{ 0xb0008004, 4, 4 },
		{ 0xb0008ffe, 2, 0xffe },
		{ 0xb0010000, 4, 0x00010000 }, /* device 2 */
		{ 0xb0010fff, 1, 0xff },       /* of 0x00010fff */
		{ 0xb0000000, 4, 0xffffffff }, /* device 0: none */
		{ 0xb0009000, 4, 0xffffffff }, /* function 1 */
		{ 0xb0100000, 2, 0xffff },     /* bus 1 */
		{ 0xbffffffc, 4, 0xffffffff }, /* bus 255 */
		{ 0xb0008000, 8, 0xffffffffffffffff }, /* no such request */
	};
	size_t nobody = unanswered(table, 10);
	const struct rig_result *r = run_script(read_probes);

	CHECK_PROBES(r, table);
	/* 0xff of one byte happens to be all ones. */
	EXPECT_EQ(nobody - 1, rig_count(r, EV_BUS_ERROR));
	EXPECT_EQ(5, rig_count(r, EV_CONFIG_READ));
	EXPECT_EQ(4, rig_event(r, EV_CONFIG_READ, 1)->ev.addr);
}

/* ---- configuration mechanism #1, PCI 3.0 3.2.2.3.2 ---- */

/* Reads 4 bytes of config space through the two ports. */
GUEST static uint32_t ports(uint32_t address)
{
	CALL(write, MACHINE_IO, 0xcf8, 4, address);
	return (uint32_t)CALL(read, MACHINE_IO, 0xcfc, 4);
}

GUEST static void through_ports(void)
{
	keep(0, ports(0x80000804)); /* device 1 */
	keep(1, CALL(read, MACHINE_IO, 0xcfc, 2));
	keep(2, CALL(read, MACHINE_IO, 0xcfe, 2));
	keep(3, CALL(read, MACHINE_IO, 0xcff, 1));
	CALL(write, MACHINE_IO, 0xcfd, 1, 0x5a);
	keep(4, CALL(read, MACHINE_IO, 0xcf8, 4));
	keep(5, ports(0x80001010)); /* device 2 */
	keep(6, ports(0x80000904)); /* function 1: none */
	keep(7, ports(0x80010804)); /* bus 1: none */
}

TEST(window, config_through_ports)
{
	const struct rig_result *r = run_script(through_ports);
	const struct event *ev;

	EXPECT_EQ(4, r->value[0]);
	EXPECT_EQ(4, r->value[1]);
	EXPECT_EQ(6, r->value[2]);
	EXPECT_EQ(7, r->value[3]);
	EXPECT_EQ(0x80000804, r->value[4]);
	EXPECT_EQ(0x00010010, r->value[5]);
	EXPECT_EQ(0xffffffff, r->value[6]);
	EXPECT_EQ(0xffffffff, r->value[7]);
	ASSERT_EQ(1, rig_count(r, EV_CONFIG_WRITE));
	ev = &rig_event(r, EV_CONFIG_WRITE, 0)->ev;
	EXPECT_EQ(5, ev->addr);
	EXPECT_EQ(1, ev->len);
	EXPECT_EQ(0x5a, ev->value);
	EXPECT_EQ(5, rig_count(r, EV_CONFIG_READ));
	EXPECT_EQ(2, rig_count(r, EV_BUS_ERROR));
}

/* Without the enable bit, or when the address is written in another width, the
 * ports are I/O like any other. */
GUEST static void plain_ports(void)
{
	window(&dev, 2, PCI_WINDOW_IO, 0xcf8, 8);
	keep(0, ports(0x00000804));
	CALL(write, MACHINE_IO, 0xcfc, 2, 0x1111);
	keep(1, ports(0x80000804));
	CALL(write, MACHINE_IO, 0xcf8, 1, 0x22);
	CALL(write, MACHINE_IO, 0xcfa, 2, 0x3333);
	keep(2, CALL(read, MACHINE_IO, 0xcfb, 1));
	keep(3, CALL(read, MACHINE_IO, 0xcf8, 4));
	/* Reserved bits hold nothing; nothing beyond byte FFh is reached. */
	keep(4, ports(0xff0008ff));
	keep(5, CALL(read, MACHINE_IO, 0xcf8, 4));
}

TEST(window, ports_that_are_not_for_config_are_plain_io)
{
	const struct rig_result *r = run_script(plain_ports);

	EXPECT_EQ(0x4, r->value[0]); /* BAR 2, offset 4, echoed in 4 bytes */
	EXPECT_EQ(0x4, r->value[1]);
	EXPECT_EQ(0x3, r->value[2]);
	EXPECT_EQ(0x80000804, r->value[3]);
	EXPECT_EQ(0xfc, r->value[4]);
	EXPECT_EQ(0x800008fc, r->value[5]);
	EXPECT_EQ(3, rig_count(r, EV_IO_WRITE));
	EXPECT_EQ(2, rig_count(r, EV_IO_READ));
	EXPECT_EQ(2, rig_count(r, EV_CONFIG_READ));
	EXPECT_EQ(0, rig_count(r, EV_CONFIG_WRITE));
}

/* ---- windows of each kind ---- */

GUEST static void three_kinds(void)
{
	window(&dev, 0, PCI_WINDOW_MEM, 0xc0000000, 0x1000);
	window(&dev, 2, PCI_WINDOW_MEM, 0x8000000000, 0x4000);
	window(&other, 4, PCI_WINDOW_IO, 0x1000, 0x20);
	read_probes();
	say("%x", (unsigned int)CALL(read, MACHINE_IO, 0x1004, 4));
	say("%x", (unsigned int)CALL(read, MACHINE_IO, 0x101f, 1));
	say("%x", (unsigned int)CALL(read, MACHINE_IO, 0x1020, 2));
	say("%x", (unsigned int)CALL(read, MACHINE_IO, 0xc0000000, 4));
	CALL(write, MACHINE_IO, 0x1008, 2, 0xabcd);
	WR(0x8000000010, 8, 0x1122334455667788);
	RD(0x8000000010, 8);
}

TEST(window, of_each_kind)
{
	static const struct probe table[] = {
		{ 0xc0000000, 4, 0 },
		{ 0xc0000ffc, 4, 0xffc },
		{ 0xc0000ff8, 8, 0x0000000000000ff8 },
		{ 0x8000000000, 8, 0x0002000000000000 },
		{ 0x8000003ff8, 8, 0x0002000000003ff8 },
		{ 0x8000004000, 8, ~0ull },
		{ 0x1004, 4, 0xffffffff }, /* a port is no memory */
		{ 0xc0001000, 1, 0xff },
		{ 0xc0001000, 2, 0xffff },
	};
	size_t nobody = unanswered(table, 9);
	const struct rig_result *r = run_script(three_kinds);
	const struct event *ev;

	CHECK_PROBES(r, table);
	EXPECT_STREQ("4 1f ffff ffffffff", r->story);
	EXPECT_EQ(nobody + 2, rig_count(r, EV_BUS_ERROR));
	ev = &rig_event(r, EV_IO_WRITE, 0)->ev;
	EXPECT_EQ(4, ev->index);
	EXPECT_EQ(8, ev->addr);
	EXPECT_EQ(0xabcd, ev->value);
	EXPECT_EQ(2, ev->len);
	EXPECT_EQ(1, ev->device);
	ev = &rig_event(r, EV_MMIO_WRITE, 0)->ev;
	EXPECT_EQ(2, ev->index);
	EXPECT_EQ(0x10, ev->addr);
	EXPECT_EQ(0x1122334455667788, ev->value);
	EXPECT_EQ(8, ev->len);
}

/* ---- moved, disabled ---- */

GUEST static void move_and_disable(void)
{
	window(&dev, 0, PCI_WINDOW_MEM, 0xc0000000, 0x1000);
	say("%x", (unsigned int)RD(0xc0000010, 4));
	window(&dev, 0, PCI_WINDOW_MEM, 0xc0100000, 0x1000);
	say("%x", (unsigned int)RD(0xc0000010, 4));
	say("%x", (unsigned int)RD(0xc0100010, 4));
	window(&dev, 0, PCI_WINDOW_NONE, 0xc0100000, 0x1000);
	say("%x", (unsigned int)RD(0xc0100010, 4));
	window(&dev, 0, PCI_WINDOW_IO, 0x2000, 0x1000);
	say("%x", (unsigned int)CALL(read, MACHINE_IO, 0x2010, 4));
	window(&dev, 0, PCI_WINDOW_MEM, 0xc0000000, 0x1000);
	say("%x", (unsigned int)CALL(read, MACHINE_IO, 0x2010, 4));
	say("%x", (unsigned int)RD(0xc0000010, 4));
}

TEST(window, moves_and_vanishes)
{
	EXPECT_STREQ("10 ffffffff 10 ffffffff 10 ffffffff 10",
		     run_script(move_and_disable)->story);
}

/* A posted write is decoded when it is made, not when it arrives. */
GUEST static void disable_behind_a_write(void)
{
	window(&dev, 0, PCI_WINDOW_MEM, 0xc0000000, 0x1000);
	WR(0xc0000008, 4, 5);
	WR(0xc0001008, 4, 6);
	RD(0xc0000000, 4);
	keep(0, dev.regs[1]);
}

TEST(window, a_write_that_nobody_answers_is_dropped)
{
	const struct rig_result *r = run_script(disable_behind_a_write);

	EXPECT_EQ(5, r->value[0]);
	ASSERT_EQ(1, rig_count(r, EV_BUS_ERROR));
	EXPECT_EQ(0xc0001008, rig_event(r, EV_BUS_ERROR, 0)->ev.addr);
	EXPECT_EQ(1, rig_event(r, EV_BUS_ERROR, 0)->ev.value);
	EXPECT_EQ(4, rig_event(r, EV_BUS_ERROR, 0)->ev.len);
	EXPECT_EQ(0, rig_event(r, EV_BUS_ERROR, 0)->ev.cpu);
}

GUEST static void port_without_an_owner(void)
{
	CALL(read, MACHINE_IO, 0x1234, 2);
	RD(0x40000000c0000000, 4);
	RD(0xffffffffffffffff, 1);
}

TEST(window, an_error_tells_the_address_that_the_guest_used)
{
	const struct rig_result *r = run_script(port_without_an_owner);

	ASSERT_EQ(3, rig_count(r, EV_BUS_ERROR));
	EXPECT_EQ(0x1234, rig_event(r, EV_BUS_ERROR, 0)->ev.addr);
	EXPECT_EQ(0x40000000c0000000, rig_event(r, EV_BUS_ERROR, 1)->ev.addr);
	EXPECT_EQ(0xffffffffffffffff, rig_event(r, EV_BUS_ERROR, 2)->ev.addr);
}

/* ---- overlapping ---- */

GUEST static void overlapping(void)
{
	window(&dev, 0, PCI_WINDOW_MEM, 0xc0000000, 0x10000);
	window(&other, 1, PCI_WINDOW_MEM, 0xc0004000, 0x1000);
	read_probes();
	window(&other, 1, PCI_WINDOW_NONE, 0, 0);
	say("%x", (unsigned int)RD(0xc0004010, 4));
}

TEST(window, one_inside_another_hides_only_itself)
{
	static const struct probe table[] = {
		{ 0xc0000010, 8, 0x10 },
		{ 0xc0003ff8, 8, 0x3ff8 },
		{ 0xc0004010, 8, 0x0101000000000010 },
		{ 0xc0005010, 8, 0x5010 },
		{ 0xc000fff8, 8, 0xfff8 },
		{ 0xc0010000, 8, ~0ull },
	};
	const struct rig_result *r;

	unanswered(table, 6);
	r = run_script(overlapping);
	CHECK_PROBES(r, table);
	EXPECT_STREQ("4010", r->story);
}

/* ---- at the edges ---- */

GUEST static void edges(void)
{
	/* Ends in the middle of an aligned access. */
	window(&dev, 0, PCI_WINDOW_MEM, 0xc0000000, 4);
	say("%d", RD(0xc0000000, 8) == ~0ull);
	say("%x", (unsigned int)RD(0xc0000000, 4));
	/* Begins in the middle of one. */
	window(&dev, 0, PCI_WINDOW_MEM, 0xc0000004, 4);
	say("%d", RD(0xc0000000, 8) == ~0ull);
	say("%x", (unsigned int)RD(0xc0000004, 4));
	/* The apertures' last bytes. */
	window(&dev, 0, PCI_WINDOW_MEM, 0xeffff000, 0x1000);
	say("%x", (unsigned int)RD(0xeffffffc, 4));
	window(&dev, 0, PCI_WINDOW_MEM, 0xfffffff000, 0x1000);
	say("%x", (unsigned int)RD(0xfffffffffc, 4));
	/* Where the bridge sends nothing down. */
	window(&dev, 0, PCI_WINDOW_MEM, 0xf0000000, 0x1000);
	say("%x", (unsigned int)RD(0xf0000000, 4));
	/* Over RAM: memory answers. */
	window(&dev, 0, PCI_WINDOW_MEM, 0x40000000, 0x1000);
	*(uint32_t *)(rig_info->ram + 8) = 0x1234;
	say("%x", (unsigned int)RD(0x40000008, 4));
	/* Over configuration space. */
	window(&dev, 0, PCI_WINDOW_MEM, 0xb0000000, 0x100000);
	say("%x", (unsigned int)RD(0xb0008004, 4));
	/* Nonsense that sizing a BAR can leave for a moment. */
	window(&dev, 0, PCI_WINDOW_MEM, 0xfffffffffffff000, 0x2000);
	window(&dev, 1, PCI_WINDOW_MEM, 0xc0000000, 0);
	say("%x", (unsigned int)RD(0xc0000000, 4));
}

TEST(window, edges)
{
	EXPECT_STREQ("1 0 1 0 ffc ffc ffffffff 1234 4 ffffffff",
		     run_script(edges)->story);
}
