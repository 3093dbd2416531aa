/* SPDX-License-Identifier: MIT */
/*
 * What a guest image is made of, seen from the file that describes it
 * (guestdrv/images/): the kernel's entry functions, fault points, options and
 * actions, to be joined with those of the drivers.
 */
#ifndef RINGSIDE_IMAGE_H
#define RINGSIDE_IMAGE_H

#include <linux/compiler.h>
#include <linux/types.h>
#include "guestdrv/abi/machine.h"

/* An image's name and its line of text: of an image whose accesses are checked
 * (kernel/access.c) too. */
#ifdef GUEST_CHECKED
#define GUEST_IMAGE_NAME(name) name "-checked"
#define GUEST_IMAGE_ABOUT(text) text ", each access to memory checked"
#else
#define GUEST_IMAGE_NAME(name) name
#define GUEST_IMAGE_ABOUT(text) text
#endif

/* For struct guest_image. */
int guest_kernel_boot(struct machine *m, const struct machine_calls *calls,
		      const struct machine_info *info);
void guest_kernel_interrupt(u32 cpu, enum machine_irq_source source,
			    u32 number);
void guest_kernel_shutdown(void);
void guest_kernel_dump_coverage(void);

extern const struct guest_fault_point guest_kernel_fault_points[];

/* Rows for the image's options table. */
#define GUEST_KERNEL_OPTIONS                                              \
	{ "dma", GUEST_PARAM_STRING, false, 0,                            \
	  "direct, or bounce: each DMA mapping is a copy" },              \
	{ "pci_config", GUEST_PARAM_STRING, false, 0,                     \
	  "how PCI config space is reached: ecam, or io: the ports CF8h "  \
	  "and CFCh" },                                                   \
	{ "page_poison", GUEST_PARAM_BOOL, false, 0,                      \
	  "every free page holds the poison byte, also of users' memory" }

/* The value of a guest option, or NULL. */
const char *guest_option(const char *name);
bool guest_option_bool(const char *name, bool deflt);
long guest_option_int(const char *name, long deflt);

/*
 * An action runs on a thread that the kernel does not know, so it enters
 * through the kernel, which gives it a task and the device that its `params`
 * name, and complains of locks it leaves held.  GUEST_ACTION(row_fn, fn, params)
 * defines row_fn, for the action table's `run`.
 */
int guest_action_run(int (*fn)(const struct guest_value *values),
		     const struct guest_param *params,
		     const struct guest_value *values);
#define GUEST_ACTION(row_fn, fn, params)                            \
	static int row_fn(const struct guest_value *values)         \
	{                                                           \
		return guest_action_run(fn, params, values);        \
	}                                                           \
	_Static_assert(1, "")

/* The kernel's own: run through guest_action_run already. */
extern const struct guest_param guest_driver_action_params[],
	guest_memory_take_params[], guest_memory_give_params[],
	guest_rng_read_params[], guest_irq_affinity_params[],
	guest_register_read_params[], guest_register_write_params[];
int guest_action_driver_bind(const struct guest_value *values);
int guest_action_driver_unbind(const struct guest_value *values);
int guest_action_memory_take(const struct guest_value *values);
int guest_action_memory_give(const struct guest_value *values);
int guest_action_rng_read(const struct guest_value *values);
int guest_action_irq_affinity(const struct guest_value *values);
int guest_action_register_read(const struct guest_value *values);
int guest_action_register_write(const struct guest_value *values);
#define GUEST_KERNEL_ACTIONS                                              \
	{ "driver.bind", "offers a device to the drivers",                \
	  guest_driver_action_params, guest_action_driver_bind },         \
	{ "driver.unbind", "takes a device from its driver",              \
	  guest_driver_action_params, guest_action_driver_unbind },       \
	{ "memory.take", "holds pages, as a process that needs memory",   \
	  guest_memory_take_params, guest_action_memory_take },           \
	{ "memory.give", "gives all of them back, unchanged",             \
	  guest_memory_give_params, guest_action_memory_give },           \
	{ "rng.read", "reads random bytes and looks whether they are new", \
	  guest_rng_read_params, guest_action_rng_read },                 \
	{ "irq.affinity", "sends a device's interrupt to another CPU",    \
	  guest_irq_affinity_params, guest_action_irq_affinity },         \
	{ "register.read", "reads a device's register, past its driver",  \
	  guest_register_read_params, guest_action_register_read },       \
	{ "register.write", "writes a device's register, past its driver", \
	  guest_register_write_params, guest_action_register_write }

/* Visible from outside the image. */
#define GUEST_EXPORT __attribute__((__visibility__("default")))

#endif
