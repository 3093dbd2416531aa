/* SPDX-License-Identifier: MIT */
/*
 * The words of docs/glossary.md, compiled in.  glossary.awk makes the table: a
 * word is a heading of the second or third level, its text what follows.
 */
#ifndef RINGSIDE_SIM_CLI_GLOSSARY_H
#define RINGSIDE_SIM_CLI_GLOSSARY_H

struct glossary_word {
	const char *word;
	const char *text;
};

extern const struct glossary_word glossary[]; /* ends with a NULL word */

#endif
