/* SPDX-License-Identifier: MIT */
/*
 * Forks, reads, waits.  What comes through a child's pipe is
 *
 *   | what it wrote to stdout and stderr | its bytes | length | magic |
 *
 * so that the last words of one that dies are there too, and cannot be taken for
 * its bytes: those count when the two words at the end are right.
 */
#define _GNU_SOURCE /* pipe2, sigdescr_np */
#include "sim/suite/brood.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAGIC UINT64_C(0x656e6f6465646973) /* an end that nobody writes by chance */
#define TICK_MS 100
#define CHUNK 65536u

struct trailer {
	uint64_t len, magic;
};

struct slot {
	pid_t pid;         /* 0: free */
	int fd;
	size_t job;
	uint64_t deadline; /* ms; UINT64_MAX: none */
	bool late;
	struct textbuf got;
};

struct brood {
	struct slot *slots;
	struct pollfd *polls;
	unsigned int nslots, running;
	uint32_t limit_ms;
	int keep_out;      /* closed in children; 0: none */
	int null;          /* where a child reads nothing and is not heard */
	void (*done)(void *arg, size_t job, const struct brood_result *r);
	void *arg;
};

/* The way up from this process, where it is a child; its own children have
 * theirs. */
static int to_parent = -1;

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

struct brood *brood_create(unsigned int slots, uint32_t limit_ms,
			   void (*done)(void *arg, size_t job,
					const struct brood_result *r),
			   void *arg)
{
	struct brood *b = calloc(1, sizeof(*b));

	if (!b)
		abort();
	b->slots = calloc(slots, sizeof(*b->slots));
	b->polls = calloc(slots, sizeof(*b->polls));
	b->null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (!b->slots || !b->polls || b->null < 0)
		abort();
	b->nslots = slots;
	b->limit_ms = limit_ms;
	b->done = done;
	b->arg = arg;
	return b;
}

void brood_keep_out(struct brood *b, int fd)
{
	b->keep_out = fd;
}

unsigned int brood_running(const struct brood *b)
{
	return b->running;
}

/* ---- the child ---- */

static void send_all(int fd, const void *bytes, size_t len)
{
	const char *p = bytes;
	ssize_t n;

	for (; len; p += n, len -= (size_t)n) {
		n = write(fd, p, len);
		if (n < 0 && errno != EINTR)
			_exit(EXIT_FAILURE);
		if (n < 0)
			n = 0;
	}
}

/* The parent's terminal, files and other pipes are not for the child, and neither
 * are Ctrl-C and SIGTERM: the parent decides what they mean. */
static void become_child(struct brood *b, int fd, pid_t parent)
{
	unsigned int i;

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	for (i = 0; i < b->nslots; i++) {
		if (b->slots[i].pid)
			close(b->slots[i].fd);
		b->slots[i].pid = 0;
	}
	if (b->keep_out)
		close(b->keep_out);
	if (to_parent >= 0)
		close(to_parent);
	to_parent = fd;
	if (dup2(b->null, STDIN_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0 ||
	    dup2(fd, STDERR_FILENO) < 0)
		_exit(EXIT_FAILURE);
	b->running = 0;
}

/* Nothing may come behind the bytes, as from a sanitizer at the end. */
static void be_silent(const struct brood *b)
{
	if (dup2(b->null, STDOUT_FILENO) < 0 || dup2(b->null, STDERR_FILENO) < 0)
		_exit(EXIT_FAILURE);
}

#ifdef RINGSIDE_COVERAGE
void __gcov_dump(void);
#endif

void brood_give(struct brood *b, struct textbuf *out)
{
	struct trailer t = { .magic = MAGIC };

	if (out->failed)
		abort();
	t.len = out->len;
	textbuf_bytes(out, &t, sizeof(t));
	if (out->failed)
		abort();
	be_silent(b);
	send_all(to_parent, out->data, out->len);
#ifdef RINGSIDE_COVERAGE
	__gcov_dump();
#endif
	_exit(EXIT_SUCCESS);
}

/* ---- the parent ---- */

static struct slot *free_slot(struct brood *b)
{
	unsigned int i;

	for (i = 0; i < b->nslots; i++)
		if (!b->slots[i].pid)
			return &b->slots[i];
	return NULL;
}

enum brood_side brood_fork(struct brood *b, size_t job)
{
	struct slot *s = free_slot(b);
	pid_t parent = getpid(), pid;
	int fds[2], error;

	assert(s);
	if (pipe2(fds, O_CLOEXEC))
		return BROOD_FAILED;
	pid = fork();
	if (!pid) {
		close(fds[0]);
		become_child(b, fds[1], parent);
		return BROOD_CHILD;
	}
	error = errno;
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		errno = error;
		return BROOD_FAILED;
	}
	s->pid = pid;
	s->fd = fds[0];
	s->job = job;
	s->deadline = b->limit_ms == BROOD_NO_LIMIT ? UINT64_MAX :
						      now_ms() + b->limit_ms;
	s->late = false;
	textbuf_init(&s->got);
	b->running++;
	return BROOD_PARENT;
}

/* Whether the child gave back its bytes; then r says where they are. */
static bool has_bytes(const struct textbuf *got, struct brood_result *r)
{
	struct trailer t;

	if (got->len < sizeof(t))
		return false;
	memcpy(&t, got->data + got->len - sizeof(t), sizeof(t));
	if (t.magic != MAGIC || t.len > got->len - sizeof(t))
		return false;
	r->len = (size_t)t.len;
	r->said_len = got->len - sizeof(t) - r->len;
	r->bytes = got->data + r->said_len;
	return true;
}

static void judge(const struct slot *s, int status, struct brood_result *r)
{
	*r = (struct brood_result){
		.said = s->got.data ? s->got.data : "",
		.said_len = s->got.len,
	};
	if (s->late) {
		r->end = BROOD_TIMEOUT;
	} else if (WIFSIGNALED(status)) {
		r->end = BROOD_DIED;
		r->number = WTERMSIG(status);
	} else if (s->got.failed) {
		r->end = BROOD_NO_MEMORY;
	} else if (WEXITSTATUS(status) || !has_bytes(&s->got, r)) {
		r->end = BROOD_EXITED;
		r->number = WEXITSTATUS(status);
	}
}

static int reap(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static void finish(struct brood *b, struct slot *s)
{
	struct brood_result result;

	close(s->fd);
	judge(s, reap(s->pid), &result);
	s->pid = 0;
	b->running--;
	b->done(b->arg, s->job, &result);
	textbuf_free(&s->got);
}

/* Reads what is there; true: the other end is closed.  What cannot be kept is
 * read all the same, or the child would wait for ever. */
static bool drain(struct slot *s)
{
	static char lost[CHUNK];
	bool room = textbuf_room(&s->got, CHUNK);
	ssize_t n = read(s->fd, room ? s->got.data + s->got.len : lost, CHUNK);

	if (n > 0 && room) {
		s->got.len += (size_t)n;
		s->got.data[s->got.len] = '\0';
	}
	return n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
}

static int next_wait(const struct brood *b)
{
	uint64_t now = now_ms(), wait = TICK_MS, left;
	unsigned int i;

	for (i = 0; i < b->nslots; i++) {
		const struct slot *s = &b->slots[i];

		if (!s->pid || s->late)
			continue;
		left = s->deadline > now ? s->deadline - now : 0;
		wait = left < wait ? left : wait;
	}
	return (int)wait;
}

static void kill_late(struct brood *b)
{
	uint64_t now = now_ms();
	unsigned int i;

	for (i = 0; i < b->nslots; i++) {
		struct slot *s = &b->slots[i];

		if (!s->pid || s->late || now < s->deadline)
			continue;
		s->late = true;
		kill(s->pid, SIGKILL);
	}
}

void brood_attend(struct brood *b)
{
	unsigned int n = b->nslots, i;

	for (i = 0; i < n; i++)
		b->polls[i] = (struct pollfd){
			.fd = b->slots[i].pid ? b->slots[i].fd : -1,
			.events = POLLIN,
		};
	if (poll(b->polls, n, next_wait(b)) > 0)
		for (i = 0; i < n; i++)
			if (b->polls[i].revents && drain(&b->slots[i]))
				finish(b, &b->slots[i]);
	kill_late(b);
}

static void kill_all(struct brood *b)
{
	unsigned int i;

	for (i = 0; i < b->nslots; i++) {
		struct slot *s = &b->slots[i];

		if (!s->pid)
			continue;
		kill(s->pid, SIGKILL);
		close(s->fd);
		reap(s->pid);
		textbuf_free(&s->got);
		s->pid = 0;
	}
}

void brood_destroy(struct brood *b)
{
	kill_all(b);
	close(b->null);
	free(b->polls);
	free(b->slots);
	free(b);
}

/* ---- in words ---- */

void brood_what_became(const struct brood_result *r, uint32_t limit_ms,
		       char *text, size_t size)
{
	const char *signal = sigdescr_np(r->number);

	switch (r->end) {
	case BROOD_DIED:
		snprintf(text, size, "its process died: %s",
			 signal ? signal : "a signal");
		break;
	case BROOD_TIMEOUT:
		snprintf(text, size, "its process did not end within %u s",
			 limit_ms / 1000);
		break;
	case BROOD_NO_FORK:
		snprintf(text, size, "no process for it: %s",
			 strerror(r->number));
		break;
	case BROOD_NO_MEMORY:
		snprintf(text, size, "no memory for its result");
		break;
	default:
		snprintf(text, size, "its process left with exit code %d",
			 r->number);
	}
}
