/* SPDX-License-Identifier: MIT */
/* Sets of processors; at most 64. */
#ifndef LINUX_CPUMASK_H
#define LINUX_CPUMASK_H

#include <linux/bitops.h>
#include <linux/slab.h>
#include <linux/smp.h>

struct cpumask {
	unsigned long bits[1];
};
/* All of the machine's. */
extern struct cpumask guest_cpus;
#define cpu_possible_mask ((const struct cpumask *)&guest_cpus)
#define cpu_online_mask cpu_possible_mask
#define cpu_present_mask cpu_possible_mask

/* Allocated, as kernels for many CPUs have it. */
typedef struct cpumask *cpumask_var_t;

#define cpumask_set_cpu(cpu, mask) __set_bit((cpu), (mask)->bits)
#define cpumask_clear_cpu(cpu, mask) __clear_bit((cpu), (mask)->bits)
#define cpumask_test_cpu(cpu, mask) test_bit((cpu), (mask)->bits)
#define cpumask_clear(mask) ((void)((mask)->bits[0] = 0))
#define cpumask_copy(dst, src) ((void)(*(dst) = *(src)))
#define cpumask_first(mask) \
	((unsigned int)find_first_bit((mask)->bits, nr_cpu_ids))
#define cpumask_empty(mask) (cpumask_first(mask) >= nr_cpu_ids)
#define cpumask_intersects(a, b) (((a)->bits[0] & (b)->bits[0]) != 0)
#define cpumask_equal(a, b) ((a)->bits[0] == (b)->bits[0])

/* The mask of one CPU, for ever. */
const struct cpumask *cpumask_of(unsigned int cpu);
unsigned int cpumask_weight(const struct cpumask *mask);

static inline bool zalloc_cpumask_var(cpumask_var_t *mask, gfp_t gfp)
{
	*mask = kzalloc(sizeof(**mask), gfp);
	return *mask;
}

static inline bool alloc_cpumask_var(cpumask_var_t *mask, gfp_t gfp)
{
	*mask = kmalloc(sizeof(**mask), gfp);
	return *mask;
}

static inline void free_cpumask_var(cpumask_var_t mask)
{
	kfree(mask);
}

#define for_each_cpu(cpu, mask) for_each_set_bit(cpu, (mask)->bits, nr_cpu_ids)
#define for_each_online_cpu(cpu) \
	for ((cpu) = 0; (cpu) < num_online_cpus(); (cpu)++)
#define for_each_possible_cpu(cpu) for_each_online_cpu(cpu)

#endif
