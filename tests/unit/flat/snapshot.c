/* SPDX-License-Identifier: MIT */
/*
 * Guest images as shared objects, and snapshots of the small machine.
 */
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/flat/fixture.h"

static struct flat_image *open_guest(void)
{
	char error[256];
	struct flat_image *img;

	img = flat_image_open(FLAT_TEST_GUEST, error, sizeof(error));
	if (!img)
		ADD_FAILURE("%s", error);
	return img;
}

TEST(flat_image, a_missing_file_or_another_library_is_refused)
{
	char error[256];

	EXPECT_TRUE(flat_image_open("/nonexistent.so", error, sizeof(error)) ==
		    NULL);
	EXPECT_SUBSTR(error, "nonexistent.so");
	EXPECT_TRUE(flat_image_open("libz.so.1", error, sizeof(error)) == NULL);
	EXPECT_STREQ("libz.so.1 exports no ringside_guest", error);
}

/* The guest refuses to boot when its variables are not fresh. */
TEST(flat_image, a_reset_makes_the_variables_fresh)
{
	struct flat_image *img = open_guest();
	int i;

	ASSERT_TRUE(img != NULL);
	for (i = 0; i < 3; i++) {
		struct flat_machine *fm = flat_create(NULL);

		EXPECT_EQ(0, flat_boot(fm, img->guest));
		/* 6 + 1 + 1 + 16 pages of 1 */
		EXPECT_EQ(-24, flat_action(fm, "test.count", NULL));
		EXPECT_EQ(-43, flat_action(fm, "test.count", NULL));
		EXPECT_EQ(0, flat_shutdown(fm));
		EXPECT_EQ(2, flat_live(fm, MACHINE_RES_COUNT));
		flat_destroy(fm);
		flat_image_reset(img);
	}
	flat_image_close(img);
}

TEST(flat_image, without_a_reset_a_second_boot_sees_the_first)
{
	struct flat_image *img = open_guest();
	struct flat_machine *fm = flat_create(NULL);

	ASSERT_TRUE(img != NULL);
	EXPECT_EQ(0, flat_boot(fm, img->guest));
	EXPECT_EQ(-24, flat_action(fm, "test.count", NULL));
	flat_destroy(fm);
	fm = flat_create(NULL);
	EXPECT_EQ(-1, flat_boot(fm, img->guest));
	flat_destroy(fm);
	flat_image_close(img);
}

/* Everything that test.count answers from goes back. */
static void count_twice(struct flat_machine *fm, int before)
{
	EXPECT_EQ(before - 19, flat_action(fm, "test.count", NULL));
	EXPECT_EQ(before - 38, flat_action(fm, "test.count", NULL));
}

TEST(flat_snapshot, all_goes_back_again_and_again)
{
	struct flat_image *img = open_guest();
	struct flat_machine *fm = flat_create(NULL);
	struct flat_counters counters;
	size_t live, records;
	int i;

	ASSERT_TRUE(img != NULL);
	EXPECT_EQ(0, flat_boot(fm, img->guest));
	EXPECT_EQ(-24, flat_action(fm, "test.count", NULL));
	ASSERT_TRUE(flat_snapshot(fm, img));
	counters = *flat_counters(fm);
	live = flat_live(fm, MACHINE_RES_COUNT);
	records = flat_records(fm);
	for (i = 0; i < 50; i++) {
		TEST_ROW("turn %d", i);
		count_twice(fm, -24);
		EXPECT_EQ(live + 2, flat_live(fm, MACHINE_RES_COUNT));
		if (i % 3 == 0) {
			EXPECT_EQ(FLAT_BUG,
				  flat_action(fm, "test.crash", NULL));
			EXPECT_STREQ("double-free", flat_code(fm));
		}
		flat_restore(fm, NULL, NULL);
		EXPECT_STREQ("", flat_code(fm));
		EXPECT_EQ(live, flat_live(fm, MACHINE_RES_COUNT));
		EXPECT_EQ(records, flat_records(fm));
		EXPECT_MEMEQ(&counters, flat_counters(fm), sizeof(counters));
	}
	EXPECT_EQ(-43, flat_action(fm, "test.count", NULL));
	/* A snapshot taken later replaces the first. */
	ASSERT_TRUE(flat_snapshot(fm, img));
	count_twice(fm, -43);
	flat_restore(fm, NULL, NULL);
	count_twice(fm, -43);
	flat_destroy(fm);
	flat_image_close(img);
}

TEST(flat_snapshot, before_boot)
{
	struct flat_image *img = open_guest();
	struct flat_machine *fm = flat_create(NULL);
	int i;

	ASSERT_TRUE(img != NULL);
	flat_info(fm)->ram[5000] = 1;
	ASSERT_TRUE(flat_snapshot(fm, img));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(FLAT_USAGE, flat_action(fm, "test.count", NULL));
		EXPECT_EQ(1, flat_info(fm)->ram[5000]);
		memset(flat_info(fm)->ram + 4096, 0, 8192);
		EXPECT_EQ(0, flat_boot(fm, img->guest));
		EXPECT_EQ(-24, flat_action(fm, "test.count", NULL));
		EXPECT_EQ(2, flat_live(fm, MACHINE_RES_COUNT));
		flat_restore(fm, NULL, NULL);
	}
	flat_destroy(fm);
	flat_image_close(img);
}

static unsigned int rebuilt;

static struct pci_function *rebuild(void *arg, struct pci_host *slot,
				    uint32_t bdf)
{
	EXPECT_EQ(MACHINE_BDF(0, 1, 0), bdf);
	rebuilt++;
	stub.fn.host = slot;
	stub.answer = *(const uint64_t *)arg;
	return &stub.fn;
}

static int write_and_read(void *arg)
{
	(void)arg;
	EXPECT_EQ(77, calls->read(m, MACHINE_MEM, STUB_MEM, 4));
	calls->line_enable(m, 1, 0, true);
	return 0;
}

TEST(flat_snapshot, functions_are_made_anew)
{
	struct flat_machine *fm = flat_test_machine(NULL);
	struct pci_host *h = stub.fn.host;
	uint64_t answer = 77;

	rebuilt = 0;
	ASSERT_TRUE(flat_snapshot(fm, NULL));
	EXPECT_TRUE(flat_slot(fm, MACHINE_BDF(0, 9, 0)) == NULL);
	/* All of the host's side has changed. */
	h->ops->window(h, 0, PCI_WINDOW_NONE, 0, 0);
	h->ops->intx(h, 1, true);
	h->ops->msi(h, 0, 0xfee00000, 40);
	h->ops->lane_schedule(h, 3, 0);
	h->ops->lane_schedule(h, 4, 1000);
	flat_unplug(fm, MACHINE_BDF(0, 1, 0));
	flat_restore(fm, rebuild, &answer);
	EXPECT_EQ(1, stub.destroyed);
	EXPECT_EQ(1, rebuilt);
	EXPECT_EQ(0, in_guest(fm, write_and_read));
	EXPECT_EQ(0, flat_settle(fm));
	EXPECT_STREQ("", irqs);
	EXPECT_STREQ("", stub.lanes);
	flat_destroy(fm);
	EXPECT_EQ(2, stub.destroyed);
}
