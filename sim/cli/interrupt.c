/* SPDX-License-Identifier: MIT */
/*
 * See interrupt.h.
 */
#define _GNU_SOURCE
#include "sim/cli/interrupt.h"

#include <stddef.h>

static volatile sig_atomic_t interrupted;
static struct sigaction by_int, by_term;

static void on_interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

const volatile sig_atomic_t *interrupt_watch(void)
{
	struct sigaction set_flag = { .sa_handler = on_interrupt };

	sigaction(SIGINT, &set_flag, &by_int);
	sigaction(SIGTERM, &set_flag, &by_term);
	return &interrupted;
}

void interrupt_unwatch(void)
{
	sigaction(SIGINT, &by_int, NULL);
	sigaction(SIGTERM, &by_term, NULL);
}
