/* SPDX-License-Identifier: MIT */
/*
 * Forks, reads, waits.  What comes through a job's pipe is
 *
 *   | what it wrote to stdout and stderr | its bytes | length | magic |
 *
 * so that the last words of one that dies are there too, and cannot be taken for
 * its bytes: those count when the two words at the end are right.
 */
#define _GNU_SOURCE
#include "sim/suite/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
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
	uint64_t deadline; /* ms */
	bool late;
	struct textbuf got;
};

struct running {
	const struct pool *pool;
	struct slot *slots;
	struct pollfd *polls;
	unsigned int active;
	int null;          /* where a job reads nothing and is not heard */
};

unsigned int pool_processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return 1;
	return (unsigned int)CPU_COUNT(&set);
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
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

/* The parent's terminal, files and other pipes are not for the job, and neither
 * is Ctrl-C: the parent decides what it means. */
static void become_worker(const struct running *r, int fd, pid_t parent)
{
	unsigned int i;

	signal(SIGINT, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	for (i = 0; i < r->pool->workers; i++)
		if (r->slots[i].pid)
			close(r->slots[i].fd);
	if (dup2(r->null, STDIN_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0 ||
	    dup2(fd, STDERR_FILENO) < 0)
		_exit(EXIT_FAILURE);
}

/* Nothing may come behind the bytes, as from a sanitizer at the end. */
static void be_silent(const struct running *r)
{
	if (dup2(r->null, STDOUT_FILENO) < 0 || dup2(r->null, STDERR_FILENO) < 0)
		_exit(EXIT_FAILURE);
}

#ifdef RINGSIDE_COVERAGE
void __gcov_dump(void);
#endif

__attribute__((noreturn))
static void work(const struct running *r, int fd, size_t job, pid_t parent)
{
	struct trailer t = { .magic = MAGIC };
	struct textbuf out;

	become_worker(r, fd, parent);
	textbuf_init(&out);
	r->pool->work(r->pool->arg, job, &out);
	if (out.failed)
		abort();
	t.len = out.len;
	textbuf_bytes(&out, &t, sizeof(t));
	if (out.failed)
		abort();
	be_silent(r);
	send_all(fd, out.data, out.len);
#ifdef RINGSIDE_COVERAGE
	__gcov_dump();
#endif
	_exit(EXIT_SUCCESS);
}

/* ---- the parent ---- */

static struct slot *free_slot(struct running *r)
{
	unsigned int i;

	for (i = 0; i < r->pool->workers; i++)
		if (!r->slots[i].pid)
			return &r->slots[i];
	return NULL;
}

/* False: there is no process to be had, errno tells why. */
static bool start(struct running *r, size_t job)
{
	struct slot *s = free_slot(r);
	pid_t parent = getpid(), pid;
	int fds[2], error;

	if (pipe2(fds, O_CLOEXEC))
		return false;
	pid = fork();
	if (!pid) {
		close(fds[0]);
		work(r, fds[1], job, parent);
	}
	error = errno;
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		errno = error;
		return false;
	}
	s->pid = pid;
	s->fd = fds[0];
	s->job = job;
	s->deadline = now_ms() + r->pool->limit_ms;
	s->late = false;
	textbuf_init(&s->got);
	r->active++;
	return true;
}

/* Whether the job gave back its bytes; then r says where they are. */
static bool has_bytes(const struct textbuf *got, struct pool_result *r)
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

static void judge(const struct slot *s, int status, struct pool_result *r)
{
	*r = (struct pool_result){
		.said = s->got.data ? s->got.data : "",
		.said_len = s->got.len,
	};
	if (s->late) {
		r->end = POOL_TIMEOUT;
	} else if (WIFSIGNALED(status)) {
		r->end = POOL_DIED;
		r->number = WTERMSIG(status);
	} else if (s->got.failed) {
		r->end = POOL_NO_MEMORY;
	} else if (WEXITSTATUS(status) || !has_bytes(&s->got, r)) {
		r->end = POOL_EXITED;
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

static void finish(struct running *r, struct slot *s)
{
	struct pool_result result;

	close(s->fd);
	judge(s, reap(s->pid), &result);
	s->pid = 0;
	r->active--;
	r->pool->done(r->pool->arg, s->job, &result);
	textbuf_free(&s->got);
}

/* Reads what is there; true: the other end is closed.  What cannot be kept is
 * read all the same, or the job would wait for ever. */
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

static int next_wait(const struct running *r)
{
	uint64_t now = now_ms(), wait = TICK_MS, left;
	unsigned int i;

	for (i = 0; i < r->pool->workers; i++) {
		const struct slot *s = &r->slots[i];

		if (!s->pid || s->late)
			continue;
		left = s->deadline > now ? s->deadline - now : 0;
		wait = left < wait ? left : wait;
	}
	return (int)wait;
}

static void kill_late(struct running *r)
{
	uint64_t now = now_ms();
	unsigned int i;

	for (i = 0; i < r->pool->workers; i++) {
		struct slot *s = &r->slots[i];

		if (!s->pid || s->late || now < s->deadline)
			continue;
		s->late = true;
		kill(s->pid, SIGKILL);
	}
}

/* Until something has come, or a little while has passed. */
static void attend(struct running *r)
{
	unsigned int n = r->pool->workers, i;

	for (i = 0; i < n; i++)
		r->polls[i] = (struct pollfd){
			.fd = r->slots[i].pid ? r->slots[i].fd : -1,
			.events = POLLIN,
		};
	if (poll(r->polls, n, next_wait(r)) > 0)
		for (i = 0; i < n; i++)
			if (r->polls[i].revents && drain(&r->slots[i]))
				finish(r, &r->slots[i]);
	kill_late(r);
	if (r->pool->tick)
		r->pool->tick(r->pool->arg);
}

static void kill_all(struct running *r)
{
	unsigned int i;

	for (i = 0; i < r->pool->workers; i++) {
		struct slot *s = &r->slots[i];

		if (!s->pid)
			continue;
		kill(s->pid, SIGKILL);
		close(s->fd);
		reap(s->pid);
		textbuf_free(&s->got);
		s->pid = 0;
	}
}

static void no_process(struct running *r, size_t job)
{
	const struct pool_result result = {
		.end = POOL_NO_FORK, .number = errno, .said = "",
	};

	r->pool->done(r->pool->arg, job, &result);
}

static bool stopped(const struct pool *p)
{
	return p->stop && *p->stop;
}

static bool run_jobs(struct running *r, size_t njobs)
{
	size_t next = 0;

	while ((next < njobs || r->active) && !stopped(r->pool)) {
		while (next < njobs && r->active < r->pool->workers &&
		       !stopped(r->pool)) {
			if (start(r, next))
				next++;
			else if (r->active)
				break; /* one that ends makes room */
			else
				no_process(r, next++);
		}
		if (r->active)
			attend(r);
	}
	return next == njobs && !r->active;
}

bool pool_run(const struct pool *p, size_t njobs)
{
	struct running r = { .pool = p };
	bool all = false;

	r.slots = calloc(p->workers, sizeof(*r.slots));
	r.polls = calloc(p->workers, sizeof(*r.polls));
	r.null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (!r.slots || !r.polls || r.null < 0)
		abort();
	fflush(NULL);
	all = run_jobs(&r, njobs);
	kill_all(&r);
	close(r.null);
	free(r.polls);
	free(r.slots);
	return all;
}
