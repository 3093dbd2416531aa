/* SPDX-License-Identifier: MIT */
/*
 * Mistakes that only a failure brings about: what a sweep is for.  Without one
 * these actions do nothing wrong.
 */
#include "tests/guests/misbehaving.h"

#include <linux/errno.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <ringside/note.h>

struct set {
	void *a, *b, *c;
};

/* Where the third fails the second stays. */
static noinline int make_set(struct set *s)
{
	s->a = kmalloc(64, GFP_KERNEL);
	if (!s->a)
		return -ENOMEM;
	s->b = kmalloc(64, GFP_KERNEL);
	if (!s->b)
		goto free_a;
	s->c = kmalloc(64, GFP_KERNEL);
	if (!s->c)
		goto free_a;
	return 0;

free_a:
	kfree(s->a);
	return -ENOMEM;
}

static int leak_after_third(const struct guest_value *v)
{
	struct set s;
	int err = make_set(&s);

	(void)v;
	if (err)
		return err;
	kfree(s.c);
	kfree(s.b);
	kfree(s.a);
	return 0;
}
MISBEHAVE(leak_after_third, misbehave_no_params);

static bool resentful;

/* Once it has been refused memory it looks at the device before each use. */
static int bear_a_grudge(const struct guest_value *v)
{
	struct device *dev = guest_device_find((u32)v[0].i);
	void *p = kmalloc(64, GFP_KERNEL);
	u16 id;

	if (!dev || !p) {
		resentful = true;
		kfree(p);
		return -ENOMEM;
	}
	if (resentful)
		pci_read_config_word(to_pci_dev(dev), PCI_DEVICE_ID, &id);
	kfree(p);
	return 0;
}
MISBEHAVE(bear_a_grudge, misbehave_device_params);
