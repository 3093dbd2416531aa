/* SPDX-License-Identifier: MIT */
/*
 * Attributes and annotations of kernel code.  Includes nothing, so that it can
 * be included by force before everything else.
 */
#ifndef LINUX_COMPILER_TYPES_H
#define LINUX_COMPILER_TYPES_H

#define __user
#define __iomem
#define __percpu
#define __rcu
#define __force
#define __nocast
#define __private
#define __bitwise
#define __must_hold(x)
#define __acquires(x)
#define __releases(x)
#define __acquire(x) (void)0
#define __release(x) (void)0

#define __always_inline inline __attribute__((__always_inline__))
#define noinline __attribute__((__noinline__))
#define noinline_for_stack noinline
#define __noreturn __attribute__((__noreturn__))
#define __packed __attribute__((__packed__))
#define __aligned(x) __attribute__((__aligned__(x)))
#define __printf(a, b) __attribute__((__format__(__printf__, a, b)))
#define __maybe_unused __attribute__((__unused__))
#define __always_unused __attribute__((__unused__))
#define __used __attribute__((__used__))
#define __weak __attribute__((__weak__))
#define __pure __attribute__((__pure__))
#define __attribute_const__ __attribute__((__const__))
#define __cold __attribute__((__cold__))
#define __malloc __attribute__((__malloc__))
#define __must_check __attribute__((__warn_unused_result__))
/* Rows of a section stay in the order of the source. */
#if __has_attribute(__no_reorder__)
#define __in_order __attribute__((__no_reorder__))
#else
#define __in_order
#endif
#define __section(s) __attribute__((__section__(s)))
#define __visible
#define notrace
#define fallthrough __attribute__((__fallthrough__))
#define asmlinkage
#define __counted_by(member)
#define __no_sanitize_address __attribute__((__no_sanitize_address__))
#define ____cacheline_aligned __aligned(64)
#define ____cacheline_aligned_in_smp __aligned(64)
#define __read_mostly
#define __ro_after_init

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define __same_type(a, b) \
	__builtin_types_compatible_p(__typeof__(a), __typeof__(b))

#endif
