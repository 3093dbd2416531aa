/* SPDX-License-Identifier: MIT */
/* Reference counts; one that is used after it reached zero is a bug of the guest. */
#ifndef LINUX_REFCOUNT_H
#define LINUX_REFCOUNT_H

#include <linux/bug.h>
#include <linux/types.h>

typedef struct {
	unsigned int refs;
} refcount_t;

#define REFCOUNT_INIT(n) { (n) }

void guest_refcount_bad(const char *what) __noreturn __cold;

static inline void refcount_set(refcount_t *r, unsigned int n)
{
	r->refs = n;
}

static inline unsigned int refcount_read(const refcount_t *r)
{
	return r->refs;
}

static inline void refcount_inc(refcount_t *r)
{
	if (unlikely(!r->refs))
		guest_refcount_bad("a reference is taken to what has none left");
	r->refs++;
}

static inline bool refcount_inc_not_zero(refcount_t *r)
{
	if (!r->refs)
		return false;
	r->refs++;
	return true;
}

static inline bool refcount_dec_and_test(refcount_t *r)
{
	if (unlikely(!r->refs))
		guest_refcount_bad("a reference is given back that nobody holds");
	return --r->refs == 0;
}

static inline void refcount_dec(refcount_t *r)
{
	if (unlikely(refcount_dec_and_test(r)))
		guest_refcount_bad("the last reference is given back by who does not release");
}

#endif
