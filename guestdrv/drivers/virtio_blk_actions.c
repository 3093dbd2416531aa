/* SPDX-License-Identifier: MIT */
/*
 * What a scenario's workload can ask of a block device: read, write, flush, id.
 * Each request that is sent is reported, and data goes to the machine for
 * comparison with its own copy of the medium.
 */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <ringside/note.h>

#include "guestdrv/drivers/virtio_blk.h"
#include "guestdrv/drivers/virtio_blk_actions.h"
#include "guestdrv/virtio/virtio_config.h"

/* Limits of what a workload may ask for at once. */
#define VIRTBLK_MAX_CHUNK 2048 /* sectors: 1 MiB */
#define VIRTBLK_MAX_DEPTH 1024

enum { READ_DEVICE, READ_SECTOR, READ_SECTORS, READ_VERIFY, READ_CHUNK,
       READ_DEPTH, READ_QUEUE, READ_LOCAL };
enum { WRITE_DEVICE, WRITE_SECTOR, WRITE_SECTORS, WRITE_PATTERN, WRITE_CHUNK,
       WRITE_DEPTH, WRITE_QUEUE, WRITE_LOCAL, WRITE_UNCHECKED };
enum { FLUSH_DEVICE, FLUSH_QUEUE };
enum { ID_DEVICE, ID_EXPECT };
enum { AFFINITY_DEVICE, AFFINITY_QUEUE, AFFINITY_CPU };
enum { RESET_DEVICE, RESET_QUEUE, RESET_ENTRIES };

#define PARAM_DEVICE { "device", GUEST_PARAM_DEVICE, true, 0, "the block device" }
#define PARAM_SECTOR { "sector", GUEST_PARAM_INT, false, 0, "the first sector" }
#define PARAM_SECTORS \
	{ "sectors", GUEST_PARAM_INT, false, 0, "how many; 0: to the end" }
#define PARAM_CHUNK \
	{ "chunk", GUEST_PARAM_INT, false, 8, "sectors of a request, at most" }
#define PARAM_DEPTH \
	{ "depth", GUEST_PARAM_INT, false, 1, "requests in flight, at most" }
#define PARAM_QUEUE \
	{ "queue", GUEST_PARAM_INT, false, -1, "which queue; -1: each in turn" }
#define PARAM_LOCAL \
	{ "local", GUEST_PARAM_BOOL, false, 0, \
	  "the queue whose interrupt comes to this CPU" }
#define PARAM_END { NULL, GUEST_PARAM_INT, false, 0, NULL }

const struct guest_param virtblk_read_params[] = {
	PARAM_DEVICE, PARAM_SECTOR, PARAM_SECTORS,
	{ "verify", GUEST_PARAM_BOOL, false, 1, "compare with the medium" },
	PARAM_CHUNK, PARAM_DEPTH, PARAM_QUEUE, PARAM_LOCAL,
	PARAM_END
};

const struct guest_param virtblk_write_params[] = {
	PARAM_DEVICE, PARAM_SECTOR, PARAM_SECTORS,
	{ "pattern", GUEST_PARAM_INT, false, 0, "seed of what is written" },
	PARAM_CHUNK, PARAM_DEPTH, PARAM_QUEUE, PARAM_LOCAL,
	{ "unchecked", GUEST_PARAM_BOOL, false, 0,
	  "send it to a read-only disk too" },
	PARAM_END
};

const struct guest_param virtblk_flush_params[] = {
	PARAM_DEVICE, PARAM_QUEUE, PARAM_END
};

const struct guest_param virtblk_id_params[] = {
	PARAM_DEVICE,
	{ "expect", GUEST_PARAM_STRING, false, 0, "what it has to be" },
	PARAM_END
};

const struct guest_param virtblk_affinity_params[] = {
	PARAM_DEVICE,
	{ "queue", GUEST_PARAM_INT, true, 0, "which queue" },
	{ "cpu", GUEST_PARAM_INT, true, 0, "where its interrupt shall go" },
	PARAM_END
};

const struct guest_param virtblk_reset_params[] = {
	PARAM_DEVICE,
	{ "queue", GUEST_PARAM_INT, true, 0, "which queue" },
	{ "entries", GUEST_PARAM_INT, false, 0,
	  "how many it has afterwards; 0: as many as before" },
	PARAM_END
};

/* A range of sectors, moved in requests of `chunk` with `depth` in flight. */
struct virtblk_job {
	struct virtio_blk *vblk;
	struct virtblk_stream stream;
	u32 type;
	u64 sector, left;
	u32 chunk;
	unsigned int depth;
	int queue;             /* -1: each in turn */
	unsigned int turn;
	bool verify;
	u64 pattern;
	void **buffers;        /* that no request uses; a stack */
	unsigned int idle;     /* how many */
	int err;               /* the first one */
};

static struct device *virtblk_dev(struct virtio_blk *vblk)
{
	return &vblk->vdev->dev;
}

/* Any 64-bit value to one that looks like chance (an odd multiplier and two
 * shifts: each step can be undone, so different sectors stay different). */
static u64 virtblk_mix(u64 x)
{
	x ^= x >> 31;
	x *= 0x9e3779b97f4a7c15ull;
	return x ^ x >> 29;
}

/* Every word of the medium gets its own value. */
static void virtblk_make_pattern(void *buf, u64 sector, u32 len, u64 seed)
{
	u64 first = sector * (VIRTIO_BLK_SECTOR / sizeof(u64));
	u64 *words = buf;
	u32 i;

	seed = virtblk_mix(seed + 1);
	for (i = 0; i < len / sizeof(u64); i++)
		words[i] = virtblk_mix(seed ^ (first + i));
}

/* What a finished request of the job amounts to. */
static int virtblk_check(struct virtblk_job *job, const struct virtblk_req *req)
{
	struct device *dev = virtblk_dev(job->vblk);
	u64 offset = req->sector * VIRTIO_BLK_SECTOR;

	guest_note_request(dev, req->result);
	if (req->result && req->sent && req->type == VIRTIO_BLK_T_OUT)
		guest_data_in_doubt(dev, offset, req->data, req->len);
	if (req->result)
		return req->result;
	if (req->type == VIRTIO_BLK_T_OUT)
		guest_data_written(dev, offset, req->data, req->len);
	else if (job->verify &&
		 !guest_data_read(dev, offset, req->data, req->len))
		return -EBADMSG;
	return 0;
}

static void virtblk_collect(struct virtblk_job *job)
{
	struct virtblk_req *req = virtblk_wait(&job->stream);
	int err = virtblk_check(job, req);

	if (!job->err)
		job->err = err;
	job->buffers[job->idle++] = req->data;
	virtblk_free(req);
}

static struct virtblk_queue *virtblk_pick(struct virtio_blk *vblk, int queue,
					  unsigned int *turn)
{
	if (queue >= 0)
		return &vblk->queues[queue];
	return &vblk->queues[(*turn)++ % vblk->nqueues];
}

static int virtblk_send(struct virtblk_job *job)
{
	struct virtblk_queue *queue;
	struct virtblk_what what = {
		.type = job->type, .sector = job->sector,
		.data = job->buffers[job->idle - 1],
	};
	u32 sectors = (u32)min((u64)job->chunk, job->left);
	int err;

	what.len = sectors * VIRTIO_BLK_SECTOR;
	if (job->type == VIRTIO_BLK_T_OUT)
		virtblk_make_pattern(what.data, what.sector, what.len,
				     job->pattern);
	queue = virtblk_pick(job->vblk, job->queue, &job->turn);
	err = virtblk_start(queue, &job->stream, &what);
	if (err)
		return err;
	job->idle--;
	job->sector += sectors;
	job->left -= sectors;
	return 0;
}

/* Keeps `depth` requests in flight; stops sending after the first error. */
static int virtblk_move(struct virtblk_job *job)
{
	for (;;) {
		bool more = job->left && !job->err;

		if (!more && !job->stream.in_flight)
			return job->err;
		if (more && job->idle && !virtblk_send(job))
			continue;
		virtblk_collect(job);
	}
}

static void virtblk_free_buffers(struct virtblk_job *job)
{
	while (job->idle)
		kfree(job->buffers[--job->idle]);
	kfree(job->buffers);
}

static int virtblk_alloc_buffers(struct virtblk_job *job)
{
	job->buffers = kcalloc(job->depth, sizeof(void *), GFP_KERNEL);
	if (!job->buffers)
		return -ENOMEM;
	while (job->idle < job->depth) {
		void *buf = kmalloc((size_t)job->chunk * VIRTIO_BLK_SECTOR,
				    GFP_KERNEL);

		if (!buf) {
			virtblk_free_buffers(job);
			return -ENOMEM;
		}
		job->buffers[job->idle++] = buf;
	}
	return 0;
}

static bool virtblk_queue_valid(const struct virtio_blk *vblk, s64 queue)
{
	return queue >= -1 && queue < (s64)vblk->nqueues;
}

/* The range: inside the medium (5.2.6: a driver asks for nothing beyond it). */
static int virtblk_set_range(struct virtblk_job *job, s64 sector, s64 sectors)
{
	u64 capacity = job->vblk->capacity;

	if (sector < 0 || sectors < 0 || (u64)sector > capacity)
		return -EINVAL;
	job->sector = (u64)sector;
	job->left = sectors ? (u64)sectors : capacity - job->sector;
	return job->left > capacity - job->sector ? -EINVAL : 0;
}

/* The queue that this CPU shares with the fewest others: where the interrupt
 * comes back to the CPU, else by number. */
static int virtblk_local_queue(const struct virtio_blk *vblk)
{
	const struct virtio_config_ops *ops = vblk->vdev->config;
	unsigned int cpu = smp_processor_id(), i;

	for (i = 0; i < vblk->nqueues; i++) {
		const struct cpumask *mask = ops->get_vq_affinity(vblk->vdev, i);

		if (mask && !cpumask_equal(mask, cpu_possible_mask) &&
		    cpumask_test_cpu(cpu, mask))
			return (int)i;
	}
	return (int)(cpu % vblk->nqueues);
}

static int virtblk_set_shape(struct virtblk_job *job, s64 chunk, s64 depth,
			     s64 queue, bool local)
{
	if (local)
		queue = virtblk_local_queue(job->vblk);
	if (chunk < 1 || chunk > VIRTBLK_MAX_CHUNK || depth < 1 ||
	    depth > VIRTBLK_MAX_DEPTH || !virtblk_queue_valid(job->vblk, queue))
		return -EINVAL;
	job->chunk = min((u32)chunk, job->vblk->max_sectors);
	job->depth = (unsigned int)depth;
	job->queue = (int)queue;
	return 0;
}

static int virtblk_run_job(struct virtblk_job *job)
{
	int err = virtblk_alloc_buffers(job);

	if (err)
		return err;
	virtblk_stream_init(&job->stream);
	err = virtblk_move(job);
	virtblk_free_buffers(job);
	return err;
}

static int virtblk_read(const struct guest_value *v)
{
	struct virtblk_job job = {
		.vblk = virtblk_get((u32)v[READ_DEVICE].i),
		.type = VIRTIO_BLK_T_IN, .verify = v[READ_VERIFY].i != 0,
	};
	int err;

	if (!job.vblk)
		return -ENODEV;
	err = virtblk_set_range(&job, v[READ_SECTOR].i, v[READ_SECTORS].i);
	if (!err)
		err = virtblk_set_shape(&job, v[READ_CHUNK].i, v[READ_DEPTH].i,
					v[READ_QUEUE].i, v[READ_LOCAL].i);
	if (!err)
		err = virtblk_run_job(&job);
	virtblk_put(job.vblk);
	return err;
}

static int virtblk_write(const struct guest_value *v)
{
	struct virtblk_job job = {
		.vblk = virtblk_get((u32)v[WRITE_DEVICE].i),
		.type = VIRTIO_BLK_T_OUT, .pattern = (u64)v[WRITE_PATTERN].i,
	};
	int err;

	if (!job.vblk)
		return -ENODEV;
	err = job.vblk->read_only && !v[WRITE_UNCHECKED].i ? -EROFS : 0;
	if (!err)
		err = virtblk_set_range(&job, v[WRITE_SECTOR].i,
					v[WRITE_SECTORS].i);
	if (!err)
		err = virtblk_set_shape(&job, v[WRITE_CHUNK].i,
					v[WRITE_DEPTH].i, v[WRITE_QUEUE].i,
					v[WRITE_LOCAL].i);
	if (!err)
		err = virtblk_run_job(&job);
	virtblk_put(job.vblk);
	return err;
}

int virtblk_ask(struct virtio_blk *vblk, int queue,
		const struct virtblk_what *what)
{
	struct virtblk_stream stream;
	struct virtblk_req *req;
	unsigned int turn = 0;
	int err;

	virtblk_stream_init(&stream);
	err = virtblk_start(virtblk_pick(vblk, queue, &turn), &stream, what);
	if (err)
		return err;
	req = virtblk_wait(&stream);
	err = req->result;
	virtblk_free(req);
	guest_note_request(virtblk_dev(vblk), err);
	return err;
}

/* 5.2.6.1: sector 0, no data; only where it was negotiated. */
static int virtblk_flush(const struct guest_value *v)
{
	static const struct virtblk_what what = { .type = VIRTIO_BLK_T_FLUSH };
	struct virtio_blk *vblk = virtblk_get((u32)v[FLUSH_DEVICE].i);
	int err = -EOPNOTSUPP;

	if (!vblk)
		return -ENODEV;
	if (!virtblk_queue_valid(vblk, v[FLUSH_QUEUE].i))
		err = -EINVAL;
	else if (vblk->flush)
		err = virtblk_ask(vblk, (int)v[FLUSH_QUEUE].i, &what);
	virtblk_put(vblk);
	return err;
}

/* 5.2.6: 20 bytes of ASCII, padded with NUL, without one when it is full. */
static int virtblk_ask_id(struct virtio_blk *vblk, const char *expect)
{
	char *id = kzalloc(VIRTIO_BLK_ID_BYTES + 1, GFP_KERNEL);
	struct virtblk_what what = {
		.type = VIRTIO_BLK_T_GET_ID, .data = id,
		.len = VIRTIO_BLK_ID_BYTES,
	};
	int err;

	if (!id)
		return -ENOMEM;
	err = virtblk_ask(vblk, -1, &what);
	if (!err) {
		dev_info(virtblk_dev(vblk), "id '%s'\n", id);
		if (expect && strcmp(expect, id))
			err = -EBADMSG;
	}
	kfree(id);
	return err;
}

static int virtblk_id(const struct guest_value *v)
{
	struct virtio_blk *vblk = virtblk_get((u32)v[ID_DEVICE].i);
	int err;

	if (!vblk)
		return -ENODEV;
	err = virtblk_ask_id(vblk, v[ID_EXPECT].s);
	virtblk_put(vblk);
	return err;
}

static int virtblk_move_queue(struct virtio_blk *vblk, s64 queue, s64 cpu)
{
	if (queue < 0 || queue >= (s64)vblk->nqueues || cpu < 0 ||
	    cpu >= (s64)num_online_cpus())
		return -EINVAL;
	return vblk->vdev->config->set_vq_affinity(vblk->queues[queue].vq,
						   cpumask_of((u32)cpu));
}

static int virtblk_affinity(const struct guest_value *v)
{
	struct virtio_blk *vblk = virtblk_get((u32)v[AFFINITY_DEVICE].i);
	int err;

	if (!vblk)
		return -ENODEV;
	err = virtblk_move_queue(vblk, v[AFFINITY_QUEUE].i, v[AFFINITY_CPU].i);
	virtblk_put(vblk);
	return err;
}

static int virtblk_reset(const struct guest_value *v)
{
	struct virtio_blk *vblk = virtblk_get((u32)v[RESET_DEVICE].i);
	s64 queue = v[RESET_QUEUE].i, entries = v[RESET_ENTRIES].i;
	int err = -EINVAL;

	if (!vblk)
		return -ENODEV;
	if (queue >= 0 && virtblk_queue_valid(vblk, queue) && entries >= 0 &&
	    entries <= U16_MAX)
		err = virtblk_reset_queue(&vblk->queues[queue],
					  (unsigned int)entries);
	virtblk_put(vblk);
	return err;
}

int virtblk_action_read(const struct guest_value *values)
{
	return guest_action_run(virtblk_read, virtblk_read_params, values);
}

int virtblk_action_write(const struct guest_value *values)
{
	return guest_action_run(virtblk_write, virtblk_write_params, values);
}

int virtblk_action_flush(const struct guest_value *values)
{
	return guest_action_run(virtblk_flush, virtblk_flush_params, values);
}

int virtblk_action_id(const struct guest_value *values)
{
	return guest_action_run(virtblk_id, virtblk_id_params, values);
}

int virtblk_action_affinity(const struct guest_value *values)
{
	return guest_action_run(virtblk_affinity, virtblk_affinity_params,
				values);
}

int virtblk_action_reset(const struct guest_value *values)
{
	return guest_action_run(virtblk_reset, virtblk_reset_params, values);
}
