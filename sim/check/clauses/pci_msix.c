/* SPDX-License-Identifier: MIT */
/*
 * What a driver does about interrupts: it maps vectors that there are and looks
 * what has become of it (virtio 1.2 4.1.5.1.2.2), which is seldom a refusal; with
 * MSI-X on, ISR status has nothing to tell it of a queue (4.1.4.5.2).
 */
#include "sim/check/clauses/chapters.h"

#define MSIX_ENABLE 0x8000u          /* PCI 3.0 6.8.2.3 */

struct state {
	bool config_mapped;  /* a vector was written and not read back */
	uint64_t queues_mapped; /* bit n: the same of queue n */
	bool changed;        /* the configuration did, and ISR status may say */
};

static bool msix_on(const struct view *v)
{
	return v->parts[VIEW_MSIX].known && v->msix_control & MSIX_ENABLE;
}

/* ---- vectors ---- */

static void judge_beyond(struct reading *r, const struct access *a)
{
	clause_judge(r, CLAUSE_PCI_MSIX_D4, a->value < r->v->msix_entries,
		     "the driver wrote vector %u, and the MSI-X table has %u",
		     (unsigned int)a->value, r->v->msix_entries);
}

/* NO_VECTOR takes a mapping away: there is nothing to look for. */
static bool write_vector(struct reading *r, const struct access *a,
			 bool unread)
{
	if (unread)
		clause_broken(r, CLAUSE_PCI_MSIX_D5, "the driver wrote vector "
			      "0x%x before it had read back the one before",
			      (unsigned int)a->value);
	if (a->value == VIEW_NO_VECTOR)
		return false;
	if (r->v->parts[VIEW_MSIX].known)
		judge_beyond(r, a);
	return true;
}

/* What shows that the device has taken the vector, or has not.  It may not where a
 * fault was injected, which is how a scenario has it refuse, or MSI-X is off. */
static void judge_refusal(struct reading *r, uint32_t written, uint32_t shown)
{
	if (!msix_on(r->v) || written >= r->v->msix_entries)
		return;
	if (shown == written)
		clause_kept(r, CLAUSE_PCI_MSIX_V8);
	else if (shown == VIEW_NO_VECTOR && !reading_disturbed(r))
		clause_broken(r, CLAUSE_PCI_MSIX_V8, "the device refused vector "
			      "%u of its %u", written, r->v->msix_entries);
}

static bool read_vector(struct reading *r, const struct access *a,
			uint32_t written, bool unread)
{
	if (!unread)
		return false;
	clause_kept(r, CLAUSE_PCI_MSIX_D5);
	judge_refusal(r, written, (uint32_t)a->value);
	return false;
}

static void access_queue_vector(struct reading *r, const struct access *a)
{
	struct state *s = r->state;
	unsigned int q = r->v->queue_select;
	bool unread = q < VIEW_QUEUES && s->queues_mapped >> q & 1;

	if (q >= VIEW_QUEUES)
		return;
	unread = a->write
		? write_vector(r, a, unread)
		: read_vector(r, a, r->v->queues[q].vector, unread);
	s->queues_mapped &= ~(1ull << q);
	s->queues_mapped |= (uint64_t)unread << q;
}

/* By DRIVER_OK it has looked at all of them. */
static void write_status(struct reading *r, const struct access *a)
{
	const struct state *s = r->state;

	if (a->value & STATUS_DRIVER_OK && !(r->v->status & STATUS_DRIVER_OK) &&
	    (s->config_mapped || s->queues_mapped))
		clause_broken(r, CLAUSE_PCI_MSIX_D5, "the driver set DRIVER_OK, "
			      "and never read back the vector of %s",
			      s->config_mapped ? "configuration changes"
					       : "a queue");
}

/* ---- ISR status ---- */

static bool any_used(const struct view *v)
{
	unsigned int i;

	for (i = 0; i < v->nqueues; i++)
		if (v->queues[i].pushed)
			return true;
	return false;
}

static void read_isr(struct reading *r)
{
	struct state *s = r->state;

	if (msix_on(r->v) && r->v->status & STATUS_DRIVER_OK && !s->changed &&
	    any_used(r->v))
		clause_broken(r, CLAUSE_PCI_ISR_D1, "the driver read ISR status "
			      "with MSI-X on, and the configuration had not "
			      "changed");
	s->changed = false;
}

/* ---- the chapter ---- */

static void access(struct reading *r, const struct access *a)
{
	struct state *s = r->state;

	if (a->part == VIEW_ISR && !a->write)
		read_isr(r);
	else if (access_is(a, VIEW_COMMON, COMMON_CONFIG_MSIX_VECTOR, 2))
		s->config_mapped = a->write
			? write_vector(r, a, s->config_mapped)
			: read_vector(r, a, r->v->config_vector,
				      s->config_mapped);
	else if (access_is(a, VIEW_COMMON, COMMON_QUEUE_MSIX_VECTOR, 2))
		access_queue_vector(r, a);
	else if (a->write && access_is(a, VIEW_COMMON, COMMON_DEVICE_STATUS, 1))
		write_status(r, a);
}

/* The configuration has changed, or the device has broken down and says so. */
static void event(struct reading *r)
{
	struct state *s = r->state;

	s->changed = true;
}

static void judge_isr_unread(struct reading *r)
{
	if (msix_on(r->v) && any_used(r->v))
		clause_kept(r, CLAUSE_PCI_ISR_D1);
}

static void reset(struct reading *r)
{
	struct state *s = r->state;

	judge_isr_unread(r);
	*s = (struct state){ 0 };
}

static void end(struct reading *r, bool rest)
{
	(void)rest;
	judge_isr_unread(r);
}

const struct chapter chapter_pci_msix = {
	.name = "pci_msix",
	.state = sizeof(struct state),
	.parts = VIEW_BIT(VIEW_ISR) | VIEW_BIT(VIEW_COMMON),
	.registers = COMMON_BIT(COMMON_CONFIG_MSIX_VECTOR) |
		     COMMON_BIT(COMMON_DEVICE_STATUS) |
		     COMMON_BIT(COMMON_QUEUE_MSIX_VECTOR),
	.access = access,
	.models = 1ull << MODEL_EV_CONFIG | 1ull << MODEL_EV_NEEDS_RESET,
	.event = event,
	.reset = reset,
	.end = end,
};
