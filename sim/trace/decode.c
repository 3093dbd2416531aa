/* SPDX-License-Identifier: MIT */
/*
 * Looks up names for the numbers in an event.
 */
#include "sim/trace/decode.h"

#include "models/pci/function.h"
#include "models/pci/registers.h"
#include "sim/fault/fault.h"
#include "sim/observe/pattern.h"

static const char *const fates[] = {
	[MODEL_NOTIFY_SENT] = "sent",
	[MODEL_NOTIFY_PENDING] = "pending",
	[MODEL_NOTIFY_INTX] = "intx",
	[MODEL_NOTIFY_SUPPRESSED] = "suppressed",
	[MODEL_NOTIFY_NO_VECTOR] = "no-vector",
	[MODEL_NOTIFY_DROPPED] = "dropped",
};

/* Rows ascend by offset and do not overlap: the last one that begins at or before
 * the offset is the only candidate. */
static const struct reg *in_block(const struct reg_block *block, uint64_t offset)
{
	size_t low = 0, high = block->count, middle;
	const struct reg *r;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (block->regs[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	r = &block->regs[low - 1];
	return offset - r->offset < r->width ? r : NULL;
}

const struct reg *decode_row(const struct world *w, const struct event *ev,
			     uint64_t *at)
{
	const struct device_registers *r;
	const struct device_model *m;
	const struct reg *row;
	uint32_t bar;

	if (ev->kind > EV_IO_WRITE || ev->device >= w->ndevices)
		return NULL;
	m = w->devices[ev->device].model;
	bar = ev->kind <= EV_CONFIG_WRITE ? DEVICE_REGS_CONFIG : ev->index;
	for (r = m ? m->registers : NULL; r && r->block; r++) {
		if (r->bar != bar || ev->addr < r->offset)
			continue;
		row = in_block(r->block, ev->addr - r->offset);
		if (!row)
			continue;
		*at = r->offset + row->offset;
		return row;
	}
	return NULL;
}

const char *decode_register(const struct world *w, const struct event *ev)
{
	uint64_t at;
	const struct reg *row = decode_row(w, ev, &at);

	return row ? row->name : NULL;
}

const char *decode_kind(const struct event *ev)
{
	if (ev->kind == EV_NOTE)
		return note_kind_name(ev->index);
	if (ev->kind == EV_MODEL)
		return model_event_name(ev->len);
	return event_kind_name((enum event_kind)ev->kind);
}

const char *decode_value(const struct event *ev)
{
	if (ev->kind == EV_MODEL && ev->len == MODEL_EV_NOTIFY)
		return ev->value < sizeof(fates) / sizeof(fates[0]) ?
		       fates[ev->value] : NULL;
	if (ev->kind == EV_FAULT)
		return fault_errno_name((int)ev->value);
	if (ev->kind == EV_NOTE && (int32_t)ev->len < 0)
		return fault_errno_name(-(int32_t)ev->len);
	if (ev->kind == EV_STEP_END && (int64_t)ev->value < 0 &&
	    (int64_t)ev->value > -4096)
		return fault_errno_name((int)-(int64_t)ev->value);
	return NULL;
}
