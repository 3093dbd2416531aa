/* SPDX-License-Identifier: MIT */
/*
 * A virtio-blk driver that is not shaped like any kernel's: one device, one
 * queue, one request at a time, polling.  Sections are of virtio 1.2.
 */
#include "examples/guest-bare/bare.h"

static volatile struct memory *mem; /* RAM's start: what the device reaches */
static uint64_t at[DEVICE + 1];     /* the structures, by cfg_type */
static uint64_t capacity, kick;     /* kick: first the multiplier */
static bool ready;

/* 2.1.1: bits of device_status are added; only a reset drops them. */
static void add_status(uint32_t bit)
{
	wr(at[COMMON] + STATUS, 1, rd(at[COMMON] + STATUS, 1) | bit);
}

/* 4.1.4.3.2: the reset is complete when device_status reads 0. */
static void reset(void)
{
	wr(at[COMMON] + STATUS, 1, 0);
	while (rd(at[COMMON] + STATUS, 1) != 0)
		call->relax(m);
}

/* A 64-bit field is written by halves, 4.1.3.1. */
static void set_area(uint64_t field, const volatile void *area)
{
	uint64_t addr = (uint64_t)((const uint8_t *)area - info->ram);

	addr += info->ram_base;
	wr(field, 4, addr & 0xffffffff);
	wr(field + 4, 4, addr >> 32);
}

static void describe(uint16_t i, size_t offset, uint32_t len, uint16_t flags)
{
	mem->desc[i].addr = info->ram_base + offset;
	mem->desc[i].len = len;
	mem->desc[i].flags = flags;
	mem->desc[i].next = i + 1;
}

/* All zeros but for the one chain that every request takes; its head is 0. */
static int init_queue(uint64_t c)
{
	for (size_t i = 0; i < sizeof(*mem); i++)
		((volatile uint8_t *)mem)[i] = 0;
	describe(0, offsetof(struct memory, request), 16, F_NEXT); /* 5.2.6 */
	describe(1, offsetof(struct memory, data), 512, F_NEXT | F_WRITE);
	describe(2, offsetof(struct memory, status), 1, F_WRITE);
	mem->avail.flags = F_NO_INTERRUPT;
	wr(c + QUEUE_SELECT, 2, 0); /* 4.1.5.1.3, its order */
	if (rd(c + QUEUE_SIZE, 2) < ENTRIES)
		return -ENXIO; /* 0: there is no such queue */
	wr(c + QUEUE_SIZE, 2, ENTRIES);
	set_area(c + QUEUE_DESC, mem->desc);
	set_area(c + QUEUE_DRIVER, &mem->avail);
	set_area(c + QUEUE_DEVICE, &mem->used);
	kick = at[NOTIFY] + kick * rd(c + QUEUE_NOTIFY_OFF, 2); /* 4.1.4.4 */
	wr(c + QUEUE_ENABLE, 2, 1);
	return 0;
}

/* 3.1.1, in its order. */
static int init(uint64_t c)
{
	uint32_t generation;
	int err;

	reset();
	add_status(ACKNOWLEDGE);
	add_status(DRIVER);
	wr(c + DEVICE_FEATURE_SELECT, 4, 1);
	if (!(rd(c + DEVICE_FEATURE, 4) & VERSION_1_HIGH))
		return -ENODEV; /* a legacy device, 6.1 */
	wr(c + DRIVER_FEATURE_SELECT, 4, 0);
	wr(c + DRIVER_FEATURE, 4, 0);
	wr(c + DRIVER_FEATURE_SELECT, 4, 1);
	wr(c + DRIVER_FEATURE, 4, VERSION_1_HIGH);
	add_status(FEATURES_OK);
	if (!(rd(c + STATUS, 1) & FEATURES_OK))
		return -ENODEV; /* step 6: the device does not accept them */
	do { /* 2.5.1: 64 bits that may change between the halves */
		generation = rd(c + CONFIG_GENERATION, 1);
		capacity = rd(at[DEVICE], 4);
		capacity |= (uint64_t)rd(at[DEVICE] + 4, 4) << 32;
	} while (rd(c + CONFIG_GENERATION, 1) != generation);
	err = init_queue(c);
	if (!err)
		add_status(DRIVER_OK);
	return err;
}

int probe(void)
{
	int err = -ENODEV;

	note(MACHINE_NOTE_PROBE_BEGIN, 0);
	mem = (volatile struct memory *)info->ram;
	wr(cfg(4), 2, 0); /* Command: nothing decodes */
	place_bars();
	wr(cfg(4), 2, 0x406); /* Memory Space, Bus Master, Interrupt Disable */
	if (find_structures(at, &kick) && (err = init(at[COMMON])) != 0) {
		add_status(FAILED); /* 2.1: the driver has given up... */
		reset();            /* and the device is to leave mem alone */
	}
	ready = err == 0;
	note(MACHINE_NOTE_PROBE_END, err);
	return err;
}

/* 2.7.13, in its order, then 2.7.14. */
int read_sector(uint32_t device, uint64_t sector)
{
	uint16_t idx = mem ? mem->avail.idx : 0;

	if (!ready || device != bdf)
		return -ENODEV;
	if (sector >= capacity)
		return -EINVAL; /* 5.2.6.1: never beyond it */
	mem->request.sector = sector; /* its type stays 0, VIRTIO_BLK_T_IN */
	mem->status = 0xff;
	__sync_synchronize(); /* the entry, always 0, and the rest before idx */
	mem->avail.idx = idx + 1;
	__sync_synchronize(); /* idx before used.flags */
	if (!(mem->used.flags & F_NO_NOTIFY))
		wr(kick, 2, 0);
	while (mem->used.idx == idx)
		call->relax(m);
	__sync_synchronize(); /* used.idx before what it stands for */
	if (mem->used.ring[idx % ENTRIES].id != 0 || mem->status != 0)
		return -EIO;
	if (!call->data(m, MACHINE_DATA_READ, bdf, sector * 512,
			(const void *)mem->data, 512))
		return -EIO;
	return 0;
}

void stop(void)
{
	if (!ready)
		return;
	reset();
	wr(cfg(4), 2, 0);
	ready = false;
}
