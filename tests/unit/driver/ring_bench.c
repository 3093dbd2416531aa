/* SPDX-License-Identifier: MIT */
/* The bench of ring_bench.h. */
#include "tests/unit/driver/ring_bench.h"

#include <linux/dma-mapping.h>
#include <linux/slab.h>

#define ARENA (4u << 20)

static u8 arena[ARENA] __attribute__((aligned(4096)));
static struct page pages[ARENA / 4096];
static size_t used;
static struct ring_bench *bench;

unsigned int ring_bench_allocs, ring_bench_maps, ring_bench_logs;
unsigned int ring_bench_fail_map;

struct guest_ram guest_ram = {
	.virt = arena, .phys = RING_BENCH_BASE, .size = ARENA, .map = pages,
};

/* ---- the kernel's services ---- */

static void *take(size_t size)
{
	u8 *p = arena + used;
	size_t i;

	used += (size + 15) & ~15ul;
	if (used > ARENA)
		__builtin_trap();
	for (i = 0; i < size; i++)
		p[i] = 0;
	return p;
}

void *kmalloc(size_t size, gfp_t gfp)
{
	(void)gfp;
	ring_bench_allocs++;
	return take(size);
}

void kfree(const void *p)
{
	if (p)
		ring_bench_allocs--;
}

void *dma_alloc_coherent(struct device *dev, size_t size, dma_addr_t *addr,
			 gfp_t gfp)
{
	void *p = kmalloc(size, gfp);

	(void)dev;
	*addr = virt_to_phys(p);
	return p;
}

void dma_free_coherent(struct device *dev, size_t size, void *virt,
		       dma_addr_t addr)
{
	(void)dev;
	(void)size;
	(void)addr;
	kfree(virt);
}

dma_addr_t guest_dma_map(struct device *dev, phys_addr_t pa, size_t size,
			 enum dma_data_direction dir)
{
	(void)dev;
	(void)size;
	(void)dir;
	if (ring_bench_fail_map && !--ring_bench_fail_map)
		return DMA_MAPPING_ERROR;
	ring_bench_maps++;
	return pa;
}

void guest_dma_unmap(struct device *dev, dma_addr_t addr, size_t size,
		     enum dma_data_direction dir)
{
	(void)dev;
	(void)addr;
	(void)size;
	(void)dir;
	ring_bench_maps--;
}

int dma_mapping_error(struct device *dev, dma_addr_t addr)
{
	(void)dev;
	return addr == DMA_MAPPING_ERROR ? -ENOMEM : 0;
}

void guest_list_bad_add(struct list_head *node, struct list_head *prev,
			struct list_head *next)
{
	(void)node;
	(void)prev;
	(void)next;
	__builtin_trap();
}

void guest_list_bad_del(struct list_head *node)
{
	(void)node;
	__builtin_trap();
}

void guest_refcount_bad(const char *what)
{
	(void)what;
	__builtin_trap();
}

void guest_sg_bad_buffer(const void *buf, unsigned int len)
{
	(void)buf;
	(void)len;
	__builtin_trap();
}

void dev_printk(const char *level, const struct device *dev, const char *fmt,
		...)
{
	(void)level;
	(void)dev;
	(void)fmt;
	ring_bench_logs++;
}

/* ---- the bench ---- */

static void called(struct virtqueue *vq)
{
	(void)vq;
	bench->called++;
}

static bool kicked(struct virtqueue *vq)
{
	(void)vq;
	bench->kicked++;
	return true;
}

void ring_bench_open(struct ring_bench *b, u64 features, unsigned int num,
		     unsigned int max_sgs, bool listen)
{
	struct virtqueue_info info = {
		.name = "ring", .callback = listen ? called : NULL,
		.max_sgs = max_sgs,
	};

	*b = (struct ring_bench){ .err = 0 };
	bench = b;
	used = 0;
	ring_bench_allocs = ring_bench_maps = ring_bench_logs = 0;
	ring_bench_fail_map = 0;
	b->vdev.features = features;
	b->vdev.dev.parent = &b->parent;
	INIT_LIST_HEAD(&b->vdev.vqs);
	b->vq = vring_create_virtqueue(&b->vdev, 0, num, &info, kicked,
				       &b->err);
}

unsigned int ring_bench_close(struct ring_bench *b)
{
	if (b->vq)
		vring_del_virtqueue(b->vq);
	return ring_bench_allocs + ring_bench_maps +
	       !list_empty(&b->vdev.vqs);
}

void *ring_bench_buffer(unsigned int len)
{
	return take(len);
}

u64 ring_bench_bus(const void *p)
{
	return virt_to_phys(p);
}

u16 ring_bench_get16(u64 addr)
{
	return *(u16 *)phys_to_virt(addr);
}

u32 ring_bench_get32(u64 addr)
{
	return *(u32 *)phys_to_virt(addr);
}

u64 ring_bench_get64(u64 addr)
{
	return *(u64 *)phys_to_virt(addr);
}

void ring_bench_put16(u64 addr, u16 value)
{
	*(u16 *)phys_to_virt(addr) = value;
}

void ring_bench_put32(u64 addr, u32 value)
{
	*(u32 *)phys_to_virt(addr) = value;
}
