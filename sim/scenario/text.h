/* SPDX-License-Identifier: MIT */
/*
 * Small text helpers of the scenario parser: UTF-8, an arena that owns what a
 * scenario holds, and numbers with units.  Read by the parser's own files only.
 */
#ifndef RINGSIDE_SIM_SCENARIO_TEXT_H
#define RINGSIDE_SIM_SCENARIO_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Length of the valid UTF-8 sequence at `s` (ends with NUL); 0: not valid. */
size_t text_utf8_valid(const char *s);
/* How far to the next character: as above, but 1 over an invalid byte. */
size_t text_utf8_len(const char *s);

/* Memory that is freed all at once; allocation never fails (it aborts). */
struct scn_arena;

struct scn_arena *arena_create(void);
void arena_destroy(struct scn_arena *a);
void *arena_alloc(struct scn_arena *a, size_t size); /* zeroed */
void *arena_array(struct scn_arena *a, size_t count, size_t size);
char *arena_strdup(struct scn_arena *a, const char *s);
char *arena_strndup(struct scn_arena *a, const char *s, size_t len);
char *arena_printf(struct scn_arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), nonnull(2)));
/* A file's contents, read or mapped, that live as long as the arena. */
void arena_own_mapping(struct scn_arena *a, void *map, size_t len);

enum text_number {
	TEXT_OK,
	TEXT_NOT_A_NUMBER,
	TEXT_BAD_UNIT,   /* a number, followed by what is no unit here */
	TEXT_NEEDS_UNIT, /* a time without one */
	TEXT_TOO_BIG
};

/* "-12", "0x1f", "1_000"; base 10 or 16. */
enum text_number text_int(const char *s, int64_t *value);
enum text_number text_uint(const char *s, uint64_t *value);
/* "512", "64KiB", "1MiB", "2GiB": bytes. */
enum text_number text_size(const char *s, int64_t *value);
/* "0", "10ns", "1.5us", "3ms", "2s": picoseconds. */
enum text_number text_time(const char *s, int64_t *value);

#ifdef __cplusplus
}
#endif
#endif
