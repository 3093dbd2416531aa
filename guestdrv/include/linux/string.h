/* SPDX-License-Identifier: MIT */
/* Memory and strings (kernel/string.c); the compiler calls the first four. */
#ifndef LINUX_STRING_H
#define LINUX_STRING_H

#include <linux/types.h>

/* Code whose accesses are checked calls functions that check theirs too
 * (kernel/access.c). */
#if defined(GUEST_CHECKED) && !defined(GUEST_UNCHECKED_FILE)
#define GUEST_CHECKS(name) __asm__("guest_checked_" #name)
#else
#define GUEST_CHECKS(name)
#endif

void *memcpy(void *dst, const void *src, size_t n) GUEST_CHECKS(memcpy);
void *memmove(void *dst, const void *src, size_t n) GUEST_CHECKS(memmove);
void *memset(void *dst, int c, size_t n) GUEST_CHECKS(memset);
int memcmp(const void *a, const void *b, size_t n) GUEST_CHECKS(memcmp);
void *memchr(const void *s, int c, size_t n);
/* The first byte that is not c; NULL: all are. */
void *memchr_inv(const void *s, int c, size_t n);

size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strcpy(char *dst, const char *src);
char *strncpy(char *dst, const char *src, size_t n);
char *strcat(char *dst, const char *src);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *s, const char *what);
/* Copies and always terminates; length, or -E2BIG when cut. */
ssize_t strscpy(char *dst, const char *src, size_t size);
size_t strlcpy(char *dst, const char *src, size_t size);

char *kstrdup(const char *s, gfp_t gfp);
void *kmemdup(const void *src, size_t len, gfp_t gfp);

#endif
