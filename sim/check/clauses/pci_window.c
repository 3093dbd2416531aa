/* SPDX-License-Identifier: MIT */
/*
 * The window in configuration space through which a device's structures can be
 * reached (virtio 1.2 4.1.4.9): the driver aims it by bar, offset and length, and
 * an access of pci_cfg_data is one of what it is aimed at.
 */
#include "sim/check/clauses/chapters.h"

#define CAP_VENDOR 0x09u
#define CAP_BAR 4u
#define CAP_OFFSET 8u
#define CAP_LENGTH 12u
#define CAP_DATA 16u
#define CAP_BYTES 20u
#define CONFIG_BYTES 64u     /* of the device's own that are remembered */

/* Fields of common configuration that read as they were written, whatever the
 * device makes of them. */
static const struct {
	uint8_t at, width;
	const char *name;
} plain[] = {
	{ COMMON_DEVICE_FEATURE_SELECT, 4, "device_feature_select" },
	{ COMMON_DRIVER_FEATURE_SELECT, 4, "driver_feature_select" },
	{ COMMON_QUEUE_SELECT, 2, "queue_select" },
};
#define PLAIN (sizeof(plain) / sizeof(plain[0]))

struct state {
	bool aimed;          /* the driver has written one of these: */
	uint32_t bar, offset, length;
	/* The device's own configuration as read through its BAR. */
	uint8_t config[CONFIG_BYTES];
	uint64_t known;      /* bit n: byte n */
	/* What was written through the window and not through the BAR since. */
	bool written[PLAIN];
	uint32_t values[PLAIN];
};

static const struct view_cap *window_of(const struct view *v)
{
	unsigned int i;

	for (i = 0; i < v->ncaps; i++)
		if (v->caps[i].vndr == CAP_VENDOR &&
		    v->caps[i].cfg_type == VIEW_PCI_CFG)
			return &v->caps[i];
	return NULL;
}

static bool is_aimed_at(const struct state *s, const struct view_region *p)
{
	return p->known && p->bar == s->bar && s->offset >= p->offset &&
	       (uint64_t)s->offset + s->length <= p->offset + p->length;
}

/* ---- aiming ---- */

static void aim(struct state *s, const struct view_cap *c,
		const struct access *a)
{
	uint32_t at = a->offset - c->at;

	if (!s->aimed) {
		s->bar = c->bar;
		s->offset = c->offset;
		s->length = c->length;
	}
	s->aimed = true;
	if (at == CAP_BAR)
		s->bar = (uint8_t)a->value;
	else if (at == CAP_OFFSET && a->width == 4)
		s->offset = (uint32_t)a->value;
	else if (at == CAP_LENGTH && a->width == 4)
		s->length = (uint32_t)a->value;
}

static bool in_structure(const struct reading *r)
{
	const struct state *s = r->state;
	unsigned int i;

	for (i = 0; i < r->v->ncaps; i++) {
		const struct view_cap *c = &r->v->caps[i];
		const struct view_region p = { true, c->bar, c->offset,
					       c->length };

		if (c->vndr == CAP_VENDOR && c->cfg_type != VIEW_PCI_CFG &&
		    is_aimed_at(s, &p))
			return true;
	}
	return false;
}

static void judge_aim(struct reading *r)
{
	const struct state *s = r->state;

	clause_judge(r, CLAUSE_PCI_WIN_D1,
		     s->length && s->offset % s->length == 0,
		     "the driver used the window with offset 0x%x and length %u",
		     s->offset, s->length);
	if (s->length)
		clause_judge(r, CLAUSE_PCI_WIN_D2, in_structure(r),
			     "the driver used the window for BAR %u, offset "
			     "0x%x, which no structure has", s->bar, s->offset);
}

/* ---- through the window ---- */

/* Which plain field is all of what it is aimed at, or PLAIN. */
static size_t plain_field(const struct reading *r)
{
	const struct state *s = r->state;
	const struct view_region *p = &r->v->parts[VIEW_COMMON];
	size_t i = PLAIN;

	if (is_aimed_at(s, p))
		for (i = 0; i < PLAIN; i++)
			if (s->offset - p->offset == plain[i].at &&
			    s->length == plain[i].width)
				break;
	return i;
}

static void judge_written(struct reading *r, size_t i, uint32_t value)
{
	struct state *s = r->state;

	if (s->written[i])
		clause_judge(r, CLAUSE_PCI_WIN_V2, value == s->values[i],
			     "%s showed 0x%x after 0x%x was written through the "
			     "window", plain[i].name, value, s->values[i]);
}

static void judge_config(struct reading *r, uint32_t value)
{
	const struct state *s = r->state;
	uint64_t at = s->offset - r->v->parts[VIEW_DEVICE].offset;
	uint32_t expected = 0, i;

	if (!is_aimed_at(s, &r->v->parts[VIEW_DEVICE]) ||
	    at + s->length > CONFIG_BYTES)
		return;
	for (i = 0; i < s->length; i++) {
		if (!(s->known >> (at + i) & 1))
			return;
		expected |= (uint32_t)s->config[at + i] << 8 * i;
	}
	clause_judge(r, CLAUSE_PCI_WIN_V3, value == expected,
		     "the window showed 0x%x for 0x%llx of the device's "
		     "configuration, which is 0x%x", value,
		     (unsigned long long)at, expected);
}

static void use(struct reading *r, const struct access *a)
{
	struct state *s = r->state;
	uint32_t value = (uint32_t)a->value;
	size_t field;

	judge_aim(r);
	if ((s->length != 1 && s->length != 2 && s->length != 4) ||
	    a->width < s->length)
		return;
	value &= (uint32_t)(UINT64_MAX >> (64 - 8 * s->length));
	field = plain_field(r);
	if (!a->write) {
		if (field < PLAIN)
			judge_written(r, field, value);
		judge_config(r, value);
		return;
	}
	if (field < PLAIN) {
		s->written[field] = true;
		s->values[field] = value;
	}
	if (is_aimed_at(s, &r->v->parts[VIEW_DEVICE]))
		s->known = 0;
}

/* ---- through the BAR ---- */

static void access_config(struct state *s, const struct access *a)
{
	uint32_t i;

	for (i = 0; i < a->width && a->offset + i < CONFIG_BYTES; i++) {
		uint32_t at = a->offset + i;

		s->config[at] = (uint8_t)(a->value >> 8 * i);
		s->known &= ~(1ull << at);
		s->known |= (uint64_t)!a->write << at;
	}
}

static void access_common(struct reading *r, const struct access *a)
{
	struct state *s = r->state;
	size_t i;

	for (i = 0; i < PLAIN; i++) {
		if (a->offset != plain[i].at)
			continue;
		if (a->write)
			s->written[i] = false;
		else
			judge_written(r, i, (uint32_t)a->value);
	}
}

static void access_window(struct reading *r, const struct access *a)
{
	struct state *s = r->state;
	const struct view_cap *c = window_of(r->v);

	if (!c || a->offset < c->at || a->offset >= c->at + CAP_BYTES)
		return;
	if (a->offset == c->at + CAP_DATA) {
		if (s->aimed)
			use(r, a);
	} else if (a->write) {
		aim(s, c, a);
	}
}

static void access(struct reading *r, const struct access *a)
{
	struct state *s = r->state;

	if ((a->part == VIEW_COMMON && !s->aimed) || access_unanswered(a))
		return;
	if (a->part == VIEW_DEVICE)
		access_config(s, a);
	else if (a->part == VIEW_COMMON)
		access_common(r, a);
	else if (a->part == VIEW_CONFIG)
		access_window(r, a);
}

/* What was known of its registers is so no longer. */
static void event(struct reading *r)
{
	struct state *s = r->state;
	size_t i;

	s->known = 0;
	for (i = 0; i < PLAIN; i++)
		s->written[i] &= r->ev->len != MODEL_EV_RESET;
}

const struct chapter chapter_pci_window = {
	.name = "pci_window",
	.state = sizeof(struct state),
	.parts = VIEW_BIT(VIEW_COMMON) | VIEW_BIT(VIEW_DEVICE) |
		 VIEW_BIT(VIEW_CONFIG),
	.access = access,
	.models = 1ull << MODEL_EV_CONFIG | 1ull << MODEL_EV_RESET,
	.event = event,
};
