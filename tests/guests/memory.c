/* SPDX-License-Identifier: MIT */
/*
 * A driver's mistakes with memory: freed twice, written beyond, used when it is
 * gone, given to a device that cannot reach it, never returned.
 */
#include "tests/guests/misbehaving.h"

#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/printk.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <ringside/note.h>

const struct guest_param misbehave_no_params[] = {
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

const struct guest_param misbehave_device_params[] = {
	{ "device", GUEST_PARAM_DEVICE, true, 0, "which device" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

/* An allocation of which the compiler knows nothing. */
static noinline void *opaque(size_t size)
{
	void *volatile p = kmalloc(size, GFP_KERNEL);

	return p;
}

static noinline void release(void *p)
{
	kfree(p);
}

static noinline void fill(volatile unsigned char *p, int from, int to)
{
	for (; from < to; from++)
		p[from] = 0xff;
}

static int double_free(const struct guest_value *v)
{
	void *p = opaque(100);

	(void)v;
	release(p);
	release(p);
	return 0;
}
MISBEHAVE(double_free, misbehave_no_params);

static int redzone_over(const struct guest_value *v)
{
	void *p = opaque(100);

	(void)v;
	fill(p, 0, 101);
	release(p);
	return 0;
}
MISBEHAVE(redzone_over, misbehave_no_params);

static int redzone_under(const struct guest_value *v)
{
	void *p = opaque(100);

	(void)v;
	fill(p, -4, 100);
	release(p);
	return 0;
}
MISBEHAVE(redzone_under, misbehave_no_params);

static int use_after_free(const struct guest_value *v)
{
	void *p = opaque(100);

	(void)v;
	release(p);
	fill(p, 8, 9);
	return 0;
}
MISBEHAVE(use_after_free, misbehave_no_params);

struct entry {
	struct entry *next;
	int value;
};

static noinline int sum(struct entry *e)
{
	int n = 0;

	for (; e; e = e->next)
		n += e->value;
	return n;
}

static int poisoned_pointer(const struct guest_value *v)
{
	struct entry *e = opaque(sizeof(*e));

	(void)v;
	e->next = NULL;
	release(e);
	return sum(e) ? 0 : -EIO;
}
MISBEHAVE(poisoned_pointer, misbehave_no_params);

static noinline void *make_table(size_t entries)
{
	return opaque(entries * 16);
}

static int leak(const struct guest_value *v)
{
	(void)v;
	return make_table(12) ? 0 : -ENOMEM;
}
MISBEHAVE(leak, misbehave_no_params);

/* ---- lists and reference counts ---- */

static LIST_HEAD(requests);

static noinline void finish(struct list_head *request)
{
	list_del(request);
}

static int list_deleted_twice(const struct guest_value *v)
{
	struct list_head request;

	(void)v;
	list_add(&request, &requests);
	finish(&request);
	finish(&request);
	return 0;
}
MISBEHAVE(list_deleted_twice, misbehave_no_params);

static noinline void put_reference(refcount_t *refs)
{
	if (refcount_dec_and_test(refs))
		pr_debug("released\n");
}

static int refcount_underflow(const struct guest_value *v)
{
	refcount_t refs = REFCOUNT_INIT(1);

	(void)v;
	put_reference(&refs);
	put_reference(&refs);
	return 0;
}
MISBEHAVE(refcount_underflow, misbehave_no_params);

static noinline void *cut_out(size_t size)
{
	return kmalloc(size, GFP_ATOMIC | __GFP_NOFAIL);
}

static int bad_gfp(const struct guest_value *v)
{
	(void)v;
	release(cut_out(100));
	return 0;
}
MISBEHAVE(bad_gfp, misbehave_no_params);

/* ---- what only a check of each access sees ---- */

static volatile int sum_seen;

static noinline void checksum(const u8 *p, size_t len)
{
	int sum = 0;

	while (len--)
		sum += *p++;
	sum_seen = sum;
}

static int read_after_free(const struct guest_value *v)
{
	u8 *p = opaque(100);

	(void)v;
	release(p);
	checksum(p + 96, 4);
	return 0;
}
MISBEHAVE(read_after_free, misbehave_no_params);

static int read_over(const struct guest_value *v)
{
	u8 *p = opaque(100);

	(void)v;
	fill(p, 0, 100);
	checksum(p, 101);
	release(p);
	return 0;
}
MISBEHAVE(read_over, misbehave_no_params);

static noinline void keep_copy(void *to, const void *from, size_t len)
{
	memcpy(to, from, len);
}

static int copy_after_free(const struct guest_value *v)
{
	void *page = (void *)__get_free_page(GFP_KERNEL);
	u8 *p = opaque(100);

	(void)v;
	free_page((unsigned long)page);
	keep_copy(p, page, 100);
	release(p);
	return 0;
}
MISBEHAVE(copy_after_free, misbehave_no_params);

/* Up to the last byte, of small, large and whole-page allocations; and a block
 * that is used again by its new owner. */
static int access_near_miss(const struct guest_value *v)
{
	static const size_t sizes[] = { 1, 7, 100, 1312, 4096, 8144, 20000 };
	u8 *page = (u8 *)__get_free_page(GFP_KERNEL), *p;
	size_t i;

	(void)v;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		p = opaque(sizes[i]);
		fill(p, 0, (int)sizes[i]);
		checksum(p, sizes[i]);
		keep_copy(p, page, min_t(size_t, sizes[i], PAGE_SIZE));
		release(p);
		release(opaque(sizes[i]));
	}
	checksum(page, PAGE_SIZE);
	free_page((unsigned long)page);
	return 0;
}
MISBEHAVE(access_near_miss, misbehave_no_params);

/* ---- DMA ---- */

static noinline int map_buffer(struct device *dev, void *buf, size_t len)
{
	dma_addr_t addr = dma_map_single(dev, buf, len, DMA_FROM_DEVICE);

	return dma_mapping_error(dev, addr);
}

static int dma_stack(const struct guest_value *v)
{
	struct device *dev = guest_device_find((u32)v[0].i);
	char id[20];

	return dev ? map_buffer(dev, id, sizeof(id)) : -ENODEV;
}
MISBEHAVE(dma_stack, misbehave_device_params);

static int dma_leak(const struct guest_value *v)
{
	struct device *dev = guest_device_find((u32)v[0].i);
	void *buf = opaque(512);
	int err = -ENODEV;

	if (dev && buf)
		err = map_buffer(dev, buf, 512);
	release(buf);
	return err;
}
MISBEHAVE(dma_leak, misbehave_device_params);
