/* SPDX-License-Identifier: MIT */
/*
 * Finding and loading guests and models.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/scenario/fakes.h"

/* The libraries are built beside the test as scenario_test_*.so. */
#define LIBS SCENARIO_TEST_LIBS

static bool has(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

TEST(catalogue, added_guests_and_models_are_found)
{
	struct catalogue *c = fake_catalogue();
	const char *error = NULL;
	const struct loaded_guest *g = catalogue_guest(c, "fake", ".", &error);

	ASSERT_TRUE(g);
	EXPECT_EQ(&fake_image, g->image);
	EXPECT_EQ(&fake_model, catalogue_model(c, "fake-disk", ".", &error));
	EXPECT_TRUE(has(catalogue_guest_names(c), "fake"));
	EXPECT_TRUE(has(catalogue_model_names(c), "fake-disk"));
	EXPECT_TRUE(has(catalogue_model_names(c), "virtio-blk"));
	catalogue_destroy(c);
}

TEST(catalogue, built_in_model)
{
	struct catalogue *c = catalogue_create();
	const char *error = NULL;
	const struct device_model *m = catalogue_model(c, "virtio-blk", ".",
						       &error);

	ASSERT_TRUE(m);
	EXPECT_STREQ("virtio-blk", m->name);
	catalogue_destroy(c);
}

TEST(catalogue, guest_on_the_search_path)
{
	const struct loaded_guest *g;
	const char *error = NULL;
	struct catalogue *c;

	setenv("RINGSIDE_GUEST_PATH", "/nowhere:" LIBS, 1);
	c = catalogue_create();
	unsetenv("RINGSIDE_GUEST_PATH");
	EXPECT_TRUE(has(catalogue_guest_names(c), "scenario_test_guest"));
	g = catalogue_guest(c, "scenario_test_guest", ".", &error);
	ASSERT_TRUE(g);
	EXPECT_STREQ("scenario_test_guest", g->name);
	EXPECT_STREQ("lib", g->image->name);
	/* CRC-32 (zlib) of its build id, the bytes 00 11 22 33. */
	EXPECT_EQ(0x24c2316d, g->crc);
	EXPECT_LE(g->text_start, (uintptr_t)g->image->boot);
	EXPECT_GT(g->text_end, (uintptr_t)g->image->boot);
	EXPECT_LT(g->text_end - g->text_start, 1 << 20);
	/* Loaded once. */
	EXPECT_EQ(g, catalogue_guest(c, "scenario_test_guest", ".", &error));
	catalogue_destroy(c);
}

TEST(catalogue, by_path)
{
	struct catalogue *c = catalogue_create();
	const char *error = NULL;
	const struct loaded_guest *g =
		catalogue_guest(c, "./scenario_test_guest.so", LIBS, &error);
	const struct device_model *m;

	ASSERT_TRUE(g);
	EXPECT_STREQ("./scenario_test_guest.so", g->name);
	EXPECT_TRUE(catalogue_guest(c, LIBS "/scenario_test_guest.so",
				    "/nowhere", &error));
	m = catalogue_model(c, "./scenario_test_model.so", LIBS, &error);
	EXPECT_STREQ("lib-model", m->name);
	EXPECT_TRUE(m->actions);
	EXPECT_FALSE(device_model_actions(m));
	EXPECT_FALSE(device_model_readings(m));
	EXPECT_TRUE(catalogue_model(c, "./scenario_test_model.so", LIBS,
				    &error));
	catalogue_destroy(c);
}

TEST(catalogue, what_is_wrong_is_told_without_the_path)
{
	struct catalogue *c = fake_catalogue();
	const char *error = NULL;

	EXPECT_FALSE(catalogue_guest(c, "./no.so", LIBS, &error));
	EXPECT_STREQ("there is no file './no.so'; a guest's path is relative"
		     " to the scenario's folder", error);
	EXPECT_FALSE(catalogue_guest(c, "./scenario_test_empty.so", LIBS,
				     &error));
	EXPECT_STREQ("'./scenario_test_empty.so' exports no ringside_guest()",
		     error);
	EXPECT_FALSE(catalogue_model(c, "./scenario_test_empty.so", LIBS,
				     &error));
	EXPECT_STREQ("'./scenario_test_empty.so' exports no"
		     " ringside_device()", error);
	EXPECT_FALSE(catalogue_guest(c, "./scenario_test_old.so", LIBS,
				     &error));
	EXPECT_STREQ("'./scenario_test_old.so' was built for version 7 of the"
		     " interface, this program has 1", error);
	EXPECT_FALSE(catalogue_model(c, "./scenario_test_old.so", LIBS,
				     &error));
	EXPECT_SUBSTR(error, "'./scenario_test_old.so' was built for an older"
			     " interface (8 bytes where");
	EXPECT_FALSE(catalogue_model(c, "virtio-nothing", ".", &error));
	EXPECT_SUBSTR(error, "no device model 'virtio-nothing'; there is: ");
	EXPECT_FALSE(catalogue_guest(c, "nobody", ".", &error));
	EXPECT_SUBSTR(error, "no guest 'nobody' in lib/ringside/guests and"
			     " guests beside the program,"
			     " RINGSIDE_GUEST_PATH, and the user's own;"
			     " there is: ");
	catalogue_destroy(c);
}

TEST(catalogue, where_a_user_keeps_images)
{
	char dir[64], small[8];

	setenv("XDG_DATA_HOME", "/data", 1);
	EXPECT_TRUE(catalogue_user_dir(dir, sizeof(dir)));
	EXPECT_STREQ("/data/ringside/guests", dir);
	EXPECT_FALSE(catalogue_user_dir(small, sizeof(small)));
	setenv("XDG_DATA_HOME", "not/absolute", 1);
	setenv("HOME", "/me", 1);
	EXPECT_TRUE(catalogue_user_dir(dir, sizeof(dir)));
	EXPECT_STREQ("/me/.local/share/ringside/guests", dir);
	unsetenv("HOME");
	EXPECT_FALSE(catalogue_user_dir(dir, sizeof(dir)));
}

TEST(catalogue, guests_that_a_build_may_be_without)
{
	EXPECT_TRUE(catalogue_guest_optional("linux-6.12"));
	EXPECT_TRUE(catalogue_guest_optional("linux-6.1"));
	EXPECT_FALSE(catalogue_guest_optional("reference"));
}

TEST(catalogue, machine_fault_points_end)
{
	size_t n = 0;

	while (machine_fault_points[n].name && n < 100)
		n++;
	EXPECT_LT(n, 100);
}
