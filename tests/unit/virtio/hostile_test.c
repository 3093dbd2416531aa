/* SPDX-License-Identifier: MIT */
/*
 * A driver that does anything: between requests seeded random register, config
 * and ring writes, with resets, Bus Master and errors inside DMA calls.  Whatever it does, the
 * device keeps the timing contract (the fake host aborts otherwise), touches no
 * memory that it should not (the sanitizers), conserves its interrupts, and works
 * after a reset.
 */
#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

/* xorshift64 */
static uint64_t draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static uint64_t pick(uint64_t *state, uint64_t n)
{
	return draw(state) % n;
}

/* An access of a natural width somewhere in [base, base + size). */
static void poke(struct drv *d, uint64_t *state, uint32_t base, uint32_t size)
{
	uint32_t width = 1u << pick(state, 4);
	uint32_t offset = base + (uint32_t)pick(state, size / 8) * 8;
	uint64_t value = draw(state) >> pick(state, 64);

	offset += (uint32_t)pick(state, 8 / width) * width;
	if (pick(state, 4))
		drv_write(d, offset, width, value);
	else
		drv_read(d, offset, width);
}

/* Rubbish over some of what the driver has written. */
static void scribble(struct drv *d, uint64_t *state, const struct drv_queue *q)
{
	uint64_t addr = FAKE_RAM_BASE + pick(state, 0x8000);

	if (!pick(state, 4))
		addr = draw(state);
	drv_desc(d, q->desc, (uint16_t)pick(state, 16), addr,
		 (uint32_t)(pick(state, 64) * 16), (uint16_t)pick(state, 8),
		 (uint16_t)pick(state, 17));
	if (!pick(state, 8))
		drv_put16(d, q->avail + 4 + 2 * pick(state, 17),
			  (uint16_t)pick(state, 17));
	if (!pick(state, 16))
		drv_put16(d, q->avail + 2, (uint16_t)draw(state));
}

/* Some requests, most of them as they should be. */
static void requests(struct drv *d, uint64_t *state)
{
	static const uint32_t types[] = { 0, 0, 1, 1, 4, 8, 11, 13, 77 };
	uint16_t q = (uint16_t)pick(state, 2);

	if (!d->q[q].desc)
		return;
	for (uint64_t n = pick(state, 4); n; n--) {
		struct drv_request r = drv_prepare(d, q, types[pick(state, 9)],
						   pick(state, 2100),
						   (uint32_t)pick(state, 5) * 256);

		drv_publish(d, q, r.head);
	}
	if (!pick(state, 4))
		scribble(d, state, &d->q[q]);
	drv_kick(d, q);
	drv_run(d);
}

/* D0, BARs where the driver thinks they are, memory decode and Bus Master on. */
static void wake(struct drv *d)
{
	drv_cfg_write(d, drv_find_cap(d, 0x01, 0) + 4, 2, 0);
	drv_cfg_write(d, 0x14, 4, (uint32_t)DRV_BAR1);
	drv_cfg_write(d, 0x20, 4, (uint32_t)DRV_BAR4);
	drv_cfg_write(d, 0x24, 4, (uint32_t)(DRV_BAR4 >> 32));
	drv_cfg_write(d, 0x04, 2, 6);
}

static void one_step(struct drv *d, uint64_t *state)
{
	static const enum fake_fail fails[] = {
		FAKE_FAIL_ERROR, FAKE_FAIL_BUS_MASTER,
	};

	switch (pick(state, 24)) {
	case 0:
		poke(d, state, 0x0000, 0x48);
		break;
	case 1:
		poke(d, state, 0x1000, 0x10);
		break;
	case 2:
		poke(d, state, 0x2000, 0x68);
		break;
	case 3:
		drv_bar1_write(d, (uint32_t)pick(state, 16) * 4, 4,
			       pick(state, 4));
		break;
	case 4:
		drv_cfg_write(d, (uint32_t)pick(state, 64) * 4, 4,
			      (uint32_t)draw(state));
		if (pick(state, 2))
			wake(d);
		break;
	case 5:
		fake_host_fail_at(&d->host, 1 + (unsigned int)pick(state, 12),
				  fails[pick(state, 2)]);
		break;
	case 6:
		drv_cfg_write(d, 0x04, 2, 6);
		break;
	case 7:
	case 8:
	case 9:
		wake(d);
		if (!pick(state, 8) || drv_read(d, 0x14, 1) != 0xf)
			drv_start(d, draw(state) & drv_default_features());
		break;
	default:
		requests(d, state);
	}
}

/* Counts each queue's used buffers that have no decision about their interrupt
 * yet.  A decision is for all of them, and never about nothing. */
static void follow_decisions(const struct drv *d, unsigned int open[2])
{
	for (unsigned int i = 0; i < d->host.nevents; i++) {
		const struct fake_event *ev = &d->host.events[i];

		if (ev->kind == MODEL_EV_USED)
			open[ev->index]++;
		if (ev->kind != MODEL_EV_NOTIFY || ev->index == 0xffff)
			continue;
		EXPECT_LT(0, open[ev->index]);
		open[ev->index] = 0;
	}
}

/* Returns how many requests the device served. */
static unsigned int run_seed(uint64_t seed)
{
	unsigned int served = 0, open[2] = { 0, 0 };
	struct drv *d = drv_new(&(struct drv_options){
		.queues = 2, .queue_size = 16 });
	uint64_t state = seed * 0x9e3779b97f4a7c15ull, ram = d->next;
	struct drv_request r;

	drv_start(d, drv_default_features());
	for (int i = 0; i < 1500; i++) {
		if (d->next > FAKE_RAM_BASE + DRV_RAM_BYTES / 2)
			d->next = ram;
		fake_host_forget(&d->host);
		one_step(d, &state);
		follow_decisions(d, open);
		served += fake_host_count(&d->host, MODEL_EV_REQUEST);
	}
	fake_host_forget(&d->host);
	fake_host_fail_at(&d->host, 0, FAKE_FAIL_NONE);
	wake(d);
	d->next = ram;
	drv_start(d, 0);
	follow_decisions(d, open);
	EXPECT_EQ(0, open[0] + open[1]);
	fake_host_forget(&d->host);
	r = drv_submit(d, 0, 4, 0, 0);
	EXPECT_EQ(2, drv_result(d, &r)); /* FLUSH was not negotiated */
	EXPECT_EQ(1, d->host.msis);
	drv_free(d);
	return served;
}

TEST(hostile_driver, cannot_harm_the_device)
{
	unsigned int served = 0;

	for (uint64_t seed = 1; seed <= 40; seed++) {
		TEST_ROW("seed %llu", (unsigned long long)seed);
		served += run_seed(seed);
	}
	EXPECT_LT(2000, served); /* it gets through to the requests */
}
