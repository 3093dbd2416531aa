/* SPDX-License-Identifier: MIT */
/*
 * Runs the compiler twice: for the file, and to join it with kernel.o.
 */
#define _GNU_SOURCE
#include "sim/lab/image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/lab/lab.h"

#define PATH_BYTES 4200u
#define ARGS 24u

/* Where everything is that is not the student's. */
struct places {
	char kernel[PATH_BYTES]; /* kernel.o */
	char flags[PATH_BYTES];  /* @FILE: how the file is compiled */
	char share[PATH_BYTES];  /* above guestdrv/ */
	char own[PATH_BYTES];    /* the compiler's own headers */
};

const char *image_compiler(void)
{
	const char *cc = getenv("CC"), *dir;
	char *path, *copy, *save = NULL, try[PATH_BYTES];
	bool gcc = false;

	if (cc && *cc)
		return cc;
	path = getenv("PATH");
	copy = strdup(path ? path : "/usr/bin:/bin");
	if (!copy)
		return "cc";
	for (dir = strtok_r(copy, ":", &save); dir && !gcc;
	     dir = strtok_r(NULL, ":", &save)) {
		snprintf(try, sizeof(try), "%s/gcc", dir);
		gcc = !access(try, X_OK);
	}
	free(copy);
	return gcc ? "gcc" : "cc";
}

/* ---- one tool ---- */

/* Runs it to its end, what it prints goes to *said; what it needs for a while
 * goes to `dir`, if not NULL.  Its exit code; 127 where there is no such program,
 * -1 where no process is to be had. */
static int run_tool(const char *const *argv, const char *dir,
		    struct textbuf *said)
{
	char part[4096];
	int fds[2], status = -1;
	ssize_t n = 1;
	pid_t pid;

	if (pipe(fds))
		return -1;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		setenv("LC_ALL", "C", 1);
		if (dir)
			setenv("TMPDIR", dir, 1);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	close(fds[1]);
	while (pid > 0 && (n > 0 || (n < 0 && errno == EINTR))) {
		n = read(fds[0], part, sizeof(part));
		if (n > 0)
			textbuf_bytes(said, part, (size_t)n);
	}
	close(fds[0]);
	if (pid > 0)
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The folder of gcc's or clang's stdarg.h and stdbool.h. */
static bool own_headers(const char *cc, struct places *p)
{
	const char *const ask[] = { cc, "-print-file-name=include", NULL };
	struct textbuf said;
	bool found;

	textbuf_init(&said);
	found = !run_tool(ask, NULL, &said) && said.len > 1 &&
		said.len < sizeof(p->own);
	if (found)
		snprintf(p->own, sizeof(p->own), "%.*s", (int)said.len - 1,
			 said.data);
	textbuf_free(&said);
	return found;
}

static bool find_places(struct places *p)
{
	return lab_place(p->kernel, sizeof(p->kernel),
			 "lib/ringside/lab/kernel.o") &&
	       lab_place(p->flags, sizeof(p->flags), "share/ringside/lab/flags") &&
	       lab_place(p->share, sizeof(p->share), "share/ringside") &&
	       !access(p->kernel, R_OK) && !access(p->flags, R_OK);
}

/* ---- compile, link ---- */

static int compile(const char *cc, const struct places *p, const char *file,
		   const char *dir, const char *object, struct textbuf *said)
{
	char at[PATH_BYTES + 8], map[PATH_BYTES + 40], include[PATH_BYTES + 40];
	char here[PATH_BYTES];
	const char *const argv[] = {
		cc, at, "-isystem", p->own, "-isystem", include, "-isystem",
		p->share, map, "-c", "-o", object, file, NULL,
	};

	if (!getcwd(here, sizeof(here)))
		return -1;
	snprintf(at, sizeof(at), "@%s", p->flags);
	snprintf(include, sizeof(include), "%s/guestdrv/include", p->share);
	/* Names in reports are as the student named the file. */
	snprintf(map, sizeof(map), "-ffile-prefix-map=%s=.", here);
	return run_tool(argv, dir, said);
}

static int join(const char *cc, const struct places *p, const char *dir,
		const char *object, const char *image, struct textbuf *said)
{
	char exports[PATH_BYTES + 80];
	const char *const argv[] = {
		cc, "-shared", "-nostdlib", "-Wl,--no-undefined",
		"-Wl,--build-id", exports, "-o", image, object, p->kernel,
		"-lgcc", NULL,
	};

	snprintf(exports, sizeof(exports),
		 "-Wl,--version-script=%s/guestdrv/kernel/exports.map",
		 p->share);
	return run_tool(argv, dir, said);
}

static enum image_result trouble(struct textbuf *said, const char *text)
{
	textbuf_printf(said, "ringside: %s\n", text);
	return IMAGE_TROUBLE;
}

static enum image_result no_compiler(struct textbuf *said, const char *cc)
{
	textbuf_printf(said, "ringside: no C compiler: %s cannot be run; install "
		       "gcc, or name one in CC\n", cc);
	return IMAGE_NO_COMPILER;
}

/* Behind "WORD" and an optional colon, where the line has it; else the line. */
static const char *behind(const char *line, const char *word)
{
	const char *at = strstr(line, word);

	if (!at)
		return line;
	at += strlen(word);
	return *at == ':' ? at + 1 : at;
}

/* The linker's name and the object's are no help: "find.c:12: undefined
 * reference to `f'" remains. */
static void plain_words(struct textbuf *said, struct textbuf *linker,
			const char *object)
{
	char *save = NULL, *line;
	const char *at;

	for (line = linker->data ? strtok_r(linker->data, "\n", &save) : NULL;
	     line; line = strtok_r(NULL, "\n", &save)) {
		if (strstr(line, ": in function `") ||
		    !strncmp(line, "collect2:", 9))
			continue;
		at = behind(behind(line, "ld: "), object);
		textbuf_printf(said, "%s\n", strncmp(at, "./", 2) ? at : at + 2);
	}
}

/* What somebody misses who has only written programs so far. */
static enum image_result not_compiled(struct textbuf *said)
{
	if (said->data && strstr(said->data, ".h: No such file"))
		textbuf_text(said, "ringside: there is no libc here: what there "
			     "is, linux/ and lab.h declare\n");
	return IMAGE_NOT_COMPILED;
}

static enum image_result build(const char *cc, const struct places *p,
			       const char *file, const char *dir,
			       struct textbuf *said)
{
	char object[PATH_BYTES], image[PATH_BYTES];
	struct textbuf linker;
	int code;

	snprintf(object, sizeof(object), "%s/lab.o", dir);
	snprintf(image, sizeof(image), "%s/lab.so", dir);
	code = compile(cc, p, file, dir, object, said);
	if (code < 0)
		return trouble(said, "the compiler did not come to an end");
	if (code == 127)
		return no_compiler(said, cc);
	if (code)
		return not_compiled(said);
	textbuf_init(&linker);
	code = join(cc, p, dir, object, image, &linker);
	plain_words(said, &linker, object);
	textbuf_free(&linker);
	unlink(object);
	return code ? IMAGE_NOT_COMPILED : IMAGE_BUILT;
}

enum image_result image_build(const char *file, const char *dir,
			      struct textbuf *said)
{
	const char *cc = image_compiler();
	struct places p;

	if (access(file, R_OK)) {
		textbuf_printf(said, "ringside: %s: %s\n", file,
			       strerror(errno));
		return IMAGE_TROUBLE;
	}
	if (!find_places(&p))
		return trouble(said, "what an image of a lab is made of is not "
			       "beside the program");
	if (!own_headers(cc, &p))
		return no_compiler(said, cc);
	return build(cc, &p, file, dir, said);
}

bool image_flags(struct textbuf *out)
{
	struct places p;
	char line[256];
	FILE *f;

	if (!find_places(&p))
		return false;
	f = fopen(p.flags, "r");
	if (!f)
		return false;
	/* What only gcc has an editor would complain about. */
	while (fgets(line, sizeof(line), f))
		if (strncmp(line, "-fsanitize", 10))
			textbuf_text(out, line);
	fclose(f);
	if (own_headers(image_compiler(), &p))
		textbuf_printf(out, "-isystem\n%s\n", p.own);
	textbuf_printf(out, "-isystem\n%s/guestdrv/include\n-isystem\n%s\n",
		       p.share, p.share);
	return true;
}
