/* SPDX-License-Identifier: MIT */
/*
 * MSI-X is turned off, with and without vectors that are still mapped.
 */
#include "sim/check/vectors.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/observe/feed.h"

struct setup {
	struct feed f;
	struct findings found;
	struct vector_check *c;
};

static void model(struct setup *s, enum model_event_kind kind, uint32_t index,
		  uint64_t value)
{
	feed_model(&s->f, 0, kind, index, value, NULL);
}

/* Configuration changes have vector 0, queue 3 has vector 2. */
static void begin(struct setup *s)
{
	feed_init(&s->f);
	findings_init(&s->found);
	s->c = vector_check_create(&s->f.world, s->f.bus, &s->found);
	model(s, MODEL_EV_MSIX_CONTROL, 0, 0x8002);
	model(s, MODEL_EV_CONFIG_VECTOR, 0xffff, 0);
	model(s, MODEL_EV_QUEUE_VECTOR, 3, 2);
}

static void end(struct setup *s, const char *phrase)
{
	EXPECT_EQ(phrase != NULL, s->found.count);
	if (phrase && s->found.count) {
		EXPECT_STREQ("vector-left-mapped", s->found.items[0].code);
		EXPECT_SUBSTR(s->found.items[0].text, phrase);
	}
	vector_check_destroy(s->c);
	findings_free(&s->found);
	feed_done(&s->f);
}

static void off(struct setup *s)
{
	model(s, MODEL_EV_MSIX_CONTROL, 0, 0x0002);
}

TEST(vectors, all_unmapped)
{
	struct setup s;

	begin(&s);
	model(&s, MODEL_EV_QUEUE_VECTOR, 3, 0xffff);
	model(&s, MODEL_EV_CONFIG_VECTOR, 0xffff, 0xffff);
	off(&s);
	end(&s, NULL);
}

TEST(vectors, a_queue_left_mapped)
{
	struct setup s;

	begin(&s);
	model(&s, MODEL_EV_CONFIG_VECTOR, 0xffff, 0xffff);
	off(&s);
	end(&s, "while vector 2 is mapped to queue 3");
}

TEST(vectors, configuration_changes_left_mapped)
{
	struct setup s;

	begin(&s);
	model(&s, MODEL_EV_QUEUE_VECTOR, 3, 0xffff);
	off(&s);
	end(&s, "while vector 0 is mapped to configuration changes");
}

TEST(vectors, a_device_is_told_of_once)
{
	struct setup s;

	begin(&s);
	off(&s);
	model(&s, MODEL_EV_MSIX_CONTROL, 0, 0x8002);
	off(&s);
	end(&s, "queue 3");
}

TEST(vectors, a_reset_unmaps)
{
	struct setup s;

	begin(&s);
	model(&s, MODEL_EV_RESET, 0xffff, 1);
	off(&s);
	end(&s, NULL);
}

TEST(vectors, a_mask_is_not_off)
{
	struct setup s;

	begin(&s);
	model(&s, MODEL_EV_MSIX_CONTROL, 0, 0xc002);
	end(&s, NULL);
}

TEST(vectors, a_write_that_does_not_arrive_is_not_the_drivers)
{
	static const char *const points[] = {
		"bus.mmio.write", "device.vector.none",
	};
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct setup s;

		begin(&s);
		feed_fault(&s.f, 0, points[i], 0, 1);
		off(&s);
		end(&s, NULL);
	}
}

TEST(vectors, other_faults_and_other_devices_excuse_nothing)
{
	struct setup s;

	begin(&s);
	feed_fault(&s.f, 0, "device.msix.queue_vector", 0, 1);
	feed_fault(&s.f, 1, "bus.mmio.write", 0, 1);
	off(&s);
	end(&s, "queue 3");
}
