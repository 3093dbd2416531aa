/* SPDX-License-Identifier: MIT */
/*
 * Text as XML holds it, for the JUnit results of suites and sweeps.
 */
#ifndef RINGSIDE_SIM_REPORT_XML_H
#define RINGSIDE_SIM_REPORT_XML_H

#include <stdbool.h>

#include "sim/observe/textbuf.h"

/* What XML cannot hold becomes U+FFFD.  `attribute`: between double quotes. */
void xml_escaped(struct textbuf *out, const char *text, bool attribute);

#endif
