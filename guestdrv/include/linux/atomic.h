/* SPDX-License-Identifier: MIT */
/*
 * Atomic integers.  One context runs between two machine calls, so plain
 * arithmetic is atomic; signed overflow wraps.
 */
#ifndef LINUX_ATOMIC_H
#define LINUX_ATOMIC_H

#include <linux/compiler.h>
#include <linux/types.h>

#define ATOMIC_INIT(i) { (i) }
#define ATOMIC64_INIT(i) { (i) }
#define ATOMIC_LONG_INIT(i) { (i) }

#define GUEST_ATOMIC(pfx, ctype, utype)                                     \
	static inline ctype pfx##_read(const pfx##_t *v)                    \
	{                                                                   \
		return READ_ONCE(v->counter);                               \
	}                                                                   \
	static inline void pfx##_set(pfx##_t *v, ctype i)                   \
	{                                                                   \
		WRITE_ONCE(v->counter, i);                                  \
	}                                                                   \
	static inline ctype pfx##_add_return(ctype i, pfx##_t *v)           \
	{                                                                   \
		v->counter = (ctype)((utype)v->counter + (utype)i);         \
		return v->counter;                                          \
	}                                                                   \
	static inline ctype pfx##_sub_return(ctype i, pfx##_t *v)           \
	{                                                                   \
		v->counter = (ctype)((utype)v->counter - (utype)i);         \
		return v->counter;                                          \
	}                                                                   \
	static inline void pfx##_add(ctype i, pfx##_t *v)                   \
	{                                                                   \
		pfx##_add_return(i, v);                                     \
	}                                                                   \
	static inline void pfx##_sub(ctype i, pfx##_t *v)                   \
	{                                                                   \
		pfx##_sub_return(i, v);                                     \
	}                                                                   \
	static inline void pfx##_inc(pfx##_t *v)                            \
	{                                                                   \
		pfx##_add_return(1, v);                                     \
	}                                                                   \
	static inline void pfx##_dec(pfx##_t *v)                            \
	{                                                                   \
		pfx##_sub_return(1, v);                                     \
	}                                                                   \
	static inline ctype pfx##_inc_return(pfx##_t *v)                    \
	{                                                                   \
		return pfx##_add_return(1, v);                              \
	}                                                                   \
	static inline ctype pfx##_dec_return(pfx##_t *v)                    \
	{                                                                   \
		return pfx##_sub_return(1, v);                              \
	}                                                                   \
	static inline bool pfx##_dec_and_test(pfx##_t *v)                   \
	{                                                                   \
		return pfx##_sub_return(1, v) == 0;                         \
	}                                                                   \
	static inline ctype pfx##_fetch_add(ctype i, pfx##_t *v)            \
	{                                                                   \
		ctype old = v->counter;                                     \
									    \
		pfx##_add_return(i, v);                                     \
		return old;                                                 \
	}                                                                   \
	static inline ctype pfx##_xchg(pfx##_t *v, ctype i)                 \
	{                                                                   \
		ctype old = v->counter;                                     \
									    \
		v->counter = i;                                             \
		return old;                                                 \
	}                                                                   \
	static inline ctype pfx##_cmpxchg(pfx##_t *v, ctype was, ctype i)   \
	{                                                                   \
		ctype old = v->counter;                                     \
									    \
		if (old == was)                                             \
			v->counter = i;                                     \
		return old;                                                 \
	}                                                                   \
	static inline bool pfx##_inc_not_zero(pfx##_t *v)                   \
	{                                                                   \
		if (!v->counter)                                            \
			return false;                                       \
		pfx##_inc(v);                                               \
		return true;                                                \
	}

GUEST_ATOMIC(atomic, int, unsigned int)
GUEST_ATOMIC(atomic64, s64, u64)
GUEST_ATOMIC(atomic_long, long, unsigned long)

#define xchg(ptr, v)                              \
	({                                        \
		__typeof__(*(ptr)) old_ = *(ptr); \
		*(ptr) = (v);                     \
		old_;                             \
	})
#define cmpxchg(ptr, was, v)                      \
	({                                        \
		__typeof__(*(ptr)) old_ = *(ptr); \
		if (old_ == (was))                \
			*(ptr) = (v);             \
		old_;                             \
	})

#endif
