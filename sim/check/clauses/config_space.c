/* SPDX-License-Identifier: MIT */
/*
 * The device's configuration space, virtio 1.2 2.5: which fields a driver may
 * look at, and how it finds out that they changed while it read them.
 */
#include "sim/check/clauses/chapters.h"

#include <string.h>

#define BIT(n) (1ull << (n))
#define SEEN_BYTES 64u

/* Fields that are there only with a feature: 5.2.4 and 5.5.4. */
static const struct field {
	uint16_t type;
	uint8_t at, bytes, feature;
	const char *name;
} fields[] = {
	{ 2, 8, 4, 1, "size_max" },
	{ 2, 12, 4, 2, "seg_max" },
	{ 2, 16, 4, 4, "geometry" },
	{ 2, 20, 4, 6, "blk_size" },
	{ 2, 24, 8, 10, "topology" },
	{ 2, 32, 1, 11, "writeback" },
	{ 2, 34, 2, 12, "num_queues" },
	{ 2, 36, 12, 13, "max_discard_sectors" },
	{ 2, 48, 9, 14, "max_write_zeroes_sectors" },
	{ 2, 60, 12, 16, "max_secure_erase_sectors" },
	{ 5, 8, 4, 3, "free_page_hint_cmd_id" },
	{ 5, 12, 4, 4, "poison_val" },
};

/* Fields of more than 32 bits. */
static const struct field wide[] = {
	{ 2, 0, 8, 0, "capacity" },
};

/* A wide field that is read bit by bit. */
struct wide_read {
	bool known;          /* generation was read, no field since */
	uint32_t generation; /* as read then */
	uint8_t seen;        /* bit n: byte n of the field was read since */
	bool bare;           /* without a generation before it */
	bool torn;           /* it changed meanwhile: to be read again */
};

struct state {
	struct wide_read wide;
	uint8_t early[SEEN_BYTES]; /* as read before FEATURES_OK */
	uint64_t known;      /* bit n: of byte n */
};

static bool overlaps(const struct field *f, const struct view *v,
		     const struct access *a)
{
	return f->type == v->type &&
	       access_touches(a, VIEW_DEVICE, f->at, f->bytes);
}

static void judge_optional(struct reading *r, const struct access *a)
{
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (overlaps(&fields[i], r->v, a))
			clause_judge(r, CLAUSE_CFG_D3,
				     r->v->offered >> fields[i].feature & 1,
				     "the driver accessed %s, which is there "
				     "only with feature %u", fields[i].name,
				     fields[i].feature);
}

/* ---- in one piece ---- */

/* What was begun is used now, as it was read. */
static void settle(struct reading *r, struct wide_read *w)
{
	if (w->seen == 0xff)
		clause_broken(r, CLAUSE_CFG_D2,
			      "the driver read %s and did not look at "
			      "config_generation afterwards", wide[0].name);
	if (w->torn)
		clause_broken(r, CLAUSE_CFG_D1,
			      "config_generation moved while the driver read "
			      "%s, and the driver did not read it again",
			      wide[0].name);
	w->seen = 0;
	w->torn = false;
}

static void read_wide(struct reading *r, struct wide_read *w,
		      const struct access *a)
{
	const uint8_t bytes = (uint8_t)(((1u << a->width) - 1) << a->offset);

	if (w->torn)
		clause_kept(r, CLAUSE_CFG_D1);
	w->torn = false;
	if (w->seen & bytes)
		settle(r, w);
	if (!w->seen)
		w->bare = !w->known;
	w->seen |= bytes;
}

static void read_generation(struct reading *r, struct wide_read *w,
			    uint32_t generation)
{
	if (w->seen == 0xff) {
		clause_judge(r, CLAUSE_CFG_D2, !w->bare,
			     "the driver read %s and had not looked at "
			     "config_generation before", wide[0].name);
		w->torn = !w->bare && generation != w->generation;
	}
	w->seen = 0;
	w->known = true;
	w->generation = generation;
}

/* ---- before and after FEATURES_OK ---- */

static void compare(struct reading *r, struct state *s, const struct access *a)
{
	const bool late = r->v->status & STATUS_FEATURES_OK;
	uint32_t i, at;

	for (i = 0; i < a->width && a->offset + i < SEEN_BYTES; i++) {
		const uint8_t byte = (uint8_t)(a->value >> 8 * i);

		at = a->offset + i;
		if (!late) {
			s->early[at] = byte;
			s->known |= BIT(at);
		} else if (s->known >> at & 1) {
			clause_judge(r, CLAUSE_CFG_V1, s->early[at] == byte,
				     "the device showed 0x%x in byte %u of its "
				     "configuration before FEATURES_OK, and "
				     "0x%x after it", s->early[at], at, byte);
		}
	}
}

/* ---- */

static void access(struct reading *r, const struct access *a)
{
	struct state *s = r->state;

	if (a->part == VIEW_DEVICE) {
		judge_optional(r, a);
		if (a->write)
			s->known = 0;
		else
			compare(r, s, a);
		if (!a->write && overlaps(&wide[0], r->v, a))
			read_wide(r, &s->wide, a);
	} else if (access_is(a, VIEW_COMMON, COMMON_CONFIG_GENERATION, 1)) {
		if (!a->write)
			read_generation(r, &s->wide, (uint32_t)a->value);
	} else if (access_is(a, VIEW_COMMON, COMMON_DEVICE_STATUS, 1) &&
		   a->write && a->value) {
		settle(r, &s->wide);
	}
}

/* The device has changed it. */
static void event(struct reading *r)
{
	struct state *s = r->state;

	s->known = 0;
}

static void reset(struct reading *r)
{
	memset(r->state, 0, sizeof(struct state));
}

static void end(struct reading *r, bool rest)
{
	struct state *s = r->state;

	if (rest)
		settle(r, &s->wide);
}

const struct chapter chapter_config_space = {
	.name = "configuration space",
	.state = sizeof(struct state),
	.parts = VIEW_BIT(VIEW_COMMON) | VIEW_BIT(VIEW_DEVICE),
	.registers = COMMON_BIT(COMMON_CONFIG_GENERATION) |
		     COMMON_BIT(COMMON_DEVICE_STATUS),
	.access = access,
	.models = 1ull << MODEL_EV_CONFIG,
	.event = event,
	.reset = reset,
	.end = end,
};
