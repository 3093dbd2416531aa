/* SPDX-License-Identifier: MIT */
/*
 * Wrong: the two reserved bits of a pointer are taken for part of it
 * Loses: capabilities
 * Says: capabilities[odd]: The two reserved bits of each pointer are set.
 */
#include <lab.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/io.h>

#define VENDOR_ID 0x1af4
#define DEVICE_ID 0x1042 /* a virtio disk */
#define TRANSITIONAL_ID 0x1001 /* one that old drivers can use too */

/* A function of bus 0: its device number, 0 to 31, and its function number, 0 to
 * 7. */
struct where {
	u32 device, function;
};

/* A dword of a function's configuration space; offset is a multiple of 4. */
static u32 config_read(const struct where *w, u32 offset)
{
	return readl(ioremap(lab_ecam() + (w->device << 15 | w->function << 12) +
			     offset, 4));
}

static void config_write(const struct where *w, u32 offset, u32 value)
{
	writel(value, ioremap(lab_ecam() +
			      (w->device << 15 | w->function << 12) + offset, 4));
}

#define HEADER_TYPE 0x0c /* its third byte */
#define MULTI_FUNCTION (0x80u << 16)

static bool is_disk(const struct where *w)
{
	u32 id = config_read(w, 0);

	return (id & 0xffff) == VENDOR_ID &&
	       (id >> 16 == DEVICE_ID || id >> 16 == TRANSITIONAL_ID);
}

static bool has_more_functions(u32 device)
{
	const struct where w = { device, 0 };

	return config_read(&w, 0) != ~0u &&
	       config_read(&w, HEADER_TYPE) & MULTI_FUNCTION;
}

static bool find_disk(struct where *w)
{
	u32 functions;

	for (w->device = 0; w->device < 32; w->device++) {
		functions = has_more_functions(w->device) ? 8 : 1;
		for (w->function = 0; w->function < functions; w->function++)
			if (is_disk(w))
				return true;
	}
	return false;
}

#define COMMAND_STATUS 0x04
#define STATUS_HAS_LIST (0x10u << 16)
#define CAPABILITIES_POINTER 0x34
#define FIRST_CAPABILITY 0x40
#define CAP_ID_MSIX 0x11

/* Of a capability: its id at 0, the next one's place at 1. */
static void walk_capabilities(const struct where *w)
{
	u32 at = 0, count = 0, msix = 0, header;
	u64 seen = 0; /* a bit for each dword of the 256 bytes */

	if (config_read(w, COMMAND_STATUS) & STATUS_HAS_LIST)
		at = config_read(w, CAPABILITIES_POINTER) & 0xff;
	while (at >= FIRST_CAPABILITY && !(seen & BIT_ULL(at / 4))) {
		seen |= BIT_ULL(at / 4);
		header = config_read(w, at);
		count++;
		if ((header & 0xff) == CAP_ID_MSIX)
			msix = at;
		at = header >> 8 & 0xff;
	}
	lab_report("capabilities", count);
	lab_report("msix", msix);
}

#define BAR(n) (0x10 + 4 * (n))
#define BAR_IO 1u
#define BAR_64 4u

static u32 ones_of(const struct where *w, u32 offset)
{
	u32 before = config_read(w, offset), ones;

	config_write(w, offset, ~0u);
	ones = config_read(w, offset);
	config_write(w, offset, before);
	return ones;
}

static void size_bars(const struct where *w)
{
	static const char *const names[] = { "bar0", "bar1", "bar2", "bar3",
					     "bar4", "bar5" };
	u64 ones, size;
	u32 n, low;

	for (n = 0; n < 6; n++) {
		low = ones_of(w, BAR(n));
		ones = low & (low & BAR_IO ? ~3u : ~15u);
		if (!(low & BAR_IO) && low & BAR_64) {
			ones |= (u64)ones_of(w, BAR(n + 1)) << 32;
			size = ~ones + 1;
		} else {
			size = (u32)(~ones + 1);
		}
		lab_report(names[n], ones ? size : 0);
		/* The upper half of a 64-bit BAR is no BAR of its own. */
		if (!(low & BAR_IO) && low & BAR_64)
			lab_report(names[++n], 0);
	}
}

#define COMMAND_MEMORY 2u
#define NUM_QUEUES 0x12 /* of the common configuration, which begins BAR 4 */

static void place_bar4(const struct where *w)
{
	phys_addr_t at = lab_window(NULL);

	config_write(w, BAR(4), (u32)at);
	config_write(w, BAR(5), (u32)(at >> 32));
	config_write(w, COMMAND_STATUS, COMMAND_MEMORY);
	lab_report("num_queues", readw(ioremap(at + NUM_QUEUES, 2)));
}

/* ---- the tasks, as the checks run them ---- */

static int find(void)
{
	struct where w;
	bool found = find_disk(&w);

	lab_report("found", found);
	if (found) {
		lab_report("device", w.device);
		lab_report("function", w.function);
	}
	return 0;
}
LAB_TASK(find, find);

static int capabilities(void)
{
	struct where w;

	if (!find_disk(&w))
		return -ENODEV;
	walk_capabilities(&w);
	return 0;
}
LAB_TASK(capabilities, capabilities);

static int sizing(void)
{
	struct where w;

	if (!find_disk(&w))
		return -ENODEV;
	size_bars(&w);
	return 0;
}
LAB_TASK(sizing, sizing);

static int place(void)
{
	struct where w;

	if (!find_disk(&w))
		return -ENODEV;
	size_bars(&w);
	place_bar4(&w);
	return 0;
}
LAB_TASK(place, place);
