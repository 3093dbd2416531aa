/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C and SIGTERM while runs go on: they set a flag, the runs end, and what
 * there is by then is told.
 */
#ifndef RINGSIDE_SIM_CLI_INTERRUPT_H
#define RINGSIDE_SIM_CLI_INTERRUPT_H

#include <signal.h>

/* What is set when one has come since. */
const volatile sig_atomic_t *interrupt_watch(void);
/* They do again what they did before. */
void interrupt_unwatch(void);

#endif
