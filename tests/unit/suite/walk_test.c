/* SPDX-License-Identifier: MIT */
/*
 * Which files a folder stands for.
 */
#include <string.h>
#include <unistd.h>

#include "sim/suite/walk.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/suite/folder.h"

static char seen[1024];

static void see(void *arg, const char *file)
{
	(void)arg;
	strcat(seen, file);
	strcat(seen, "|");
}

static const char *walk(const char *path)
{
	seen[0] = '\0';
	return suite_walk(path, see, NULL) ? seen : "nothing there";
}

TEST(walk, folder_stands_for_scenarios_below_it_by_name)
{
	folder_enter();
	folder_file("d/b.yaml", "");
	folder_file("d/a/z.yaml", "");
	folder_file("d/c.yaml", "");
	EXPECT_STREQ("d/a/z.yaml|d/b.yaml|d/c.yaml|", walk("d"));
	EXPECT_STREQ("d/a/z.yaml|d/b.yaml|d/c.yaml|", walk("d/"));
	folder_leave();
}

TEST(walk, folder_leaves_out_what_is_no_scenario)
{
	folder_enter();
	folder_file("d/common.yaml", "");
	folder_file("d/.hidden.yaml", "");
	folder_file("d/.git/x.yaml", "");
	folder_file("d/notes.txt", "");
	folder_file("d/.yaml", "");
	folder_file("d/uncommon.yaml", "");
	EXPECT_STREQ("d/uncommon.yaml|", walk("d"));
	folder_leave();
}

TEST(walk, file_stands_for_itself)
{
	folder_enter();
	folder_file("common.yaml", "");
	folder_file("x.txt", "");
	EXPECT_STREQ("common.yaml|", walk("common.yaml"));
	EXPECT_STREQ("x.txt|", walk("x.txt"));
	EXPECT_STREQ("x.yaml[queues=1]|", walk("x.yaml[queues=1]"));
	folder_leave();
}

TEST(walk, what_is_not_there_is_told)
{
	folder_enter();
	EXPECT_STREQ("nothing there", walk("none"));
	EXPECT_STREQ("nothing there", walk(""));
	folder_leave();
}

TEST(walk, folder_that_leads_back_ends)
{
	folder_enter();
	folder_file("d/a.yaml", "");
	ASSERT_EQ(0, symlink(".", "d/loop"));
	EXPECT_SUBSTR(walk("d"), "d/a.yaml|d/loop/a.yaml|");
	folder_leave();
}
