/* SPDX-License-Identifier: MIT */
/*
 * What can be told of a loaded shared object: where its code lies, for
 * backtraces, and a number that changes when it does, for results.
 */
#ifndef RINGSIDE_SIM_SCENARIO_IMAGE_FILE_H
#define RINGSIDE_SIM_SCENARIO_IMAGE_FILE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct image_file {
	uintptr_t text_start, text_end; /* 0: not found */
	uint32_t crc;                   /* of the build id, else of the file */
};

/* The object that holds `address`; path: of its file, or "" for none. */
void image_file_look(struct image_file *f, uintptr_t address,
		     const char *path);

#ifdef __cplusplus
}
#endif
#endif
