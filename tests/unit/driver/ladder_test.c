/* SPDX-License-Identifier: MIT */
/*
 * The ladder of interrupt modes: each rung, each way down to it, and what is
 * left of a rung that failed (virtio 1.2, 4.1.5.1.2).
 */
#include <errno.h>
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/driver/rig.h"

struct way {
	const char *name;
	const char *point;       /* NULL: no fault */
	uint32_t index;          /* or FLAT_ANY */
	uint64_t nth, times;
	int error;
	int64_t queues;
	int32_t msix_entries;
	uint32_t cpu_vectors;
	uint8_t pin;
	const char *rung;        /* it ends on */
	int result;              /* of the probe */
	size_t vectors, handlers;/* held while bound */
};

#define ALLOC "guest.pci.alloc_irq_vectors"
#define REQUEST "guest.irq.request"
#define CONFIG "device.msix.config_vector"
#define QUEUE "device.msix.queue_vector"
#define ANY FLAT_ANY

static const struct way ways[] = {
	{ "one queue", NULL, ANY, 0, 0, 0, 1, -1, 224, 1,
	  "msix-per-queue", 0, 2, 2 },
	{ "four queues", NULL, ANY, 0, 0, 0, 4, -1, 224, 1,
	  "msix-per-queue", 0, 5, 5 },
	{ "1st allocation refused", ALLOC, ANY, 1, 1, ENOSPC, 4, -1, 224, 1,
	  "msix-shared", 0, 2, 2 },
	{ "two allocations refused", ALLOC, ANY, 1, 2, ENOSPC, 4, -1, 224, 1,
	  "intx", 0, 0, 1 },
	{ "request_irq(config) refused", REQUEST, ANY, 1, 1, EBUSY, 4, -1, 224,
	  1, "msix-shared", 0, 2, 2 },
	{ "request_irq(queue 1) refused", REQUEST, ANY, 3, 1, EBUSY, 4, -1, 224,
	  1, "msix-shared", 0, 2, 2 },
	{ "request_irq refused on both", REQUEST, ANY, 1, 2, EBUSY, 4, -1, 224,
	  1, "intx", 0, 0, 1 },
	{ "request_irq refused always", REQUEST, ANY, 1, 0, EBUSY, 4, -1, 224,
	  1, "", -EBUSY, 0, 0 },
	{ "config vector not mapped, once", CONFIG, ANY, 1, 1, 0, 4, -1, 224,
	  1, "msix-shared", 0, 2, 2 },
	{ "config vector never mapped", CONFIG, ANY, 1, 0, 0, 4, -1, 224, 1,
	  "intx", 0, 0, 1 },
	{ "queue 0 not mapped, once", QUEUE, 0, 1, 1, 0, 4, -1, 224, 1,
	  "msix-shared", 0, 2, 2 },
	{ "queue 3 not mapped, once", QUEUE, 3, 1, 1, 0, 4, -1, 224, 1,
	  "msix-shared", 0, 2, 2 },
	{ "queue 3 never mapped", QUEUE, 3, 1, 0, 0, 4, -1, 224, 1,
	  "intx", 0, 0, 1 },
	{ "no MSI-X capability", NULL, ANY, 0, 0, 0, 4, 0, 224, 1,
	  "intx", 0, 0, 1 },
	{ "table of 1", NULL, ANY, 0, 0, 0, 4, 1, 224, 1, "intx", 0, 0, 1 },
	{ "table of 2", NULL, ANY, 0, 0, 0, 4, 2, 224, 1,
	  "msix-shared", 0, 2, 2 },
	{ "table of 2 for one queue", NULL, ANY, 0, 0, 0, 1, 2, 224, 1,
	  "msix-per-queue", 0, 2, 2 },
	{ "table of 4 for four queues", NULL, ANY, 0, 0, 0, 4, 4, 224, 1,
	  "msix-shared", 0, 2, 2 },
	{ "no CPU vectors", NULL, ANY, 0, 0, 0, 4, -1, 0, 1, "intx", 0, 0, 1 },
	{ "4 CPU vectors", NULL, ANY, 0, 0, 0, 4, -1, 4, 1,
	  "msix-shared", 0, 2, 2 },
	{ "5 CPU vectors", NULL, ANY, 0, 0, 0, 4, -1, 5, 1,
	  "msix-per-queue", 0, 5, 5 },
	{ "no MSI-X and no pin", NULL, ANY, 0, 0, 0, 4, 0, 224, 0,
	  "", -EINVAL, 0, 0 },
	{ "no vectors and no pin", NULL, ANY, 0, 0, 0, 4, -1, 0, 0,
	  "", -ENOSPC, 0, 0 },
	{ "refused with ENOMEM and no pin", ALLOC, ANY, 1, 0, ENOMEM, 4, -1,
	  224, 0, "", -ENOMEM, 0, 0 },
	{ "irq 0 and no MSI-X", "guest.pci.irq_zero", ANY, 1, 1, 0, 4, 0, 224,
	  1, "", -EINVAL, 0, 0 },
	{ "no vector at all maps, no pin", CONFIG, ANY, 1, 0, 0, 4, -1, 224, 0,
	  "", -EBUSY, 0, 0 },
};

static struct rig *take_way(const struct way *w)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;

	o.queues = w->queues;
	o.msix_entries = w->msix_entries;
	o.cpu_vectors = w->cpu_vectors;
	o.pin = w->pin;
	r = rig_open(&o);
	if (r && w->point)
		flat_fault_at(r->fm, w->point, RIG_BDF, w->index, w->nth,
			      w->times, w->error);
	return r;
}

/* What a machine holds whose driver gave up before it took anything. */
static size_t held_after_nothing(void)
{
	struct rig *r = rig_open(NULL);
	size_t held = 0;

	if (r) {
		flat_fault(r->fm, "device.features_ok", RIG_BDF, 1, 1, 0);
		EXPECT_EQ(-ENODEV, rig_boot(r));
		held = flat_live(r->fm, MACHINE_RES_COUNT);
		rig_close(r);
	}
	return held;
}

TEST(driver_ladder, each_way_ends_where_it_should)
{
	size_t i, nothing = held_after_nothing();

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		const struct way *w = &ways[i];
		struct rig *r;

		TEST_ROW("%s", w->name);
		r = take_way(w);
		ASSERT_TRUE(r);
		EXPECT_EQ(w->result, rig_boot(r));
		EXPECT_STREQ(w->rung, rig_rung(r));
		EXPECT_EQ(w->vectors,
			  flat_live(r->fm, MACHINE_RES_IRQ_VECTOR));
		EXPECT_EQ(w->handlers,
			  flat_live(r->fm, MACHINE_RES_IRQ_HANDLER));
		EXPECT_EQ(w->result ? -ENODEV : 0,
			  rig_do(r, "blk.read", "depth=4"));
		if (w->result)
			EXPECT_EQ(nothing,
				  flat_live(r->fm, MACHINE_RES_COUNT));
		rig_close(r);
	}
}

static bool owner_named(const struct rig *r, const char *name)
{
	return rig_notes(r, MACHINE_NOTE_IRQ_OWNER, name) == 1;
}

TEST(driver_ladder, handlers_have_the_names_that_linux_gives)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;

	o.queues = 2;
	r = rig_open(&o);
	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_TRUE(owner_named(r, "virtio0-config"));
	EXPECT_TRUE(owner_named(r, "virtio0-req.0"));
	EXPECT_TRUE(owner_named(r, "virtio0-req.1"));
	rig_close(r);

	o.msix_entries = 2;
	r = rig_open(&o);
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_TRUE(owner_named(r, "virtio0-config"));
	EXPECT_TRUE(owner_named(r, "virtio0-virtqueues"));
	rig_close(r);

	o.msix_entries = 0;
	r = rig_open(&o);
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_TRUE(owner_named(r, "virtio0"));
	EXPECT_EQ(1, rig_notes(r, MACHINE_NOTE_IRQ_OWNER, NULL));
	rig_close(r);
}

/* 4.1.5.1.2.2: the driver MUST read a vector back after writing it. */
static unsigned int readbacks_missing;
static bool expect_readback;

static uint64_t note_readback(struct meddler *m, uint32_t bar, uint64_t offset,
			      uint32_t width, uint64_t value)
{
	(void)m;
	(void)width;
	if (bar == 4 && (offset == 0x10 || offset == 0x1a))
		expect_readback = false;
	return value;
}

static bool demand_readback(struct meddler *m, uint32_t bar, uint64_t offset,
			    uint32_t width, uint64_t *value)
{
	(void)m;
	(void)width;
	(void)value;
	if (bar != 4)
		return true;
	if (expect_readback)
		readbacks_missing++;
	expect_readback = offset == 0x10 || offset == 0x1a;
	return true;
}

TEST(driver_ladder, every_vector_is_read_back)
{
	struct rig *r = rig_open(NULL);

	ASSERT_TRUE(r);
	readbacks_missing = 0;
	expect_readback = false;
	r->dev->on_bar_read = note_readback;
	r->dev->on_bar_write = demand_readback;
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_EQ(0, readbacks_missing);
	EXPECT_EQ(1, rig_notes(r, MACHINE_NOTE_SERVICE,
			       "config vector read-back"));
	EXPECT_EQ(1, rig_notes(r, MACHINE_NOTE_SERVICE,
			       "queue 0 vector read-back"));
	rig_close(r);
}

/* A device that shows another vector than was written has not mapped it. */
static uint64_t show_wrong_vector(struct meddler *m, uint32_t bar,
				  uint64_t offset, uint32_t width,
				  uint64_t value)
{
	(void)m;
	(void)width;
	return bar == 4 && offset == 0x1a && value != 0xffff ? 7 : value;
}

TEST(driver_ladder, another_vector_than_asked_for_is_a_failure)
{
	struct rig *r = rig_open(NULL);

	ASSERT_TRUE(r);
	r->dev->on_bar_read = show_wrong_vector;
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_STREQ("intx", rig_rung(r));
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

TEST(driver_ladder, with_intx_no_vector_is_written)
{
	struct rig_options o = RIG_DEFAULTS;
	uint64_t v[4];
	struct rig *r;

	o.msix_entries = 0;
	r = rig_open(&o);
	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_EQ(0, rig_writes(r, 0x10, v, 4));
	EXPECT_EQ(0, rig_writes(r, 0x1a, v, 4));
	rig_close(r);
}

TEST(driver_ladder, rungs_are_told_in_order_with_their_errors)
{
	struct rig_options o = RIG_DEFAULTS;
	const struct flat_record *rec;
	struct rig *r;

	o.pin = 0;
	r = rig_open(&o);
	ASSERT_TRUE(r);
	flat_fault(r->fm, ALLOC, RIG_BDF, 1, 2, ENOSPC);
	EXPECT_EQ(-ENOSPC, rig_boot(r));
	EXPECT_EQ(3, rig_notes(r, MACHINE_NOTE_RUNG_BEGIN, NULL));
	rec = flat_note(r->fm, MACHINE_NOTE_RUNG_END, "msix-per-queue");
	EXPECT_EQ(-ENOSPC, rec->result);
	rec = flat_note(r->fm, MACHINE_NOTE_RUNG_END, "msix-shared");
	EXPECT_EQ(-ENOSPC, rec->result);
	rec = flat_note(r->fm, MACHINE_NOTE_RUNG_END, "intx");
	EXPECT_EQ(-ENODEV, rec->result);
	EXPECT_TRUE(flat_logged(r->fm, "no INTx: no interrupt pin"));
	rig_close(r);
}

TEST(driver_ladder, irq_0_is_no_line)
{
	struct rig_options o = RIG_DEFAULTS;
	const struct flat_record *rec;
	struct rig *r;

	o.msix_entries = 0;
	r = rig_open(&o);
	ASSERT_TRUE(r);
	flat_fault(r->fm, "guest.pci.irq_zero", RIG_BDF, 1, 1, 0);
	EXPECT_EQ(-EINVAL, rig_boot(r));
	rec = flat_note(r->fm, MACHINE_NOTE_RUNG_END, "intx");
	EXPECT_EQ(-ENODEV, rec->result);
	EXPECT_TRUE(flat_logged(r->fm, "no INTx: irq 0"));
	rig_close(r);
}

/* Whatever a rung took is given back before the next: handlers of the first
 * are released before the second asks for vectors. */
TEST(driver_ladder, a_rung_is_torn_down_before_the_next)
{
	struct rig_options o = RIG_DEFAULTS;
	size_t i, owned = 0, rungs = 0;
	uint64_t v[4] = { 0 };
	struct rig *r;

	o.queues = 4;
	r = rig_open(&o);
	ASSERT_TRUE(r);
	flat_fault_at(r->fm, QUEUE, RIG_BDF, 3, 1, 0, 0);
	EXPECT_EQ(0, rig_boot(r));
	for (i = 0; i < flat_records(r->fm); i++) {
		const struct flat_record *rec = flat_record(r->fm, i);

		if (rec->kind != FLAT_REC_NOTE)
			continue;
		if (rec->event == MACHINE_NOTE_IRQ_OWNER)
			owned++;
		if (rec->event == MACHINE_NOTE_IRQ_RELEASED)
			owned--;
		if (rec->event != MACHINE_NOTE_RUNG_BEGIN)
			continue;
		rungs++;
		EXPECT_EQ(0, owned);
	}
	EXPECT_EQ(3, rungs);
	/* Both events were mapped and unmapped on two rungs. */
	EXPECT_EQ(4, rig_writes(r, 0x10, v, 4));
	EXPECT_EQ(0, v[0]);
	EXPECT_EQ(0xffff, v[1]);
	EXPECT_EQ(0, v[2]);
	EXPECT_EQ(0xffff, v[3]);
	rig_close(r);
}
