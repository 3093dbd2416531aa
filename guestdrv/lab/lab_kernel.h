/* SPDX-License-Identifier: MIT */
/* The files of guestdrv/lab/ among themselves: rows of the image's tables. */
#ifndef GUESTDRV_LAB_LAB_KERNEL_H
#define GUESTDRV_LAB_LAB_KERNEL_H

#include <ringside/image.h>

/* safe_point.c: begins to count anew, when the image is booted. */
void lab_safe_point_boot(void);

/* block.c, request.c, task.c, wait.c */
extern const struct guest_param lab_read_params[], lab_write_params[],
	lab_request_params[], lab_task_params[], lab_wait_params[];
int lab_action_read(const struct guest_value *values);
int lab_action_write(const struct guest_value *values);
int lab_action_request(const struct guest_value *values);
int lab_action_task(const struct guest_value *values);
int lab_action_wait(const struct guest_value *values);

#endif
