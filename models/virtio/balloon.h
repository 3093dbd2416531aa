/* SPDX-License-Identifier: MIT */
/*
 * virtio-balloon, the traditional memory balloon device (virtio 1.2 section 5.5):
 * what balloon.c, which builds the device and has its configuration space,
 * balloon_queues.c, which serves its queues, and balloon_actions.c, where the
 * operator comes in, share.
 */
#ifndef RINGSIDE_MODELS_VIRTIO_BALLOON_H
#define RINGSIDE_MODELS_VIRTIO_BALLOON_H

#include "models/virtio/pfn_set.h"
#include "models/virtio/virtio.h"

#define VIRTIO_ID_BALLOON 5u

/* Feature bits, 5.5.3. */
#define VIRTIO_BALLOON_F_MUST_TELL_HOST 0
#define VIRTIO_BALLOON_F_STATS_VQ 1
#define VIRTIO_BALLOON_F_DEFLATE_ON_OOM 2
#define VIRTIO_BALLOON_F_FREE_PAGE_HINT 3
#define VIRTIO_BALLOON_F_PAGE_POISON 4
#define VIRTIO_BALLOON_F_PAGE_REPORTING 5

/* Of free_page_hint_cmd_id, 5.5.6.5; others begin a hinting. */
#define VIRTIO_BALLOON_CMD_ID_STOP 0u
#define VIRTIO_BALLOON_CMD_ID_DONE 1u
#define VBALLOON_FIRST_CMD_ID 2u

/* The unit of page frame numbers and of num_pages, whatever the guest's own. */
#define VBALLOON_PAGE_BYTES 4096u
/* Pages of one request; a limit of ours. */
#define VBALLOON_PFNS_MAX 16384u
/* Statistics tags, 5.5.6.4: 0 .. 9. */
#define VBALLOON_STATS 10u

/* In the order of their numbers, 5.5.2. */
enum vballoon_role {
	VBALLOON_INFLATE,
	VBALLOON_DEFLATE,
	VBALLOON_STATSQ,
	VBALLOON_FREE_PAGE,
	VBALLOON_REPORTING,
	VBALLOON_ROLES
};

enum vballoon_config_row {
	VBALLOON_NUM_PAGES,
	VBALLOON_ACTUAL,
	VBALLOON_CMD_ID,
	VBALLOON_POISON_VAL
};

/* Page frame numbers of a request that the driver has not got back yet. */
struct vballoon_pfns {
	uint32_t count;
	uint32_t pfn[VBALLOON_PFNS_MAX];
};

/* What the operator's action waits for. */
enum vballoon_wait {
	VBALLOON_NOTHING,
	VBALLOON_TARGET_REACHED,  /* actual is num_pages */
	VBALLOON_STATS_BACK,      /* the buffer that was asked for */
	VBALLOON_HINT_STOPPED,    /* STOP from the driver */
	VBALLOON_REPORTED         /* reports_wanted pages */
};

struct virtio_balloon {
	struct virtio_device vdev; /* first */
	uint64_t latency;          /* ps a request */
	bool discard;              /* pages lose their contents */
	bool check_poison;         /* reported pages are looked at */
	struct pfn_set pages;      /* in the balloon: given and acknowledged */
	struct vballoon_pfns pending[2]; /* of INFLATE and DEFLATE */
	enum vballoon_wait waits;
	/* statsq: a buffer is kept until the next one is wanted. */
	bool stats_held;
	bool stats_wanted;         /* give it back as soon as there is one */
	bool stats_asked;          /* given back; the next one is the answer */
	uint64_t stats[VBALLOON_STATS];
	uint32_t stats_known;      /* a bit a tag */
	/* free_page_vq */
	uint32_t next_cmd_id;
	uint32_t hint_id;          /* as the driver sent it last */
	uint32_t hint_command;     /* of the request that is being served */
	bool hint_command_new;
	uint64_t hinted, reported; /* pages; of the present hinting, of all time */
	uint64_t reports_wanted;
};

extern const struct device_model virtio_balloon_model;
extern const struct reg_block vballoon_config_regs;

static inline struct virtio_balloon *vballoon_of(struct virtio_device *vdev)
{
	return (struct virtio_balloon *)vdev; /* vdev is its first member */
}

uint32_t vballoon_get(const struct virtio_balloon *b,
		      enum vballoon_config_row row);
void vballoon_set(struct virtio_balloon *b, enum vballoon_config_row row,
		  uint32_t value);
/* Which queue `queue` is; VBALLOON_ROLES: none. */
enum vballoon_role vballoon_role(uint64_t features, uint16_t queue);

/* balloon_queues.c, ops of the device core. */
void vballoon_queue_run(struct virtio_device *vdev, struct vq *vq);
void vballoon_queue_reset(struct virtio_device *vdev, uint16_t queue);

/* balloon_actions.c: what happened may end the operator's action. */
void vballoon_done(struct virtio_balloon *b, enum vballoon_wait what);
extern const struct device_action vballoon_actions[];

#endif
