/* SPDX-License-Identifier: MIT */
/*
 * What a hypervisor's operator does to a virtio-balloon: moves its target, asks
 * for statistics, begins and ends free page hinting, watches for reports.  The
 * driver is told through configuration space or by a used buffer; an action ends
 * when its answer comes.
 */
#include <errno.h>

#include "models/virtio/balloon.h"
#include "models/virtio/vpci.h"

static struct virtio_balloon *balloon_of(struct pci_function *fn)
{
	return vballoon_of(((struct vpci *)fn)->vdev);
}

static void finish(struct virtio_balloon *b)
{
	struct pci_host *h = b->vdev.host;

	b->waits = VBALLOON_NOTHING;
	h->ops->action_done(h, 0);
}

void vballoon_done(struct virtio_balloon *b, enum vballoon_wait what)
{
	if (b->waits == what)
		finish(b);
}

/* The target stays what it is over resets of the device: it is the operator's. */
static int set_target(struct pci_function *fn,
		      const struct device_value *values)
{
	struct virtio_balloon *b = balloon_of(fn);
	uint32_t pages = (uint32_t)values[0].i;
	uint32_t was = vballoon_get(b, VBALLOON_NUM_PAGES);

	b->waits = VBALLOON_TARGET_REACHED;
	vballoon_set(b, VBALLOON_NUM_PAGES, pages);
	virtio_event(&b->vdev, MODEL_EV_NOTE, VIRTIO_NO_QUEUE, pages,
		     "the balloon's target");
	if (was != pages || vballoon_get(b, VBALLOON_ACTUAL) != pages)
		virtio_config_changed(&b->vdev);
	if (vballoon_get(b, VBALLOON_ACTUAL) == pages)
		finish(b);
	return 0;
}

/* The lane gives the buffer back that it keeps, now or once it has one.  Where the
 * driver has been asked and has not answered yet, its answer is to both. */
static int ask_for_stats(struct pci_function *fn,
			 const struct device_value *values)
{
	struct virtio_balloon *b = balloon_of(fn);
	struct pci_host *h = b->vdev.host;

	(void)values;
	if (!virtio_has(&b->vdev, VIRTIO_BALLOON_F_STATS_VQ))
		return -EOPNOTSUPP;
	b->waits = VBALLOON_STATS_BACK;
	b->stats_wanted = !b->stats_asked;
	for (uint16_t q = 0; q < b->vdev.nqueues; q++)
		if (vballoon_role(b->vdev.features, q) == VBALLOON_STATSQ)
			h->ops->lane_schedule(h, q, 0);
	return 0;
}

static void command(struct virtio_balloon *b, uint32_t id)
{
	vballoon_set(b, VBALLOON_CMD_ID, id);
	virtio_event(&b->vdev, MODEL_EV_NOTE, VIRTIO_NO_QUEUE, id,
		     "free_page_hint_cmd_id");
	virtio_config_changed(&b->vdev);
}

/* An ID is not used again before the driver has sent STOP (5.5.6.5.2): ours only
 * come round after 2^32. */
static int start_hinting(struct pci_function *fn,
			 const struct device_value *values)
{
	struct virtio_balloon *b = balloon_of(fn);

	(void)values;
	if (!virtio_has(&b->vdev, VIRTIO_BALLOON_F_FREE_PAGE_HINT))
		return -EOPNOTSUPP;
	b->waits = VBALLOON_HINT_STOPPED;
	b->hinted = 0;
	command(b, b->next_cmd_id);
	if (++b->next_cmd_id < VBALLOON_FIRST_CMD_ID)
		b->next_cmd_id = VBALLOON_FIRST_CMD_ID;
	return 0;
}

/* Hints are of no more use: the driver ends with STOP, if it has begun. */
static int stop_hinting(struct pci_function *fn,
			const struct device_value *values)
{
	struct virtio_balloon *b = balloon_of(fn);

	(void)values;
	if (!virtio_has(&b->vdev, VIRTIO_BALLOON_F_FREE_PAGE_HINT))
		return -EOPNOTSUPP;
	b->waits = VBALLOON_HINT_STOPPED;
	command(b, VIRTIO_BALLOON_CMD_ID_STOP);
	if (b->hint_id == VIRTIO_BALLOON_CMD_ID_STOP)
		finish(b);
	return 0;
}

/* The driver may have its pages back, and says nothing to that. */
static int end_hinting(struct pci_function *fn,
		       const struct device_value *values)
{
	struct virtio_balloon *b = balloon_of(fn);

	(void)values;
	if (!virtio_has(&b->vdev, VIRTIO_BALLOON_F_FREE_PAGE_HINT))
		return -EOPNOTSUPP;
	command(b, VIRTIO_BALLOON_CMD_ID_DONE);
	finish(b);
	return 0;
}

/* Drivers report in their own time; this one only watches. */
static int await_reports(struct pci_function *fn,
			 const struct device_value *values)
{
	struct virtio_balloon *b = balloon_of(fn);

	if (!virtio_has(&b->vdev, VIRTIO_BALLOON_F_PAGE_REPORTING))
		return -EOPNOTSUPP;
	b->waits = VBALLOON_REPORTED;
	b->reports_wanted = (uint64_t)values[0].i;
	if (b->reported >= b->reports_wanted)
		finish(b);
	return 0;
}

static const struct device_property reports_params[] = {
	{ "pages", DEVICE_PROP_INT, true, 0, 0, INT64_MAX,
	  "pages of 4096 bytes that are to have been reported, in all" },
	{ .name = NULL },
};

static const struct device_property target_params[] = {
	{ "pages", DEVICE_PROP_INT, true, 0, 0, UINT32_MAX,
	  "pages of 4096 bytes that are to be in the balloon" },
	{ .name = NULL },
};

const struct device_action vballoon_actions[] = {
	{ "balloon.target", "sets num_pages; ends when the driver's actual is that",
	  target_params, set_target },
	{ "balloon.stats",
	  "asks for memory statistics; ends when they have come", NULL,
	  ask_for_stats },
	{ "balloon.free-page-hint",
	  "asks for hints of free pages with a new command ID; ends when the driver has sent STOP",
	  NULL, start_hinting },
	{ "balloon.free-page-stop",
	  "has no more use for hints; ends when the driver has sent STOP, if it had begun",
	  NULL, stop_hinting },
	{ "balloon.free-page-done",
	  "lets the driver have its hinted pages back; ends at once", NULL,
	  end_hinting },
	{ "balloon.reports",
	  "watches; ends when the driver has reported so many free pages",
	  reports_params, await_reports },
	{ .name = NULL },
};
