/* SPDX-License-Identifier: MIT */
/*
 * Files that appear whole or not at all.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/cli/output.h"
#include "tests/shim/gtest_c.h"

static char folder[64];

static const char *in_folder(const char *name)
{
	static char path[128];

	if (!folder[0]) {
		strcpy(folder, "/tmp/ringside-output.XXXXXX");
		if (!mkdtemp(folder))
			abort();
	}
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static int files_in_folder(void)
{
	DIR *d = opendir(folder);
	const struct dirent *e;
	int n = 0;

	while (d && (e = readdir(d)))
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

static const char *contents(const char *path)
{
	static char text[256];
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

	text[n] = '\0';
	if (f)
		fclose(f);
	return text;
}

static void write_old(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	fputs(text, f);
	fclose(f);
}

static void clean(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	EXPECT_EQ(0, system(command));
	folder[0] = '\0';
}

TEST(output, a_file_appears_when_it_is_closed)
{
	const char *path = in_folder("new.txt");
	struct output_file *f = output_open(path);
	struct stat st;

	ASSERT_NE(NULL, f);
	EXPECT_TRUE(output_write(f, "hello ", 6));
	EXPECT_TRUE(output_write(f, "there", 5));
	EXPECT_NE(0, access(path, F_OK));
	EXPECT_TRUE(output_close(f, true));
	EXPECT_STREQ("hello there", contents(path));
	EXPECT_EQ(0, stat(path, &st));
	EXPECT_EQ(0, st.st_mode & 0111);
	EXPECT_NE(0, st.st_mode & 0200);
	EXPECT_EQ(1, files_in_folder());
	clean();
}

TEST(output, what_failed_leaves_the_old_file)
{
	const char *path = in_folder("old.txt");
	struct output_file *f;

	write_old(path, "old");
	f = output_open(path);
	ASSERT_NE(NULL, f);
	output_write(f, "half", 4);
	EXPECT_FALSE(output_close(f, false));
	EXPECT_STREQ("old", contents(path));
	EXPECT_EQ(1, files_in_folder());
	clean();
}

TEST(output, an_old_file_is_replaced)
{
	const char *path = in_folder("old.txt");
	struct output_file *f;

	write_old(path, "something longer");
	f = output_open(path);
	ASSERT_NE(NULL, f);
	output_write(f, "new", 3);
	EXPECT_TRUE(output_close(f, true));
	EXPECT_STREQ("new", contents(path));
	clean();
}

TEST(output, a_link_keeps_pointing)
{
	char target[128];
	const char *path;
	struct output_file *f;
	struct stat st;

	strcpy(target, in_folder("target.txt"));
	write_old(target, "old");
	path = in_folder("link.txt");
	ASSERT_EQ(0, symlink(target, path));
	f = output_open(path);
	ASSERT_NE(NULL, f);
	output_write(f, "new", 3);
	EXPECT_TRUE(output_close(f, true));
	EXPECT_STREQ("new", contents(target));
	EXPECT_EQ(0, lstat(path, &st));
	EXPECT_TRUE(S_ISLNK(st.st_mode));
	clean();
}

TEST(output, what_cannot_be_opened_is_told)
{
	EXPECT_EQ(NULL, output_open("/no/such/folder/x.txt"));
	EXPECT_EQ(NULL, output_open("/tmp"));
}

TEST(output, a_full_device_is_an_error)
{
	struct output_file *f = output_open("/dev/full");
	struct stat st;

	ASSERT_NE(NULL, f);
	EXPECT_FALSE(output_write(f, "text", 4));
	EXPECT_FALSE(output_close(f, true));
	EXPECT_EQ(0, stat("/dev/full", &st));
	EXPECT_TRUE(S_ISCHR(st.st_mode));
}

TEST(output, a_device_stays_one)
{
	struct output_file *f = output_open("/dev/null");
	struct stat st;

	ASSERT_NE(NULL, f);
	EXPECT_TRUE(output_write(f, "text", 4));
	EXPECT_TRUE(output_close(f, true));
	EXPECT_EQ(0, stat("/dev/null", &st));
	EXPECT_TRUE(S_ISCHR(st.st_mode));
}

/* Standard output becomes `path` for one call. */
static bool to_stdout(const char *path, int flags)
{
	int saved = dup(STDOUT_FILENO), fd = open(path, flags, 0600);
	struct textbuf t;
	bool ok;

	fflush(stdout);
	dup2(fd, STDOUT_FILENO);
	close(fd);
	textbuf_init(&t);
	textbuf_text(&t, "text");
	ok = output_stdout(&t);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	return ok;
}

TEST(output, standard_output)
{
	const char *path = in_folder("stdout");

	EXPECT_TRUE(to_stdout(path, O_WRONLY | O_CREAT));
	EXPECT_STREQ("text", contents(path));
	EXPECT_FALSE(to_stdout("/dev/full", O_WRONLY));
	clean();
}

/* Whoever reads is gone: an error, and no signal that kills. */
TEST(output, a_closed_pipe)
{
	int saved = dup(STDOUT_FILENO), fds[2];
	struct textbuf t;

	output_init();
	ASSERT_EQ(0, pipe(fds));
	fflush(stdout);
	dup2(fds[1], STDOUT_FILENO);
	close(fds[0]);
	close(fds[1]);
	textbuf_init(&t);
	textbuf_text(&t, "text");
	EXPECT_FALSE(output_stdout(&t));
	dup2(saved, STDOUT_FILENO);
	close(saved);
}

TEST(output, no_colour_where_nobody_sees_it)
{
	int saved = dup(STDOUT_FILENO), fd = open("/dev/null", O_WRONLY);

	fflush(stdout);
	dup2(fd, STDOUT_FILENO);
	close(fd);
	EXPECT_FALSE(output_colour());
	dup2(saved, STDOUT_FILENO);
	close(saved);
}

TEST(output, no_color_is_honoured_on_a_terminal)
{
	int saved = dup(STDOUT_FILENO), terminal = posix_openpt(O_RDWR);

	if (terminal < 0)
		FAIL("no pseudo-terminal here");
	grantpt(terminal);
	unlockpt(terminal);
	fflush(stdout);
	dup2(terminal, STDOUT_FILENO);
	setenv("TERM", "xterm", 1);
	unsetenv("NO_COLOR");
	EXPECT_TRUE(output_colour());
	setenv("NO_COLOR", "1", 1);
	EXPECT_FALSE(output_colour());
	setenv("NO_COLOR", "", 1);
	EXPECT_TRUE(output_colour());
	setenv("TERM", "dumb", 1);
	EXPECT_FALSE(output_colour());
	dup2(saved, STDOUT_FILENO);
	close(saved);
	close(terminal);
}
