/* SPDX-License-Identifier: MIT */
/*
 * The block driver's rows of an image's tables: actions and options.  Read by
 * guestdrv/images/.
 */
#ifndef RINGSIDE_GUESTDRV_DRIVERS_VIRTIO_BLK_ACTIONS_H
#define RINGSIDE_GUESTDRV_DRIVERS_VIRTIO_BLK_ACTIONS_H

#include <ringside/image.h>

extern const struct guest_param virtblk_read_params[], virtblk_write_params[],
	virtblk_flush_params[], virtblk_id_params[], virtblk_affinity_params[],
	virtblk_reset_params[], virtblk_ranges_params[],
	virtblk_zeroes_params[], virtblk_lifetime_params[];
int virtblk_action_read(const struct guest_value *values);
int virtblk_action_write(const struct guest_value *values);
int virtblk_action_flush(const struct guest_value *values);
int virtblk_action_id(const struct guest_value *values);
int virtblk_action_affinity(const struct guest_value *values);
int virtblk_action_reset(const struct guest_value *values);
/* virtio_blk_ranges.c */
int virtblk_action_discard(const struct guest_value *values);
int virtblk_action_erase(const struct guest_value *values);
int virtblk_action_zeroes(const struct guest_value *values);
int virtblk_action_lifetime(const struct guest_value *values);

#define VIRTBLK_ACTIONS                                                      \
	{ "blk.read", "reads sectors and compares them with the medium",     \
	  virtblk_read_params, virtblk_action_read },                        \
	{ "blk.write", "writes sectors with a pattern",                      \
	  virtblk_write_params, virtblk_action_write },                      \
	{ "blk.flush", "asks the device to make writes durable",             \
	  virtblk_flush_params, virtblk_action_flush },                      \
	{ "blk.id", "asks the device for its serial number",                 \
	  virtblk_id_params, virtblk_action_id },                            \
	{ "blk.affinity", "sends a request queue's interrupt to another CPU", \
	  virtblk_affinity_params, virtblk_action_affinity },                \
	{ "blk.reset-queue", "resets one queue and sets it up again",        \
	  virtblk_reset_params, virtblk_action_reset },                      \
	{ "blk.discard", "tells the device that sectors are not used",       \
	  virtblk_ranges_params, virtblk_action_discard },                   \
	{ "blk.secure-erase", "has sectors erased for good",                 \
	  virtblk_ranges_params, virtblk_action_erase },                     \
	{ "blk.write-zeroes", "has sectors filled with zeroes",              \
	  virtblk_zeroes_params, virtblk_action_zeroes },                    \
	{ "blk.lifetime", "asks the device how worn its medium is",          \
	  virtblk_lifetime_params, virtblk_action_lifetime }

#define VIRTBLK_OPTIONS                                                      \
	{ "max_queues", GUEST_PARAM_INT, false, 0,                           \
	  "request queues that the block driver uses; 0: all there are" },  \
	{ "notify_locked", GUEST_PARAM_BOOL, false, 0,                       \
	  "the block driver notifies, and waits until that has arrived, with " \
	  "the queue's lock held" }

#endif
