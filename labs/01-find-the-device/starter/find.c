/* SPDX-License-Identifier: MIT */
/*
 * Lab 1: find the device.
 *
 * Nobody has looked at the PCI bus before this file runs: no function is known,
 * no BAR has an address.  Fill in the four functions below; sheet.md says what
 * each has to do, and `ringside lab check` what is still missing.
 */
#include <lab.h>
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

/* Task `find`: the function with VENDOR_ID and one of the two device ids; false:
 * there is none. */
static bool find_disk(struct where *w)
{
	w->device = 0;
	w->function = 0;
	return false;
}

/* Task `capabilities`: how many there are, and where MSI-X is (0: nowhere). */
static void walk_capabilities(const struct where *w)
{
	(void)config_read(w, 0);
}

/* Task `sizing`: how many bytes each of the six BARs decodes. */
static void size_bars(const struct where *w)
{
	(void)w;
	(void)config_write;
}

/* Task `place`: BAR 4 gets an address, and a register behind it is read. */
static void place_bar4(const struct where *w)
{
	(void)w;
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
