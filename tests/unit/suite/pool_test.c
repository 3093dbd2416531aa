/* SPDX-License-Identifier: MIT */
/*
 * The pool: jobs that end well, die, hang, say something, or are stopped; each
 * costs itself alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/suite/pool.h"
#include "tests/shim/gtest_c.h"

#define JOBS 8

struct seen {
	int times;
	enum brood_end end;
	int number;
	char bytes[64], said[64];
	size_t len;
};

struct test {
	struct seen jobs[JOBS];
	volatile sig_atomic_t stop;
	size_t stop_after, done;
};

static void done(void *arg, size_t job, const struct brood_result *r)
{
	struct test *t = arg;
	struct seen *s = &t->jobs[job];

	s->times++;
	s->end = r->end;
	s->number = r->number;
	s->len = r->len;
	snprintf(s->bytes, sizeof(s->bytes), "%.*s", (int)r->len,
		 r->bytes ? r->bytes : "");
	snprintf(s->said, sizeof(s->said), "%.*s", (int)r->said_len, r->said);
	if (++t->done == t->stop_after)
		t->stop = 1;
}

static bool run(struct test *t, unsigned int workers, size_t njobs,
		void (*work)(void *arg, size_t job, struct textbuf *out))
{
	const struct pool p = {
		.workers = workers, .limit_ms = 30000, .work = work,
		.done = done, .stop = &t->stop, .arg = t,
	};

	return pool_run(&p, njobs);
}

static void tell_number(void *arg, size_t job, struct textbuf *out)
{
	(void)arg;
	textbuf_printf(out, "job %zu", job);
}

TEST(pool, every_job_gives_back_its_bytes)
{
	static const unsigned int workers[] = { 1, 3, 20 };
	char want[16];
	size_t w, i;

	for (w = 0; w < 3; w++) {
		struct test t = { .stop = 0 };

		EXPECT_TRUE(run(&t, workers[w], JOBS, tell_number));
		for (i = 0; i < JOBS; i++) {
			snprintf(want, sizeof(want), "job %zu", i);
			EXPECT_EQ(1, t.jobs[i].times);
			EXPECT_EQ(BROOD_DONE, t.jobs[i].end);
			EXPECT_STREQ(want, t.jobs[i].bytes);
		}
	}
}

static int of_the_parent;

static void tell_descriptor(void *arg, size_t job, struct textbuf *out)
{
	(void)arg;
	(void)job;
	textbuf_text(out, fcntl(of_the_parent, F_GETFD) < 0 && errno == EBADF ?
			  "closed" : "open");
}

TEST(pool, a_descriptor_of_the_parents_is_kept_out)
{
	struct test t = { .stop = 0 };
	struct pool p = { .workers = 2, .limit_ms = 30000, .done = done,
			  .work = tell_descriptor, .arg = &t };

	of_the_parent = open("/dev/null", O_WRONLY);
	EXPECT_TRUE(pool_run(&p, 1));
	EXPECT_STREQ("open", t.jobs[0].bytes);
	p.keep_out = of_the_parent;
	EXPECT_TRUE(pool_run(&p, 1));
	EXPECT_STREQ("closed", t.jobs[0].bytes);
	close(of_the_parent);
}

/* A batch system tells all processes of a job to end: the parent says how. */
static void terminate_oneself(void *arg, size_t job, struct textbuf *out)
{
	raise(SIGINT);
	raise(SIGTERM);
	tell_number(arg, job, out);
}

TEST(pool, signals_to_all_are_the_parents_business)
{
	struct test t = { .stop = 0 };

	EXPECT_TRUE(run(&t, 1, 1, terminate_oneself));
	EXPECT_STREQ("job 0", t.jobs[0].bytes);
}

TEST(pool, nothing_to_do)
{
	struct test t = { .stop = 0 };

	EXPECT_TRUE(run(&t, 2, 0, tell_number));
}

/* Job 1 of three ends in some other way. */
static void die(int how)
{
	signal(how, SIG_DFL);
	raise(how);
}

static void killed(void *arg, size_t job, struct textbuf *out)
{
	if (job == 1)
		die(SIGKILL);
	tell_number(arg, job, out);
}

static void crashed(void *arg, size_t job, struct textbuf *out)
{
	if (job == 1)
		die(SIGSEGV);
	tell_number(arg, job, out);
}

static void left(void *arg, size_t job, struct textbuf *out)
{
	if (job == 1)
		_exit(7);
	tell_number(arg, job, out);
}

static void left_well(void *arg, size_t job, struct textbuf *out)
{
	if (job == 1)
		_exit(0);
	tell_number(arg, job, out);
}

static void others_are_well(const struct test *t)
{
	EXPECT_EQ(BROOD_DONE, t->jobs[0].end);
	EXPECT_STREQ("job 0", t->jobs[0].bytes);
	EXPECT_EQ(BROOD_DONE, t->jobs[2].end);
	EXPECT_STREQ("job 2", t->jobs[2].bytes);
	EXPECT_EQ(1, t->jobs[1].times);
}

TEST(pool, a_job_that_dies_costs_itself)
{
	static const struct {
		void (*work)(void *arg, size_t job, struct textbuf *out);
		enum brood_end end;
		int number;
	} rows[] = {
		{ killed, BROOD_DIED, SIGKILL },
		{ crashed, BROOD_DIED, SIGSEGV },
		{ left, BROOD_EXITED, 7 },
		/* Without its bytes that is no good end either. */
		{ left_well, BROOD_EXITED, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct test t = { .stop = 0 };

		EXPECT_TRUE(run(&t, 2, 3, rows[i].work));
		others_are_well(&t);
		EXPECT_EQ(rows[i].end, t.jobs[1].end);
		EXPECT_EQ(rows[i].number, t.jobs[1].number);
	}
}

static void hang(void *arg, size_t job, struct textbuf *out)
{
	while (job == 1)
		pause();
	tell_number(arg, job, out);
}

TEST(pool, a_job_that_hangs_is_ended)
{
	struct test t = { .stop = 0 };
	const struct pool p = { .workers = 2, .limit_ms = 300, .work = hang,
				.done = done, .arg = &t };

	EXPECT_TRUE(pool_run(&p, 3));
	others_are_well(&t);
	EXPECT_EQ(BROOD_TIMEOUT, t.jobs[1].end);
}

static void talk(void *arg, size_t job, struct textbuf *out)
{
	static const char word[] = "out ", more[] = "err ";

	if (write(STDOUT_FILENO, word, 4) < 0 ||
	    write(STDERR_FILENO, more, 4) < 0)
		abort();
	if (job == 1)
		die(SIGKILL);
	tell_number(arg, job, out);
}

TEST(pool, what_a_job_writes_is_kept_apart)
{
	struct test t = { .stop = 0 };

	EXPECT_TRUE(run(&t, 1, 3, talk));
	EXPECT_STREQ("out err ", t.jobs[0].said);
	EXPECT_STREQ("job 0", t.jobs[0].bytes);
	/* The last words of one that died. */
	EXPECT_STREQ("out err ", t.jobs[1].said);
	EXPECT_EQ(BROOD_DIED, t.jobs[1].end);
}

static void look_around(void *arg, size_t job, struct textbuf *out)
{
	char byte;

	(void)arg;
	(void)job;
	textbuf_printf(out, "%zd bytes", read(STDIN_FILENO, &byte, 1));
}

TEST(pool, a_job_has_no_input)
{
	struct test t = { .stop = 0 };

	EXPECT_TRUE(run(&t, 1, 1, look_around));
	EXPECT_STREQ("0 bytes", t.jobs[0].bytes);
}

static void much(void *arg, size_t job, struct textbuf *out)
{
	(void)arg;
	textbuf_pad(out, (char)('a' + job), 3000000 + job);
}

TEST(pool, more_than_a_pipe_holds)
{
	struct test t = { .stop = 0 };

	EXPECT_TRUE(run(&t, 2, 3, much));
	EXPECT_EQ(3000000, t.jobs[0].len);
	EXPECT_EQ(3000002, t.jobs[2].len);
	EXPECT_EQ(BROOD_DONE, t.jobs[2].end);
	EXPECT_EQ('c', t.jobs[2].bytes[0]);
}

static void wait_unless_first(void *arg, size_t job, struct textbuf *out)
{
	while (job)
		pause();
	tell_number(arg, job, out);
}

TEST(pool, stop_kills_what_runs_and_begins_nothing)
{
	struct test t = { .stop_after = 1 };
	size_t i;

	EXPECT_FALSE(run(&t, 2, JOBS, wait_unless_first));
	EXPECT_EQ(1, t.jobs[0].times);
	for (i = 1; i < JOBS; i++)
		EXPECT_EQ(0, t.jobs[i].times);
	/* Nothing is left to wait for. */
	EXPECT_EQ(-1, (int)waitpid(-1, NULL, WNOHANG));
	EXPECT_EQ(ECHILD, errno);
}

static void no_interrupt(void *arg, size_t job, struct textbuf *out)
{
	raise(SIGINT);
	tell_number(arg, job, out);
}

TEST(pool, an_interrupt_is_the_parents_business)
{
	struct test t = { .stop = 0 };

	EXPECT_TRUE(run(&t, 1, 1, no_interrupt));
	EXPECT_EQ(BROOD_DONE, t.jobs[0].end);
}

TEST(pool, there_is_a_processor)
{
	EXPECT_GE(pool_processors(), 1u);
}
