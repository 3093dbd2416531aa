/* SPDX-License-Identifier: MIT */
/*
 * How a driver reads the capability list (virtio 1.2 4.1.4.2, 4.1.4.8.2): which
 * capabilities it uses of those that there are, and that it writes none.
 *
 * Of a capability that must be passed over, one sees the use by an access where
 * it points.  That a driver was put off by one is seen by a probe that fails
 * although all it needs is there, after it has read the list and before it has
 * touched the device.
 */
#include "sim/check/clauses/chapters.h"

#include "guestdrv/abi/machine.h"

#define CAP_VENDOR 0x09u
#define CAP_TYPE 3u                  /* of struct virtio_pci_cap, 4.1.4 */
#define CAP_VENDOR_ID 4u             /* of vendor data, 4.1.4.8 */
#define TYPE_SHARED 8u
#define TYPE_VENDOR 9u
#define REVISION 0x08u               /* PCI 3.0 6.1 */
#define BARS 6u
/* As far as that, structures are larger than they need be everywhere. */
#define LARGE 0x1000u
#define BAR_REGISTER 0x10u           /* PCI 3.0 6.2.5 */
#define BAR_IO 1u

struct state {
	uint32_t looked;     /* bit n: the driver has read cfg_type of caps[n] */
	uint32_t vendor_read;/* the same of a vendor's ID */
	uint64_t vendor_at;  /* event of the last read of vendor data; 0: none */
	bool driven;         /* it has written device_status */
	uint8_t asked;       /* bit n: all ones were written to BAR n */
	uint64_t sizes[BARS];/* 0: not known */
};

static bool covers(const struct access *a, uint32_t at, uint32_t bytes)
{
	return a->offset <= at && a->offset + a->width >= at + bytes;
}

/* ---- which capabilities are there for what ---- */

/* Bytes of the capability of a structure that has registers; 0: has none. */
static uint32_t bytes_of(unsigned int type)
{
	return type == VIEW_NOTIFY ? 20 :
	       type >= VIEW_COMMON && type <= VIEW_DEVICE ? 16 : 0;
}

static bool is_reserved_type(const struct view_cap *c)
{
	return !c->cfg_type || c->cfg_type > TYPE_VENDOR ||
	       (c->cfg_type > VIEW_PCI_CFG && c->cfg_type < TYPE_SHARED);
}

static bool is_usable(const struct state *s, const struct view_cap *c)
{
	return bytes_of(c->cfg_type) && c->len >= bytes_of(c->cfg_type) &&
	       c->bar < BARS &&
	       (uint64_t)c->offset + c->length <= s->sizes[c->bar];
}

/* NULL: there is none that is known to be. */
static const struct view_cap *first_usable(const struct reading *r,
					   unsigned int type)
{
	unsigned int i;

	for (i = 0; i < r->v->ncaps; i++) {
		const struct view_cap *c = &r->v->caps[i];

		if (c->vndr == CAP_VENDOR && c->cfg_type == type &&
		    is_usable(r->state, c))
			return c;
	}
	return NULL;
}

/* The clause by which this capability is to be passed over or put up with, and
 * which is put to the test by it; CLAUSE_NONE: it is as any other. */
static enum clause oddity(const struct reading *r, const struct view_cap *c)
{
	if (c->vndr != CAP_VENDOR)
		return CLAUSE_NONE;
	if (is_reserved_type(c))
		return CLAUSE_PCI_CAP_D1;
	if (!bytes_of(c->cfg_type))
		return CLAUSE_NONE;
	if (c->bar >= BARS)
		return CLAUSE_PCI_CAP_D4;
	if (!is_usable(r->state, c))
		return CLAUSE_NONE;
	if (first_usable(r, c->cfg_type) != c)
		return CLAUSE_PCI_CAP_D2;
	return c->len > bytes_of(c->cfg_type) ? CLAUSE_PCI_CAP_D3 : CLAUSE_NONE;
}

/* What its structure has in virtio 1.2; 0: that is not known. */
static uint32_t structure_bytes(const struct view *v, unsigned int type)
{
	static const struct {
		uint16_t type, bytes;
	} configs[] = { { 2, 0x48 }, { 5, 0x10 } }; /* 5.2.4, 5.5.4 */
	size_t i;

	if (type == VIEW_COMMON)
		return COMMON_BYTES;
	for (i = 0; i < sizeof(configs) / sizeof(configs[0]); i++)
		if (type == VIEW_DEVICE && v->type == configs[i].type)
			return configs[i].bytes;
	return type == VIEW_ISR;
}

/* The clause by which it may be of more than `most` bytes, if it is. */
static enum clause largeness(const struct reading *r, const struct view_cap *c,
			     uint32_t most)
{
	const uint32_t bytes = structure_bytes(r->v, c->cfg_type);

	if (c->vndr != CAP_VENDOR || !bytes || c->length <= bytes ||
	    c->length <= most || first_usable(r, c->cfg_type) != c)
		return CLAUSE_NONE;
	return c->cfg_type == VIEW_DEVICE ? CLAUSE_CFG_D4 : CLAUSE_PCI_CAP_D6;
}

/* 4.1.2.1: a transitional device has 0, the others 1 or more, of which 1 is what a
 * driver knows. */
static bool has_odd_revision(const struct view *v)
{
	const unsigned int id = v->config[2] | v->config[3] << 8;

	return v->known[REVISION] && v->config[REVISION] != (id >= 0x1040);
}

/* ---- the driver uses the device, or does not ---- */

/* It works with the list as it is. */
static void see_driven(struct reading *r)
{
	struct state *s = r->state;
	unsigned int i;

	s->driven = true;
	for (i = 0; i < r->v->ncaps; i++) {
		enum clause odd = oddity(r, &r->v->caps[i]);
		enum clause large = largeness(r, &r->v->caps[i], 0);

		if (odd)
			clause_kept(r, odd);
		if (large)
			clause_kept(r, large);
	}
	if (has_odd_revision(r->v))
		clause_kept(r, CLAUSE_PCI_DISC_D3);
	if (s->vendor_at)
		clause_kept(r, CLAUSE_PCI_VND_V5);
}

/* An access of a BAR, in no structure that it ought to use. */
static void judge_other(struct reading *r, const struct access *a)
{
	unsigned int i;

	for (i = 0; i < r->v->ncaps; i++) {
		const struct view_cap *c = &r->v->caps[i];
		enum clause odd = oddity(r, c);

		if (odd && odd != CLAUSE_PCI_CAP_D3 &&
		    c->bar == a->ev->index && a->ev->addr >= c->offset &&
		    a->ev->addr - c->offset < c->length)
			clause_broken(r, odd, "the driver accessed BAR %u at "
				      "0x%llx, which is of the capability at "
				      "0x%x alone: cfg_type %u, bar %u", c->bar,
				      (unsigned long long)a->ev->addr, c->at,
				      c->cfg_type, c->bar);
	}
}

/* Is all there that a driver needs, and did it look? */
static bool refused_soundness(const struct reading *r)
{
	const struct state *s = r->state;
	unsigned int type, i;

	for (type = VIEW_COMMON; type <= VIEW_ISR; type++)
		if (!first_usable(r, type))
			return false;
	for (i = 0; i < r->v->ncaps; i++)
		if (r->v->caps[i].vndr == CAP_VENDOR && !(s->looked >> i & 1))
			return false;
	return true;
}

/* A driver may have its reasons; where the list has something that it must put
 * up with and nothing that it may not, that is taken for one. */
static void __attribute__((noinline)) probe_failed(struct reading *r)
{
	const struct state *s = r->state;
	bool told = false;
	unsigned int i;

	if (s->driven || reading_disturbed(r) || !refused_soundness(r))
		return;
	for (i = 0; i < r->v->ncaps; i++) {
		const struct view_cap *c = &r->v->caps[i];
		enum clause odd = oddity(r, c);

		if (!odd)
			odd = largeness(r, c, LARGE);
		if (odd)
			clause_broken(r, odd, "the driver gave up a device whose "
				      "capability at 0x%x has cfg_type %u, bar "
				      "%u, cap_len %u, length 0x%x", c->at,
				      c->cfg_type, c->bar, c->len, c->length);
		told |= odd;
	}
	if (!told && has_odd_revision(r->v))
		clause_broken(r, CLAUSE_PCI_DISC_D3, "the driver gave up a "
			      "device with Revision ID %u",
			      r->v->config[REVISION]);
}

/* ---- configuration space ---- */

static void read_list(struct reading *r, const struct access *a)
{
	struct state *s = r->state;
	unsigned int i;

	for (i = 0; i < r->v->ncaps; i++) {
		const struct view_cap *c = &r->v->caps[i];

		if (covers(a, c->at + CAP_TYPE, 1))
			s->looked |= 1u << i;
		if (covers(a, c->at + CAP_VENDOR_ID, 2))
			s->vendor_read |= 1u << i;
		if (c->vndr == CAP_VENDOR && c->cfg_type == TYPE_VENDOR &&
		    access_touches(a, VIEW_CONFIG, c->at, c->len))
			s->vendor_at = a->ev->seq;
	}
}

/* What no device does but at an access of the driver, and the last one was a read
 * of vendor data.  Other effects that it might have are not looked for. */
static void see_change(struct reading *r)
{
	const struct state *s = r->state;

	if (s->vendor_at && r->ev->seq == s->vendor_at + 1)
		clause_broken(r, CLAUSE_PCI_VND_V5, "the device changed another "
			      "register when its vendor data was read");
}

/* Vendor data may be written by who knows the vendor; the window is made to be. */
static void write_list(struct reading *r, const struct access *a)
{
	const struct state *s = r->state;
	const struct view_cap *touched = NULL;
	unsigned int i;

	for (i = 0; i < r->v->ncaps; i++) {
		const struct view_cap *c = &r->v->caps[i];

		if (c->vndr != CAP_VENDOR || a->offset >= c->at + c->len ||
		    a->offset + a->width <= c->at)
			continue;
		if (c->cfg_type == TYPE_VENDOR)
			clause_judge(r, CLAUSE_PCI_VND_D2,
				     s->vendor_read >> i & 1,
				     "the driver wrote to 0x%x of vendor data "
				     "without having read whose it is",
				     a->offset);
		else if (c->cfg_type != VIEW_PCI_CFG ||
			 a->offset < c->at + CAP_TYPE + 1)
			touched = c;
	}
	clause_judge(r, CLAUSE_PCI_CAP_D8, !touched,
		     "the driver wrote 0x%x to 0x%x of configuration space, in "
		     "a virtio capability", (unsigned int)a->value, a->offset);
}

/* A shared memory region has 64 bits of offset and of length, the upper halves at
 * 16 and 20 of its capability. */
static void judge_shared(struct reading *r, unsigned int bar, uint64_t size)
{
	const uint8_t *config = r->v->config;
	unsigned int i, byte;

	for (i = 0; i < r->v->ncaps; i++) {
		const struct view_cap *c = &r->v->caps[i];
		uint64_t offset = c->offset, length = c->length;

		if (c->vndr != CAP_VENDOR || c->cfg_type != TYPE_SHARED ||
		    c->bar != bar || c->at + 24u > sizeof(r->v->config))
			continue;
		for (byte = 0; byte < 4; byte++) {
			offset |= (uint64_t)config[c->at + 16 + byte]
				  << (32 + 8 * byte);
			length |= (uint64_t)config[c->at + 20 + byte]
				  << (32 + 8 * byte);
		}
		clause_judge(r, CLAUSE_PCI_SHM_V1,
			     length <= size && offset <= size - length,
			     "shared memory region %u has 0x%llx bytes at "
			     "0x%llx, and BAR %u has 0x%llx", c->id,
			     (unsigned long long)length,
			     (unsigned long long)offset, bar,
			     (unsigned long long)size);
	}
}

/* PCI 3.0 6.2.5.1: after a write of all ones a base address shows its size.  What
 * is larger than 4 GiB is not followed. */
static void access_bar(struct reading *r, const struct access *a)
{
	struct state *s = r->state;
	unsigned int bar = (a->offset - BAR_REGISTER) / 4;
	uint32_t value = (uint32_t)a->value;
	uint32_t bits = value & BAR_IO ? (value | 0xffff0000u) & ~3u
				       : value & ~15u;

	if (a->width != 4 || a->offset % 4)
		return;
	if (a->write) {
		s->asked &= (uint8_t)~(1u << bar);
		s->asked |= (uint8_t)((value == UINT32_MAX) << bar);
	} else if (s->asked >> bar & 1 && bits && value != UINT32_MAX) {
		s->sizes[bar] = ~bits + 1u;
		judge_shared(r, bar, s->sizes[bar]);
	}
}

/* ---- the chapter ---- */

static void access(struct reading *r, const struct access *a)
{
	const struct state *s = r->state;

	if (a->part == VIEW_HEADER) {
		if (a->offset >= BAR_REGISTER &&
		    a->offset < BAR_REGISTER + 4 * BARS)
			access_bar(r, a);
		else if (a->write)
			write_list(r, a);
	} else if (a->part == VIEW_CONFIG) {
		if (a->write)
			write_list(r, a);
		else
			read_list(r, a);
	} else if (a->part == VIEW_OTHER) {
		judge_other(r, a);
	} else if (!s->driven && a->write && a->value &&
		   access_is(a, VIEW_COMMON, COMMON_DEVICE_STATUS, 1)) {
		see_driven(r);
	}
}

static void event(struct reading *r)
{
	if (r->ev->kind == EV_MODEL) {
		see_change(r);
		return;
	}
	if (r->ev->index == MACHINE_NOTE_PROBE_END && r->ev->len)
		probe_failed(r);
}

const struct chapter chapter_pci_cap_use = {
	.name = "pci_cap_use",
	.state = sizeof(struct state),
	.parts = VIEW_BIT(VIEW_HEADER) | VIEW_BIT(VIEW_CONFIG) |
		 VIEW_BIT(VIEW_OTHER) | VIEW_BIT(VIEW_COMMON),
	.registers = COMMON_BIT(COMMON_DEVICE_STATUS),
	.access = access,
	.kinds = 1ull << EV_NOTE,
	.models = 1ull << MODEL_EV_COMMAND | 1ull << MODEL_EV_MSIX_CONTROL |
		  1ull << MODEL_EV_STATUS | 1ull << MODEL_EV_CONFIG_VECTOR |
		  1ull << MODEL_EV_QUEUE_VECTOR,
	.event = event,
};
