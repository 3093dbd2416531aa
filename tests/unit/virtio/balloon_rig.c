/* SPDX-License-Identifier: MIT */
/*
 * The balloon's rig; see balloon_rig.h.
 */
#include "tests/unit/virtio/balloon_rig.h"

#include <string.h>

#include "models/pci/registers.h"

struct drv *bal_new(bool discard)
{
	return drv_new(&(struct drv_options){
		.model = "virtio-balloon", .offer = F_ALL,
		.set = { { "discard", discard } },
	});
}

struct drv *bal_start(bool discard, uint64_t features)
{
	struct drv *d = bal_new(discard);

	drv_start(d, features);
	fake_host_forget(&d->host);
	return d;
}

uint32_t bal_page(struct drv *d)
{
	d->next = (d->next + 4095) & ~4095ull;
	return (uint32_t)(drv_alloc(d, 4096) >> 12);
}

void bal_put32(struct drv *d, uint64_t addr, uint32_t value)
{
	drv_put16(d, addr, (uint16_t)value);
	drv_put16(d, addr + 2, (uint16_t)(value >> 16));
}

void bal_send(struct drv *d, uint16_t q, uint64_t addr, uint32_t len,
	      uint16_t flags)
{
	struct drv_buf buf = { addr, len, flags };

	drv_publish(d, q, drv_chain(d, q, &buf, 1));
	drv_kick(d, q);
	drv_run(d);
}

void bal_pfns(struct drv *d, uint16_t q, const uint32_t *pfns, uint32_t n)
{
	uint64_t at = drv_alloc(d, 4 * n);

	for (uint32_t i = 0; i < n; i++)
		bal_put32(d, at + 4 * i, pfns[i]);
	bal_send(d, q, at, 4 * n, 0);
}

void bal_expect_used(struct drv *d, uint16_t q, uint32_t len)
{
	uint32_t id, got;

	EXPECT_TRUE(drv_used(d, q, &id, &got));
	EXPECT_EQ(len, got);
	EXPECT_FALSE(drv_used(d, q, &id, &got));
}

int bal_act(struct drv *d, const char *action, int64_t value)
{
	const struct device_value values[1] = { { .given = true, .i = value } };
	const struct device_action *a =
		device_model_actions(drv_model_named("virtio-balloon"));
	int result;

	while (strcmp(a->name, action))
		a++;
	result = a->start(d->fn, values);
	drv_run(d);
	return result;
}

uint64_t bal_read(struct drv *d, const char *group, const char *field)
{
	const struct device_reading *r =
		device_model_readings(drv_model_named("virtio-balloon"));
	uint64_t value;

	while (strcmp(r->name, group))
		r++;
	return r->get(d->fn, reg_find(r->fields, field), &value) ? value
								 : UINT64_MAX;
}

unsigned int bal_errors(struct drv *d)
{
	return fake_host_count(&d->host, MODEL_EV_GUEST_ERROR);
}
