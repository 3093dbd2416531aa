/* SPDX-License-Identifier: MIT */
/*
 * The balloon and entropy drivers against the real models on the small machine:
 * queues and rungs by features, sizes that make no sense, unbinding, and each
 * service refused once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/pci/device_model.h"
#include "sim/flat/flat.h"
#include "tests/shim/gtest_c.h"

#define BDF 0x8u /* 00:01.0 */
#define MAX_PROPERTIES 32
/* 5.5.3, as masks; what follows 4 needs page_poison. */
#define STATS 0x02u
#define OOM 0x04u
#define HINT 0x08u
#define REPORTING 0x20u
#define ALL (0x01u | STATS | OOM | HINT | REPORTING)

struct bench {
	struct flat_machine *fm;
	const struct device_model *model;
	struct pci_function *fn;
	const struct guest_image *guest;
};

static const struct device_model *model_named(const char *name)
{
	size_t i;

	for (i = 0; device_catalogue[i]; i++)
		if (!strcmp(device_catalogue[i]->name, name))
			return device_catalogue[i];
	return NULL;
}

/* VIRTIO_F_VERSION_1 and these features. */
static bool bench_open(struct bench *b, const char *name, uint64_t features,
		       int entries)
{
	static struct flat_image *image;
	struct flat_config cfg = FLAT_CONFIG_DEFAULTS;
	struct device_value values[MAX_PROPERTIES] = { { 0 } };
	struct device_config device = {
		.id = "dev0", .interface = DEVICE_IF_MODERN,
		.msix_entries = entries, .intx_pin = 1, .values = values,
		.features = features | 1ull << 32,
	};
	struct device_error err = { 0 };
	struct pci_host *slot;
	char error[200] = "";
	size_t i;

	if (!image)
		image = flat_image_open(RINGSIDE_GUEST_DIR "/reference.so",
					error, sizeof(error));
	*b = (struct bench){ .fm = flat_create(&cfg),
			     .model = model_named(name) };
	if (!image || !b->fm || !b->model) {
		ADD_FAILURE("no bench: %s", error);
		return false;
	}
	for (i = 0; b->model->properties && b->model->properties[i].name; i++)
		values[i].i = b->model->properties[i].deflt;
	slot = flat_slot(b->fm, BDF);
	b->fn = b->model->create(&device, slot, &err);
	if (!b->fn) {
		ADD_FAILURE("no device: %s", err.text);
		return false;
	}
	flat_attach(b->fm, slot, b->fn);
	flat_image_reset(image);
	b->guest = image->guest;
	return true;
}

static void bench_close(struct bench *b)
{
	char leaks[2000];

	EXPECT_EQ(0, flat_shutdown(b->fm));
	if (flat_leaks(b->fm, leaks, sizeof(leaks)))
		ADD_FAILURE("left over:\n%s", leaks);
	EXPECT_STREQ("", flat_text(b->fm));
	flat_destroy(b->fm);
}

static uint32_t bar(struct bench *b, uint64_t offset, uint32_t width)
{
	return (uint32_t)b->fn->ops->bar_read(b->fn, 4, offset, width);
}

/* 4.1.4.3: queue_select 0x16, queue_enable 0x1c. */
static unsigned int queues_enabled(struct bench *b)
{
	unsigned int i, mask = 0;

	for (i = 0; i < 8; i++) {
		b->fn->ops->bar_write(b->fn, 4, 0x16, 2, i);
		mask |= (unsigned int)(bar(b, 0x1c, 2) == 1) << i;
	}
	return mask;
}

static uint32_t actual(struct bench *b)
{
	return bar(b, 0x2004, 4);
}

static void set_target(struct bench *b, uint32_t pages)
{
	const struct device_action *a = device_model_actions(b->model);
	struct device_value v = { .given = true, .i = pages };

	while (strcmp(a->name, "balloon.target"))
		a++;
	EXPECT_EQ(0, a->start(b->fn, &v));
	EXPECT_EQ(0, flat_settle(b->fm));
}

/* The rung that was tried last. */
static const char *rung(const struct bench *b)
{
	const struct flat_record *rec =
		flat_note(b->fm, MACHINE_NOTE_RUNG_END, NULL);

	return rec && !rec->result ? rec->text : "";
}

/* Queues that are not there have no number and want no vector. */
TEST(balloon, queues_and_rungs_by_features)
{
	static const struct {
		uint64_t features;
		int entries;
		unsigned int queues;
		const char *rung;
	} rows[] = {
		{ 0, 3, 0x03, "msix-per-queue" },
		{ 0, 2, 0x03, "msix-shared" },
		{ 0, 0, 0x03, "intx" },
		{ STATS, 4, 0x07, "msix-per-queue" },
		{ REPORTING, 4, 0x07, "msix-per-queue" },
		{ REPORTING, 3, 0x07, "msix-shared" },
		{ STATS | REPORTING, 5, 0x0f, "msix-per-queue" },
		{ HINT | REPORTING, 4, 0x0f, "msix-shared" },
		{ ALL, 6, 0x1f, "msix-per-queue" },
		{ ALL, 5, 0x1f, "msix-shared" },
		{ ALL, 0, 0x1f, "intx" },
	};
	struct bench b;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ASSERT_TRUE(bench_open(&b, "virtio-balloon", rows[i].features,
				       rows[i].entries));
		EXPECT_EQ(0, flat_boot(b.fm, b.guest));
		EXPECT_EQ(rows[i].queues, queues_enabled(&b));
		EXPECT_STREQ(rows[i].rung, rung(&b));
		set_target(&b, 300);
		EXPECT_EQ(300, actual(&b));
		bench_close(&b);
	}
}

TEST(balloon, pages_come_back)
{
	struct bench b;

	ASSERT_TRUE(bench_open(&b, "virtio-balloon", 0, -1));
	EXPECT_EQ(0, flat_boot(b.fm, b.guest));
	set_target(&b, 1000);
	EXPECT_EQ(1000, actual(&b));
	/* Not there for anybody else. */
	EXPECT_EQ(-12, flat_action(b.fm, "memory.take", "pages=3200"));
	EXPECT_EQ(0, flat_action(b.fm, "memory.give", NULL));
	set_target(&b, 1);
	EXPECT_EQ(1, actual(&b));
	EXPECT_EQ(0, flat_action(b.fm, "memory.take", "pages=3200"));
	EXPECT_EQ(0, flat_action(b.fm, "memory.give", NULL));
	set_target(&b, 600);
	EXPECT_EQ(0, flat_action(b.fm, "driver.unbind", "device=00:01.0"));
	EXPECT_EQ(0, flat_action(b.fm, "memory.take", "pages=3800"));
	bench_close(&b);
}

TEST(balloon, deflates_on_oom_as_far_as_it_has_to)
{
	struct bench b;

	ASSERT_TRUE(bench_open(&b, "virtio-balloon", OOM, -1));
	EXPECT_EQ(0, flat_boot(b.fm, b.guest));
	set_target(&b, 2000);
	EXPECT_EQ(0, flat_action(b.fm, "memory.take", "pages=2500"));
	EXPECT_TRUE(actual(&b) < 1600 && actual(&b) > 900);
	bench_close(&b);
}

/* More than there is: as much as there is, and the guest lives. */
TEST(balloon, absurd_target)
{
	struct bench b;

	ASSERT_TRUE(bench_open(&b, "virtio-balloon", 0, -1));
	EXPECT_EQ(0, flat_boot(b.fm, b.guest));
	set_target(&b, 0xffffffff);
	EXPECT_TRUE(actual(&b) > 3000 && actual(&b) < 4096);
	EXPECT_EQ(0, flat_action(b.fm, "driver.unbind", "device=00:01.0"));
	EXPECT_EQ(0, flat_action(b.fm, "driver.bind", "device=00:01.0"));
	set_target(&b, 0);
	EXPECT_EQ(0, actual(&b));
	bench_close(&b);
}

TEST(balloon, gone_while_inflated)
{
	struct bench b;

	ASSERT_TRUE(bench_open(&b, "virtio-balloon", ALL, -1));
	EXPECT_EQ(0, flat_boot(b.fm, b.guest));
	set_target(&b, 500);
	flat_unplug(b.fm, BDF);
	EXPECT_EQ(0, flat_action(b.fm, "driver.unbind", "device=00:01.0"));
	EXPECT_EQ(0, flat_live(b.fm, MACHINE_RES_MEMORY));
	bench_close(&b);
}

/* The nth time that it is asked, for all n that there are; each time the device
 * ends up either bound or as if it had never been. */
static unsigned int refuse_each(const char *model, uint64_t features,
				const char *point)
{
	struct bench b;
	unsigned int n;
	size_t rule;
	bool hit = true;

	for (n = 1; hit; n++) {
		if (!bench_open(&b, model, features, -1))
			return 0;
		rule = flat_fault(b.fm, point, BDF, n, 1, 12);
		EXPECT_EQ(0, flat_boot(b.fm, b.guest));
		hit = flat_fault_hits(b.fm, rule) > 0;
		/* A driver that failed has left nobody to be asked. */
		EXPECT_EQ(-12, flat_action(b.fm, "memory.take", "pages=4096"));
		EXPECT_EQ(0, flat_action(b.fm, "memory.give", NULL));
		bench_close(&b);
	}
	return n - 2;
}

TEST(balloon, each_service_is_refused_once)
{
	EXPECT_TRUE(refuse_each("virtio-balloon", ALL, "guest.mem.alloc") > 15);
	EXPECT_EQ(1, refuse_each("virtio-balloon", ALL,
				 "guest.mem.register_oom_notifier"));
	EXPECT_EQ(1, refuse_each("virtio-balloon", ALL,
				 "guest.mem.register_page_reporting"));
	EXPECT_EQ(1, refuse_each("virtio-balloon", ALL,
				 "guest.mem.register_shrinker"));
	EXPECT_TRUE(refuse_each("virtio-balloon", ALL, "guest.dma.map") > 0);
	EXPECT_TRUE(refuse_each("virtio-balloon", ALL, "guest.irq.request") > 5);
}

TEST(rng, each_service_is_refused_once)
{
	EXPECT_TRUE(refuse_each("virtio-rng", 0, "guest.mem.alloc") > 4);
	EXPECT_EQ(1, refuse_each("virtio-rng", 0, "guest.hwrng.register"));
}

TEST(rng, refused_mapping_is_an_error_of_the_read)
{
	struct bench b;

	ASSERT_TRUE(bench_open(&b, "virtio-rng", 0, -1));
	EXPECT_EQ(0, flat_boot(b.fm, b.guest));
	flat_fault(b.fm, "guest.dma.map", BDF, 1, 1, 12);
	EXPECT_EQ(-12, flat_action(b.fm, "rng.read", "device=00:01.0"));
	EXPECT_EQ(0, flat_action(b.fm, "rng.read", "device=00:01.0"));
	flat_unplug(b.fm, BDF);
	EXPECT_EQ(0, flat_action(b.fm, "driver.unbind", "device=00:01.0"));
	EXPECT_EQ(-19, flat_action(b.fm, "rng.read", "device=00:01.0"));
	bench_close(&b);
}
