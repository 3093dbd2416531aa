/* SPDX-License-Identifier: MIT */
/* Cases of the hwrng core (guestdrv/kernel/{hwrng,hwrng_action}.c). */
#include <linux/delay.h>
#include <linux/hw_random.h>
#include <linux/kthread.h>
#include <linux/string.h>
#include <ringside/image.h>
#include "tests/unit/guest_kernel/guest/cases.h"

/* A source that gives a few bytes at a time: a counter's, multiplied. */
static u32 counter, cleanups;
static enum { FLOWS, STUCK, LAZY, DRY, BROKEN } how;
static struct completion released;

static int source_read(struct hwrng *rng, void *data, size_t max, bool wait)
{
	size_t n = min_t(size_t, max, 5), i;

	if (how == BROKEN)
		return -EIO;
	if (how == DRY && wait) {
		wait_for_completion(&released);
		return 0;
	}
	for (i = 0; i < n && how != LAZY; i++)
		((u8 *)data)[i] = (u8)((how == STUCK ? i : counter++) * 77);
	(void)rng;
	return (int)n;
}

static void source_cleanup(struct hwrng *rng)
{
	(void)rng;
	cleanups++;
}

static struct hwrng source = { .name = "source", .read = source_read,
			       .cleanup = source_cleanup };

static int read_bytes(s64 bytes, s64 count)
{
	const struct guest_value v[] = {
		{ .given = true, .i = 0x18 }, /* 00:03.0 */
		{ .given = true, .i = bytes },
		{ .given = true, .i = count },
	};

	return guest_action_rng_read(v);
}

GUEST_CASE(random_bytes_are_new)
{
	static const struct {
		int how, bytes, count, err;
	} rows[] = {
		{ FLOWS, 1, 3, 0 },       { FLOWS, 64, 4, 0 },
		{ FLOWS, 100, 1, 0 },     { STUCK, 5, 2, 0 },
		{ STUCK, 20, 2, -EBADMSG }, { STUCK, 20, 1, 0 },
		{ LAZY, 7, 1, 0 },        { LAZY, 8, 1, -EBADMSG },
		{ BROKEN, 8, 1, -EIO },   { FLOWS, 0, 1, -EINVAL },
		{ FLOWS, 1, 0, -EINVAL }, { FLOWS, 1 << 21, 1, -EINVAL },
	};
	size_t i;

	cleanups = 0;
	CHECK(read_bytes(8, 1) == -ENODEV);
	CHECK(hwrng_register(&source) == 0);
	CHECK(hwrng_register(&source) == -EEXIST);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		how = rows[i].how;
		CHECK(read_bytes(rows[i].bytes, rows[i].count) == rows[i].err);
	}
	CHECK(guest_spy.notes[MACHINE_NOTE_REQUEST] == 3 + 4 + 1 + 2 + 2 + 1 +
							       1 + 1 + 1);
	hwrng_unregister(&source);
	CHECK(cleanups == 1 && read_bytes(8, 1) == -ENODEV);
	CHECK(hwrng_register(&(struct hwrng){ .name = "mute" }) == -EINVAL);
	return 0;
}

static int reader_thread(void *arg)
{
	*(int *)arg = read_bytes(8, 1);
	while (!kthread_should_stop())
		msleep(1);
	return 0;
}

GUEST_CASE(unregister_waits_for_a_reader)
{
	static int result;
	struct task_struct *reader;

	result = 1;
	cleanups = 0;
	how = DRY;
	init_completion(&released);
	CHECK(hwrng_register(&source) == 0);
	reader = kthread_run(reader_thread, &result, "reader");
	msleep(5);
	CHECK(result == 1);
	complete(&released);
	hwrng_unregister(&source);
	CHECK(cleanups == 1);
	CHECK(hwrng_msleep(&source, 1000) > 0);
	kthread_stop(reader);
	CHECK(result == -EIO || result == -ENODEV);
	return 0;
}

GUEST_CASE(refused_source)
{
	CHECK(hwrng_register(&source) == -EEXIST);
	CHECK(read_bytes(8, 1) == -ENODEV);
	return 0;
}
