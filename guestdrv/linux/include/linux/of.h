/* SPDX-License-Identifier: MIT */
/* There is no device tree: no device has a node. */
#ifndef LINUX_OF_H
#define LINUX_OF_H

#include <linux/device.h>

static inline struct device_node *dev_of_node(struct device *dev)
{
	return dev->of_node;
}

static inline int of_get_available_child_count(const struct device_node *np)
{
	(void)np;
	return 0;
}

static inline struct device_node *
of_get_next_available_child(const struct device_node *np,
			    struct device_node *prev)
{
	(void)np;
	(void)prev;
	return NULL;
}

static inline bool of_device_is_compatible(const struct device_node *np,
					   const char *compat)
{
	(void)np;
	(void)compat;
	return false;
}

static inline void of_node_put(struct device_node *np)
{
	(void)np;
}

#endif
