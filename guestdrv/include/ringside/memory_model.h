/* SPDX-License-Identifier: MIT */
/*
 * The one header through which guest code says where memory accesses matter:
 * READ_ONCE, WRITE_ONCE, barriers, cpu_relax.  A machine runs one context at a
 * time and switches only in machine calls, so a compiler barrier is all that
 * the strongest of them needs; an image flavour that lets the other side run
 * at these points changes this file and no other.  Included by
 * linux/compiler.h.
 */
#ifndef RINGSIDE_MEMORY_MODEL_H
#define RINGSIDE_MEMORY_MODEL_H

#if defined(GUEST_CHECKED) && !defined(GUEST_UNCHECKED_FILE)
/* kernel/access.c: a call for each reading, or two of the same place in a row
 * would be checked, and told, as one. */
void guest_checked_read_once(const volatile void *from, void *to,
			     __SIZE_TYPE__ size);
#define READ_ONCE(x)                                             \
	({                                                       \
		union {                                          \
			__typeof__(x) value;                     \
			char bytes[sizeof(x)];                   \
		} read_once_;                                    \
		guest_checked_read_once(&(x), read_once_.bytes,  \
					sizeof(x));              \
		read_once_.value;                                \
	})
#else
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#endif
#define WRITE_ONCE(x, val) (*(volatile __typeof__(x) *)&(x) = (val))

#define barrier() __asm__ __volatile__("" : : : "memory")

#define mb() barrier()
#define rmb() barrier()
#define wmb() barrier()
#define dma_mb() barrier()
#define dma_rmb() barrier()
#define dma_wmb() barrier()
#define smp_mb() barrier()
#define smp_rmb() barrier()
#define smp_wmb() barrier()
#define virt_mb() barrier()
#define virt_rmb() barrier()
#define virt_wmb() barrier()
#define smp_mb__before_atomic() barrier()
#define smp_mb__after_atomic() barrier()

#define smp_store_release(p, v)          \
	do {                             \
		barrier();               \
		WRITE_ONCE(*(p), (v));   \
	} while (0)
#define smp_load_acquire(p)                               \
	({                                                \
		__typeof__(*(p)) once_ = READ_ONCE(*(p)); \
		barrier();                                \
		once_;                                    \
	})
#define smp_store_mb(var, val)             \
	do {                               \
		WRITE_ONCE((var), (val));  \
		barrier();                 \
	} while (0)
#define virt_store_mb(var, val) smp_store_mb(var, val)
#define virt_store_release(p, v) smp_store_release(p, v)
#define virt_load_acquire(p) smp_load_acquire(p)

/* One turn of a polling loop: a machine call that lets time pass. */
void cpu_relax(void);

#endif
