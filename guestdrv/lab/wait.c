/* SPDX-License-Identifier: MIT */
/*
 * `lab.wait`: a check lets time pass, so that what a driver has written last has
 * arrived (writes are posted) before anybody looks.
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/math.h>

#include "guestdrv/lab/lab_kernel.h"

const struct guest_param lab_wait_params[] = {
	{ "time", GUEST_PARAM_TIME, false, 10 * NSEC_PER_USEC, "how long" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

static int wait_so_long(const struct guest_value *v)
{
	if (v[0].i < 0)
		return -EINVAL;
	usleep_range((unsigned long)DIV_ROUND_UP(v[0].i, NSEC_PER_USEC),
		     (unsigned long)DIV_ROUND_UP(v[0].i, NSEC_PER_USEC));
	return 0;
}

GUEST_ACTION(run, wait_so_long, lab_wait_params);

int lab_action_wait(const struct guest_value *values)
{
	return run(values);
}
