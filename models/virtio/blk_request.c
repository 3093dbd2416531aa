/* SPDX-License-Identifier: MIT */
/*
 * Requests of virtio-blk (virtio 1.2 5.2.6): one table of request types, a
 * function each.  A request that is wrong in itself ends with a status; only one
 * that has no header or no place for a status breaks the device.  Read by who
 * follows a request from the ring to the medium.
 */
#include <string.h>

#include "models/virtio/blk.h"
#include "models/virtio/le.h"

/* struct virtio_blk_req
 *   device-readable                    device-readable or -writable
 *   0        4          8        16    16
 *   +--------+----------+--------+     +----------...----------+--------+
 *   | type   | reserved | sector |     | data, n * 512 bytes   | status |
 *   +--------+----------+--------+     +----------...----------+--------+
 *                                      the status is the last writable byte
 */
#define HEADER_BYTES 16u

#define VIRTIO_BLK_T_IN 0u
#define VIRTIO_BLK_T_OUT 1u
#define VIRTIO_BLK_T_FLUSH 4u
#define VIRTIO_BLK_T_GET_ID 8u
#define VIRTIO_BLK_T_GET_LIFETIME 10u
#define VIRTIO_BLK_T_DISCARD 11u
#define VIRTIO_BLK_T_WRITE_ZEROES 13u
#define VIRTIO_BLK_T_SECURE_ERASE 14u

#define VIRTIO_BLK_S_OK 0u
#define VIRTIO_BLK_S_IOERR 1u
#define VIRTIO_BLK_S_UNSUPP 2u

/* struct virtio_blk_discard_write_zeroes
 *   0        8             12      16
 *   +--------+-------------+-------+
 *   | sector | num_sectors | flags |      flags: bit 0 unmap
 *   +--------+-------------+-------+
 */
#define RANGE_BYTES 16u
#define RANGE_UNMAP 1u

struct request {
	struct virtio_blk *blk;
	struct vq *vq;
	uint32_t type;
	uint64_t sector;
	uint64_t out_len, in_len; /* of the data */
	uint8_t status;
	const char *text;         /* what became of it, for the observers */
};

/* The request ends so; the lane goes on with it. */
static enum vq_result ends(struct request *r, uint8_t status, const char *text)
{
	r->status = status;
	r->text = text;
	return VQ_OK;
}

/* Ends so because the driver broke a rule. */
static enum vq_result refused(struct request *r, uint8_t status,
			      const char *rule)
{
	virtio_guest_error(&r->blk->vdev, r->vq->index, rule);
	return ends(r, status, rule);
}

/* What became of a DMA call for the data. */
static enum vq_result data_result(struct request *r, enum dma_result result)
{
	if (result == DMA_CANCELED)
		return VQ_CANCELED;
	if (result == DMA_ERROR)
		return refused(r, VIRTIO_BLK_S_IOERR,
			"IOERR: a data buffer's address is answered by nobody");
	return VQ_OK;
}

/* Sectors [sector, sector + count) of the disk?  No sum that could overflow. */
static bool in_range(const struct virtio_blk *blk, uint64_t sector,
		     uint64_t count)
{
	return sector <= blk->sectors && count <= blk->sectors - sector;
}

/* A device that multiplies before it compares sees a sector from 2^55 on as one
 * of the disk's first. */
static bool overflows(struct request *r, uint64_t count)
{
	uint64_t wrapped = r->sector * DISK_SECTOR_BYTES / DISK_SECTOR_BYTES;

	return in_range(r->blk, wrapped, count) &&
	       vblk_quirk(r->blk, VBLK_QUIRK_OVERFLOW, r->vq->index);
}

/* False: the request has ended with an error. */
static bool data_fits(struct request *r, uint64_t bytes)
{
	const char *rule = NULL;

	if (bytes % DISK_SECTOR_BYTES)
		rule = "IOERR: the data's length is no multiple of 512 (5.2.6.1)";
	else if (!in_range(r->blk, r->sector, bytes / DISK_SECTOR_BYTES) &&
		 !overflows(r, bytes / DISK_SECTOR_BYTES))
		rule = "IOERR: beyond the disk's capacity (5.2.6.1)";
	if (rule)
		refused(r, VIRTIO_BLK_S_IOERR, rule);
	return !rule;
}

static bool medium_fails(struct request *r)
{
	struct pci_host *h = r->blk->vdev.host;

	if (!h->ops->fault(h, &r->blk->io_fault, r->vq->index))
		return false;
	ends(r, VIRTIO_BLK_S_IOERR, "IOERR: the medium failed, as injected");
	return true;
}

/* The image cannot be read: not the driver's fault, and worth a word. */
static enum vq_result image_failed(struct request *r)
{
	const char *why = disk_image_error(r->blk->image);

	virtio_event(&r->blk->vdev, MODEL_EV_MEDIUM, r->vq->index, r->sector,
		     why);
	return ends(r, VIRTIO_BLK_S_IOERR, "IOERR: the image cannot be read");
}

/* Refuses what would change a read-only disk (5.2.6.2). */
static bool is_read_only(struct request *r)
{
	if (!r->blk->read_only ||
	    vblk_quirk(r->blk, VBLK_QUIRK_READ_ONLY, r->vq->index))
		return false;
	refused(r, VIRTIO_BLK_S_IOERR,
		"IOERR: a request that writes to a read-only disk (5.2.6.2)");
	return true;
}

static enum vq_result do_in(struct request *r)
{
	uint64_t at = r->sector * DISK_SECTOR_BYTES, left = r->in_len, n;
	enum vq_result result = VQ_OK;

	if (!data_fits(r, left) || medium_fails(r))
		return VQ_OK;
	for (; left && r->status == VIRTIO_BLK_S_OK && result == VQ_OK;
	     left -= n, at += n) {
		const uint8_t *from = disk_image_peek(r->blk->image, at, &n);

		if (!from)
			return image_failed(r);
		if (n > left)
			n = left;
		result = data_result(r, vq_write(r->vq, from, n));
	}
	return result;
}

static enum vq_result do_out(struct request *r)
{
	uint64_t at = r->sector * DISK_SECTOR_BYTES, left = r->out_len, n;
	enum vq_result result = VQ_OK;

	if (is_read_only(r) || !data_fits(r, left) || medium_fails(r))
		return VQ_OK;
	for (; left && r->status == VIRTIO_BLK_S_OK && result == VQ_OK;
	     left -= n, at += n) {
		uint8_t *to = disk_image_poke(r->blk->image, at, &n);

		if (!to)
			return image_failed(r);
		if (n > left)
			n = left;
		result = data_result(r, vq_read(r->vq, to, n));
	}
	return result;
}

/* Writes are in the medium when they complete: nothing is left to be flushed. */
static enum vq_result do_flush(struct request *r)
{
	if (r->sector)
		virtio_guest_error(&r->blk->vdev, r->vq->index,
			"a flush with a sector other than 0 (5.2.6.1)");
	return VQ_OK;
}

static enum vq_result do_get_id(struct request *r)
{
	uint64_t n = r->in_len;

	if (n != VIRTIO_BLK_ID_BYTES)
		virtio_guest_error(&r->blk->vdev, r->vq->index,
			"a GET_ID whose data is not 20 bytes long (5.2.6.1)");
	if (n > VIRTIO_BLK_ID_BYTES)
		n = VIRTIO_BLK_ID_BYTES;
	return data_result(r, vq_write(r->vq, r->blk->serial, n));
}

/* struct virtio_blk_lifetime
 *   0              2                 4                 6
 *   +--------------+-----------------+-----------------+
 *   | pre_eol_info | est_typ_a       | est_typ_b       |
 *   +--------------+-----------------+-----------------+
 * Our medium is as new: 1 stands for "normal", and for at most a tenth used. */
static enum vq_result do_get_lifetime(struct request *r)
{
	uint16_t wear = vblk_quirk(r->blk, VBLK_QUIRK_LIFETIME, r->vq->index)
				? 0xff : 1;
	uint8_t raw[6];
	uint64_t n = r->in_len < sizeof(raw) ? r->in_len : sizeof(raw);

	for (size_t i = 0; i < sizeof(raw); i += 2)
		save_le16(raw + i, wear);
	return data_result(r, vq_write(r->vq, raw, n));
}

static enum vq_result zero_sectors(struct request *r, uint64_t sector,
				   uint64_t count)
{
	uint64_t at = sector * DISK_SECTOR_BYTES;
	uint64_t left = count * DISK_SECTOR_BYTES, n;

	for (; left; left -= n, at += n) {
		uint8_t *to = disk_image_poke(r->blk->image, at, &n);

		if (!to)
			return image_failed(r);
		if (n > left)
			n = left;
		memset(to, 0, n);
	}
	return VQ_OK;
}

/* struct virtio_blk_discard_write_zeroes */
struct range {
	uint64_t sector, count, flags;
};

/* False: the request has ended with an error. */
static bool range_fits(struct request *r, const struct range *g)
{
	bool zero = r->type == VIRTIO_BLK_T_WRITE_ZEROES;
	uint8_t status = VIRTIO_BLK_S_IOERR;
	const char *rule = NULL;

	if (g->flags & ~(uint64_t)(zero ? RANGE_UNMAP : 0) &&
	    !vblk_quirk(r->blk, VBLK_QUIRK_FLAGS, r->vq->index)) {
		status = VIRTIO_BLK_S_UNSUPP;
		rule = "UNSUPP: a flag that this request does not have (5.2.6.1)";
	} else if (g->count > VBLK_MAX_RANGE_SECTORS) {
		rule = "IOERR: a range longer than configuration space allows (5.2.6.1)";
	} else if (!in_range(r->blk, g->sector, g->count)) {
		rule = "IOERR: beyond the disk's capacity (5.2.6.1)";
	}
	if (rule)
		refused(r, status, rule);
	return !rule;
}

static enum vq_result read_range(struct request *r, struct range *g)
{
	uint8_t raw[RANGE_BYTES];
	enum vq_result result = data_result(r, vq_read(r->vq, raw, sizeof(raw)));

	if (result == VQ_OK && r->status == VIRTIO_BLK_S_OK)
		*g = (struct range){ load_le64(raw), load_le32(raw + 8),
				     load_le32(raw + 12) };
	return result;
}

/* A discarded one keeps its contents, which the driver may not rely on; an erased
 * one is zeroes then. */
static enum vq_result do_range(struct request *r, const struct range *g)
{
	bool keep = r->type == VIRTIO_BLK_T_DISCARD;

	if (r->type == VIRTIO_BLK_T_WRITE_ZEROES &&
	    vblk_quirk(r->blk, VBLK_QUIRK_ZEROES, r->vq->index))
		keep = true;
	return keep ? VQ_OK : zero_sectors(r, g->sector, g->count);
}

/* What is wrong in itself does not get as far as the medium. */
static enum vq_result do_ranges(struct request *r)
{
	enum vq_result result = VQ_OK;
	struct range ranges[VBLK_MAX_RANGES];
	uint64_t count = r->out_len / RANGE_BYTES, i;

	if (is_read_only(r))
		return VQ_OK;
	if (!r->out_len || r->out_len % RANGE_BYTES || count > VBLK_MAX_RANGES)
		return refused(r, VIRTIO_BLK_S_IOERR,
			"IOERR: data that is not 1 to 16 ranges of 16 bytes (5.2.6.1)");
	for (i = 0; i < count; i++) {
		result = read_range(r, &ranges[i]);
		if (result != VQ_OK || r->status != VIRTIO_BLK_S_OK ||
		    !range_fits(r, &ranges[i]))
			return result;
	}
	if (medium_fails(r))
		return VQ_OK;
	for (i = 0; i < count && result == VQ_OK &&
		    r->status == VIRTIO_BLK_S_OK; i++)
		result = do_range(r, &ranges[i]);
	return result;
}

/* Request types; `feature` must have been negotiated, 0 stands for none (no
 * request depends on bit 0). */
static const struct {
	uint32_t type;
	uint8_t feature;
	const char *text;
	enum vq_result (*serve)(struct request *r);
} types[] = {
	{ VIRTIO_BLK_T_IN, 0, "read", do_in },
	{ VIRTIO_BLK_T_OUT, 0, "write", do_out },
	{ VIRTIO_BLK_T_FLUSH, VIRTIO_BLK_F_FLUSH, "flush", do_flush },
	{ VIRTIO_BLK_T_GET_ID, 0, "get-id", do_get_id },
	{ VIRTIO_BLK_T_DISCARD, VIRTIO_BLK_F_DISCARD, "discard", do_ranges },
	{ VIRTIO_BLK_T_WRITE_ZEROES, VIRTIO_BLK_F_WRITE_ZEROES, "write-zeroes",
	  do_ranges },
	{ VIRTIO_BLK_T_SECURE_ERASE, VIRTIO_BLK_F_SECURE_ERASE, "secure-erase",
	  do_ranges },
	{ VIRTIO_BLK_T_GET_LIFETIME, VIRTIO_BLK_F_LIFETIME, "get-lifetime",
	  do_get_lifetime },
};

static enum vq_result serve(struct request *r)
{
	struct virtio_device *vdev = &r->blk->vdev;
	struct pci_host *h = vdev->host;

	if (r->blk->latency &&
	    h->ops->lane_wait(h, r->blk->latency) == DMA_CANCELED)
		return VQ_CANCELED;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (types[i].type != r->type)
			continue;
		r->text = types[i].text;
		if (types[i].feature && !virtio_has(vdev, types[i].feature))
			return refused(r, VIRTIO_BLK_S_UNSUPP,
				"UNSUPP: a request whose feature was not negotiated (5.2.6)");
		return types[i].serve(r);
	}
	return ends(r, VIRTIO_BLK_S_UNSUPP,
		    "UNSUPP: a request of an unknown type");
}

/* The header, wherever the driver has cut it.  *r is filled if it was read. */
static enum vq_result read_header(struct request *r)
{
	struct vq_chain *c = &r->vq->chain;
	uint8_t raw[HEADER_BYTES];
	const char *rule = NULL;
	enum dma_result result;

	if (!c->in_len)
		rule = "a request without a device-writable byte for its status (5.2.6)";
	else if (c->out_len < HEADER_BYTES)
		rule = "a request whose header is shorter than 16 bytes (5.2.6)";
	if (rule) {
		virtio_guest_error(&r->blk->vdev, r->vq->index, rule);
		virtio_needs_reset(&r->blk->vdev, r->vq->index, rule);
		return VQ_BROKEN;
	}
	r->in_len = c->in_len - 1;
	r->out_len = c->out_len - HEADER_BYTES;
	result = vq_read(r->vq, raw, sizeof(raw));
	if (result == DMA_CANCELED)
		return VQ_CANCELED;
	if (result == DMA_ERROR)
		return refused(r, VIRTIO_BLK_S_IOERR,
			"IOERR: the request header's address is answered by nobody");
	r->type = load_le32(raw);
	r->sector = load_le64(raw + 8);
	return VQ_OK;
}

static void check_segments(const struct request *r)
{
	const struct vq_chain *c = &r->vq->chain;

	if (virtio_has(&r->blk->vdev, VIRTIO_BLK_F_SEG_MAX) &&
	    c->nout + c->nin > r->blk->seg_max + 2)
		virtio_guest_error(&r->blk->vdev, r->vq->index,
			"a request of more than seg_max data buffers: served (5.2.4)");
}

/* The used length counts what was written without a gap (2.7.8.2): the status
 * only if all data before it was. */
static enum vq_result finish(struct request *r, uint32_t *len)
{
	struct virtio_device *vdev = &r->blk->vdev;
	uint64_t written = r->vq->chain.written;
	enum dma_result result = vq_write_last(r->vq, r->status);

	if (result == DMA_CANCELED)
		return VQ_CANCELED;
	if (result == DMA_ERROR)
		virtio_guest_error(vdev, r->vq->index,
			"a status byte's address is answered by nobody");
	else if (written == r->in_len)
		written++;
	*len = (uint32_t)written;
	virtio_event(vdev, MODEL_EV_REQUEST, r->vq->index, r->sector, r->text);
	return VQ_OK;
}

enum vq_result vblk_request(struct virtio_device *vdev, struct vq *vq,
			    uint32_t *len)
{
	struct request r = {
		.blk = (struct virtio_blk *)vdev,
		.vq = vq,
		.status = VIRTIO_BLK_S_OK,
		.text = "header",
	};
	enum vq_result result = read_header(&r);

	if (result == VQ_OK && r.status == VIRTIO_BLK_S_OK) {
		check_segments(&r);
		result = serve(&r);
	}
	return result == VQ_OK ? finish(&r, len) : result;
}
