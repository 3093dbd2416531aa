/* SPDX-License-Identifier: MIT */
/*
 * F.partial: beside a file F of results that is written at the end, its lines as
 * they are found, so that a run that is killed need not begin anew.  A line is
 * one write; what a kill cuts off is the last one.  Gone when F is there.
 */
#ifndef RINGSIDE_SIM_CLI_JOURNAL_H
#define RINGSIDE_SIM_CLI_JOURNAL_H

#include <stdbool.h>

#include "sim/suite/results.h"

struct journal {
	char *path; /* NULL: there is none */
	int fd;     /* 0: none, or no more since a write has failed */
	bool failed;
};

/* The name beside `path`; NULL where that is no file, such as a pipe. */
char *journal_name(const char *path);
/* For results that are going to be in `path`; `go_on`: behind what there is, else
 * anew.  False: it cannot be written, and that was told; the run goes on. */
bool journal_open(struct journal *j, const char *path, bool go_on,
		  const struct results *r);
void journal_add(struct journal *j, const struct results *r, size_t item);
/* `done`: its file is there, so that it can go.  False: something could not be
 * written. */
bool journal_close(struct journal *j, bool done);

#endif
