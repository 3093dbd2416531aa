/* SPDX-License-Identifier: MIT */
/*
 * Hardware sources of random bytes: who there is, and reading from one of them
 * while it may be going away (linux/hw_random.h).
 */
#include "guestdrv/kernel/hwrng.h"

#include <linux/string.h>

#include "guestdrv/kernel/kernel.h"

GUEST_FAULT_SITE(site_register, "guest.hwrng.register");

static struct list_head hwrngs;
static struct mutex hwrngs_lock;

void guest_hwrng_boot(void)
{
	INIT_LIST_HEAD(&hwrngs);
	mutex_init(&hwrngs_lock);
}

static int hwrng_add(struct hwrng *rng)
{
	struct hwrng *other;
	int err;

	list_for_each_entry(other, &hwrngs, list)
		if (!strcmp(other->name, rng->name))
			return -EEXIST;
	err = rng->init ? rng->init(rng) : 0;
	if (!err)
		list_add_tail(&rng->list, &hwrngs);
	return err;
}

int hwrng_register(struct hwrng *rng)
{
	int err = guest_fault(&site_register, NULL, GUEST_FAULT_NO_INDEX);

	if (err)
		return err;
	if (!rng->name || !rng->read)
		return -EINVAL;
	kref_init(&rng->ref);
	init_completion(&rng->cleanup_done);
	init_completion(&rng->dying);
	mutex_init(&rng->reading);
	rng->device = guest_current_context()->device;
	mutex_lock(&hwrngs_lock);
	err = hwrng_add(rng);
	mutex_unlock(&hwrngs_lock);
	return err;
}

static void hwrng_release(struct kref *ref)
{
	struct hwrng *rng = container_of(ref, struct hwrng, ref);

	if (rng->cleanup)
		rng->cleanup(rng);
	complete(&rng->cleanup_done);
}

void hwrng_unregister(struct hwrng *rng)
{
	guest_may_sleep("hwrng_unregister");
	mutex_lock(&hwrngs_lock);
	list_del(&rng->list);
	mutex_unlock(&hwrngs_lock);
	complete_all(&rng->dying);
	guest_hwrng_put(rng);
	wait_for_completion(&rng->cleanup_done);
}

long hwrng_msleep(struct hwrng *rng, unsigned int msecs)
{
	return (long)wait_for_completion_timeout(&rng->dying,
						 msecs_to_jiffies(msecs));
}

struct hwrng *guest_hwrng_get(u32 device)
{
	struct hwrng *rng, *found = NULL;

	mutex_lock(&hwrngs_lock);
	list_for_each_entry(rng, &hwrngs, list)
		if (!found && rng->device == device)
			found = rng;
	if (found)
		kref_get(&found->ref);
	mutex_unlock(&hwrngs_lock);
	return found;
}

void guest_hwrng_put(struct hwrng *rng)
{
	kref_put(&rng->ref, hwrng_release);
}

int guest_hwrng_read(struct hwrng *rng, u8 *buf, size_t len)
{
	size_t done = 0;
	int n;

	while (done < len) {
		mutex_lock(&rng->reading);
		n = completion_done(&rng->dying) ?
			    -ENODEV :
			    rng->read(rng, buf + done, len - done, true);
		mutex_unlock(&rng->reading);
		if (n < 0)
			return n;
		if (!n)
			return completion_done(&rng->dying) ? -ENODEV : -EIO;
		if (WARN_ON((size_t)n > len - done))
			return -EIO;
		done += (size_t)n;
	}
	return 0;
}
