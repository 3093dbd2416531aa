/* SPDX-License-Identifier: MIT */
/*
 * Device status field, virtio 1.2 2.1, and the order of initialization, 3.1.1,
 * as far as it shows in device_status.
 */
#include "sim/check/clauses/chapters.h"

/* 3.1.1: each bit comes after those before it in this order. */
static const uint8_t order[] = {
	STATUS_ACKNOWLEDGE, STATUS_DRIVER, STATUS_FEATURES_OK, STATUS_DRIVER_OK
};
/* What a driver may set; DEVICE_NEEDS_RESET is the device's. */
#define DRIVER_BITS 0x8fu
#define CONFIG_SOURCE 0xffffu        /* MODEL_EV_NOTIFY: of the configuration */

static bool in_order(uint8_t status)
{
	bool missing = false;
	size_t i;

	for (i = 0; i < sizeof(order); i++) {
		if (status & order[i] && missing)
			return false;
		missing |= !(status & order[i]);
	}
	return true;
}

static void write_status(struct reading *r, uint8_t before, uint8_t status)
{
	uint8_t added = status & (uint8_t)~before;

	clause_judge(r, CLAUSE_STAT_D2, !(before & DRIVER_BITS & ~status),
		     "the driver wrote 0x%x to device_status, which was 0x%x",
		     status, before);
	if (before & STATUS_FAILED && added)
		clause_broken(r, CLAUSE_STAT_D3, "the driver wrote 0x%x to "
			      "device_status after FAILED, without a reset",
			      status);
	if (status & STATUS_FAILED)
		return;
	clause_judge(r, CLAUSE_STAT_D1, in_order(status),
		     "the driver wrote 0x%x to device_status, which was 0x%x: "
		     "a bit before the ones it follows", status, before);
	if (added & STATUS_DRIVER_OK)
		clause_kept(r, CLAUSE_STAT_V2);
}

static void access(struct reading *r, const struct access *a)
{
	if (!a->write || r->v->legacy ||
	    !access_is(a, VIEW_COMMON, COMMON_DEVICE_STATUS, 1))
		return;
	if (!a->value && r->v->status & STATUS_FAILED)
		clause_kept(r, CLAUSE_STAT_D3);
	if (a->value)
		write_status(r, r->v->status, (uint8_t)a->value);
}

/* Of a device that was reset and not begun with again: reset.c. */
static void event(struct reading *r)
{
	const uint8_t status = r->v->status;

	if (r->ev->index != CONFIG_SOURCE && status && !r->v->legacy &&
	    !(status & STATUS_DRIVER_OK) && notify_interrupts(r->ev->value))
		clause_broken(r, CLAUSE_STAT_V2,
			      "the device sent a notification for queue %u "
			      "while device_status was 0x%x", r->ev->index,
			      status);
}

const struct chapter chapter_status = {
	.name = "status",
	.parts = VIEW_BIT(VIEW_COMMON),
	.registers = COMMON_BIT(COMMON_DEVICE_STATUS),
	.access = access,
	.models = 1ull << MODEL_EV_NOTIFY,
	.event = event,
};
