/* SPDX-License-Identifier: MIT */
/*
 * Devices, drivers, buses (kernel/device.c).  A device added to a bus is
 * offered to each driver that matches; a driver registered is offered each
 * device without one.
 */
#ifndef LINUX_DEVICE_H
#define LINUX_DEVICE_H

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pm.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

/* What match and uevent get became const between two Linux versions; their
 * sources say which they are (guestdrv/linux/include/generated/autoconf.h). */
#ifndef GUEST_MATCH_CONST
#define GUEST_MATCH_CONST
#endif
#ifndef GUEST_UEVENT_CONST
#define GUEST_UEVENT_CONST
#endif

struct bus_type;
struct cpumask;
struct device_driver;
struct dev_pm_ops;
struct device_node;

struct device {
	struct kobject kobj;
	struct device *parent;
	const char *init_name;
	const struct bus_type *bus;
	struct device_driver *driver;
	void *driver_data;
	void *platform_data;
	u64 *dma_mask;
	u64 coherent_dma_mask;
	void (*release)(struct device *dev);
	const struct attribute_group **groups;
	struct device_node *of_node;
	struct mutex mutex;         /* held over probe and remove */
	struct list_head bus_node;  /* the kernel's own from here */
	bool added;
	bool can_match;
	int probe_error;            /* of the last probe below this device */
};

struct bus_type {
	const char *name;
	const struct attribute_group **dev_groups;
	int (*match)(struct device *dev,
		     GUEST_MATCH_CONST struct device_driver *drv);
	int (*uevent)(GUEST_UEVENT_CONST struct device *dev,
		      struct kobj_uevent_env *env);
	int (*probe)(struct device *dev);
	void (*remove)(struct device *dev);
	void (*shutdown)(struct device *dev);
	int (*dma_configure)(struct device *dev);
	const struct dev_pm_ops *pm;
};

struct device_driver {
	const char *name;
	const struct bus_type *bus;
	struct module *owner;
	const char *mod_name;
	bool suppress_bind_attrs;
	int (*probe)(struct device *dev);
	int (*remove)(struct device *dev);
	const struct attribute_group **groups;
	const struct attribute_group **dev_groups;
	const struct dev_pm_ops *pm;
	struct list_head bus_node;  /* the kernel's own */
};

int __must_check bus_register(const struct bus_type *bus);
void bus_unregister(const struct bus_type *bus);
int bus_for_each_dev(const struct bus_type *bus, struct device *start,
		     void *data, int (*fn)(struct device *dev, void *data));

int __must_check driver_register(struct device_driver *drv);
void driver_unregister(struct device_driver *drv);

void device_initialize(struct device *dev);
/* Afterwards the device is given back by put_device only, also on error. */
int __must_check device_add(struct device *dev);
void device_del(struct device *dev);
int __must_check device_register(struct device *dev);
void device_unregister(struct device *dev);
struct device *get_device(struct device *dev);
void put_device(struct device *dev);
__printf(2, 3) int dev_set_name(struct device *dev, const char *fmt, ...);

/* 1: bound; 0: no driver, or its probe failed. */
int __must_check device_attach(struct device *dev);
void device_release_driver(struct device *dev);

static inline const char *dev_name(const struct device *dev)
{
	return dev->init_name ? dev->init_name : dev->kobj.name;
}

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->driver_data = data;
}

static inline int dev_to_node(struct device *dev)
{
	(void)dev;
	return -1;
}

#define device_lock(dev) mutex_lock(&(dev)->mutex)
#define device_unlock(dev) mutex_unlock(&(dev)->mutex)
const char *dev_driver_string(const struct device *dev);

__printf(3, 4) void dev_printk(const char *level, const struct device *dev,
			       const char *fmt, ...);
#define dev_emerg(dev, fmt, ...) dev_printk(KERN_EMERG, dev, fmt, ##__VA_ARGS__)
#define dev_crit(dev, fmt, ...) dev_printk(KERN_CRIT, dev, fmt, ##__VA_ARGS__)
#define dev_err(dev, fmt, ...) dev_printk(KERN_ERR, dev, fmt, ##__VA_ARGS__)
#define dev_warn(dev, fmt, ...) \
	dev_printk(KERN_WARNING, dev, fmt, ##__VA_ARGS__)
#define dev_notice(dev, fmt, ...) \
	dev_printk(KERN_NOTICE, dev, fmt, ##__VA_ARGS__)
#define dev_info(dev, fmt, ...) dev_printk(KERN_INFO, dev, fmt, ##__VA_ARGS__)
#define dev_dbg(dev, fmt, ...)                                          \
	do {                                                            \
		if (0)                                                  \
			dev_printk(KERN_DEBUG, dev, fmt, ##__VA_ARGS__); \
	} while (0)
#define dev_warn_once dev_warn
#define dev_err_ratelimited dev_err
#define dev_warn_ratelimited dev_warn
#define dev_info_ratelimited dev_info
/* Logs and returns the error. */
#define dev_err_probe(dev, err, fmt, ...)                  \
	({                                                 \
		int err_ = (err);                          \
		dev_err(dev, "error %pe: " fmt,            \
			ERR_PTR(err_), ##__VA_ARGS__);     \
		err_;                                      \
	})
#define dev_WARN_ONCE(dev, cond, fmt, ...) WARN(cond, fmt, ##__VA_ARGS__)

#endif
