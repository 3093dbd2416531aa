/* SPDX-License-Identifier: MIT */
/*
 * What happens before an allocation fails: shrinkers give back what they can
 * spare, in batches until there is a block; then, for small blocks, the OOM
 * notifiers are asked as long as one of them frees anything.  Each runs in the
 * name of the device that registered it.
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/oom.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/vmstat.h>

#define SHRINK_BATCH 128ul
/* Larger blocks are no reason to ask the OOM notifiers: pages that come back
 * one by one would hardly make one. */
#define OOM_MAX_ORDER 3u

GUEST_FAULT_SITE(site_shrinker, "guest.mem.register_shrinker");
GUEST_FAULT_SITE(site_notifier, "guest.mem.register_oom_notifier");

/* What is registered, and that it stays so while it runs. */
static struct list_head shrinkers;
static struct mutex shrinkers_lock;
static struct notifier_block *oom_chain; /* highest priority first */
static struct mutex oom_lock;

void guest_reclaim_boot(void)
{
	INIT_LIST_HEAD(&shrinkers);
	mutex_init(&shrinkers_lock);
	oom_chain = NULL;
	mutex_init(&oom_lock);
}

/* ---- shrinkers ---- */

static bool shrink_batch(struct shrinker *s, gfp_t gfp)
{
	unsigned long batch = s->batch > 0 ? (unsigned long)s->batch :
					     SHRINK_BATCH;
	struct shrink_control sc = { .gfp_mask = gfp };
	unsigned long there = s->count_objects(s, &sc), freed;

	if (!there || there == SHRINK_EMPTY)
		return false;
	sc.nr_to_scan = min(there, batch);
	sc.nr_scanned = sc.nr_to_scan;
	freed = s->scan_objects(s, &sc);
	return freed && freed != SHRINK_STOP;
}

static struct page *shrink(gfp_t gfp, unsigned int order)
{
	struct page *page = NULL;
	struct shrinker *s;
	u32 was;

	mutex_lock(&shrinkers_lock);
	list_for_each_entry(s, &shrinkers, list) {
		was = guest_context_device(s->device);
		while (!page && shrink_batch(s, gfp))
			page = guest_pages_take(gfp, order);
		guest_context_device(was);
		if (page)
			break;
	}
	mutex_unlock(&shrinkers_lock);
	return page;
}

void shrinker_register(struct shrinker *shrinker)
{
	shrinker->device = guest_current_context()->device;
	mutex_lock(&shrinkers_lock);
	list_add_tail(&shrinker->list, &shrinkers);
	mutex_unlock(&shrinkers_lock);
}

int register_shrinker(struct shrinker *shrinker, const char *fmt, ...)
{
	int err = guest_fault(&site_shrinker, NULL, GUEST_FAULT_NO_INDEX);

	(void)fmt; /* a name for debugfs, which there is not */
	if (!err)
		shrinker_register(shrinker);
	return err;
}

void unregister_shrinker(struct shrinker *shrinker)
{
	mutex_lock(&shrinkers_lock);
	list_del_init(&shrinker->list);
	mutex_unlock(&shrinkers_lock);
}

struct shrinker *shrinker_alloc(unsigned int flags, const char *fmt, ...)
{
	struct shrinker *s;

	(void)fmt;
	if (guest_fault(&site_shrinker, NULL, GUEST_FAULT_NO_INDEX))
		return NULL;
	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return NULL;
	s->flags = flags;
	s->seeks = DEFAULT_SEEKS;
	INIT_LIST_HEAD(&s->list);
	return s;
}

void shrinker_free(struct shrinker *shrinker)
{
	if (!shrinker)
		return;
	unregister_shrinker(shrinker);
	kfree(shrinker);
}

/* ---- out of memory ---- */

/* Where in the chain nb is, or (nb NULL) one of that priority would go. */
static struct notifier_block **oom_place(const struct notifier_block *nb,
					 int priority)
{
	struct notifier_block **at = &oom_chain;

	while (*at && (nb ? *at != nb : (*at)->priority >= priority))
		at = &(*at)->next;
	return at;
}

int register_oom_notifier(struct notifier_block *nb)
{
	int err = guest_fault(&site_notifier, NULL, GUEST_FAULT_NO_INDEX);
	struct notifier_block **at;

	if (err)
		return err;
	mutex_lock(&oom_lock);
	if (*oom_place(nb, 0)) {
		err = -EEXIST;
	} else {
		at = oom_place(NULL, nb->priority);
		nb->device = guest_current_context()->device;
		nb->next = *at;
		*at = nb;
	}
	mutex_unlock(&oom_lock);
	return err;
}

int unregister_oom_notifier(struct notifier_block *nb)
{
	struct notifier_block **at;
	int err = -ENOENT;

	mutex_lock(&oom_lock);
	at = oom_place(nb, 0);
	if (*at) {
		*at = nb->next;
		err = 0;
	}
	mutex_unlock(&oom_lock);
	return err;
}

/* Pages that were freed, as the notifiers say. */
static unsigned long oom_notify(void)
{
	struct notifier_block *nb;
	unsigned long freed = 0;
	int answer = NOTIFY_DONE;
	u32 was;

	for (nb = oom_chain; nb && !(answer & NOTIFY_STOP_MASK);
	     nb = nb->next) {
		was = guest_context_device(nb->device);
		answer = nb->notifier_call(nb, 0, &freed);
		guest_context_device(was);
	}
	return freed;
}

static bool may_oom(gfp_t gfp, unsigned int order)
{
	return order <= OOM_MAX_ORDER &&
	       !(gfp & (__GFP_NORETRY | __GFP_RETRY_MAYFAIL));
}

static struct page *oom(gfp_t gfp, unsigned int order)
{
	struct page *page;

	mutex_lock(&oom_lock);
	/* Whoever had the lock may have made room for two. */
	page = guest_pages_take(gfp, order);
	while (!page && oom_notify())
		page = guest_pages_take(gfp, order);
	mutex_unlock(&oom_lock);
	return page;
}

struct page *guest_pages_get(gfp_t gfp, unsigned int order)
{
	struct page *page = guest_pages_take(gfp, order);
	struct guest_context *ctx;

	if (page || order >= MAX_ORDER || !gfpflags_allow_blocking(gfp))
		return page;
	ctx = guest_current_context();
	if (ctx->reclaiming)
		return NULL;
	ctx->reclaiming = true;
	count_vm_event(ALLOCSTALL_NORMAL);
	page = shrink(gfp, order);
	if (!page && may_oom(gfp, order))
		page = oom(gfp, order);
	ctx->reclaiming = false;
	return page;
}
