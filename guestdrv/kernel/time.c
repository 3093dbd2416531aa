/* SPDX-License-Identifier: MIT */
/* Clocks and delays, on the machine's simulated time. */
#include "guestdrv/kernel/kernel.h"

#include <linux/delay.h>
#include <linux/ktime.h>

/* What ndelay waits on; nobody ever signals it. */
static struct machine_event *delay_event;

void guest_time_boot(void)
{
	delay_event = NULL;
}

void guest_time_shutdown(void)
{
	if (delay_event)
		gk.calls->event_destroy(gk.m, delay_event);
	delay_event = NULL;
}

ktime_t ktime_get(void)
{
	return (ktime_t)gk.calls->now(gk.m);
}

unsigned long guest_jiffies(void)
{
	return (unsigned long)(gk.calls->now(gk.m) / NSEC_PER_MSEC);
}

static void sleep_ns(u64 ns, const char *who)
{
	u64 now = gk.calls->now(gk.m);
	u64 deadline = now + ns;

	guest_may_sleep(who);
	/* It does not end early, whoever wakes the task. */
	do {
		__set_current_state(TASK_UNINTERRUPTIBLE);
		current->waits_for = who;
		guest_sleep_until(deadline);
	} while (gk.calls->now(gk.m) < deadline);
	current->waits_for = NULL;
}

void msleep(unsigned int msecs)
{
	sleep_ns((u64)msecs * NSEC_PER_MSEC, "msleep");
}

unsigned long msleep_interruptible(unsigned int msecs)
{
	return (unsigned long)schedule_timeout_interruptible(
		(long)msecs_to_jiffies(msecs));
}

void usleep_range(unsigned long min_us, unsigned long max_us)
{
	(void)max_us;
	sleep_ns((u64)min_us * NSEC_PER_USEC, "usleep_range");
}

void ndelay(unsigned long nsecs)
{
	u64 deadline = gk.calls->now(gk.m) + nsecs;
	struct guest_context *ctx;

	if (!delay_event)
		delay_event = gk.calls->event_create(gk.m, "udelay");
	ctx = guest_leave();
	while (gk.calls->now(gk.m) < deadline)
		gk.calls->event_wait(gk.m, delay_event, deadline,
				     MACHINE_WAIT_HOLD_CPU);
	guest_return(ctx);
}
