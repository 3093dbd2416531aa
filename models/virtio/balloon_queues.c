/* SPDX-License-Identifier: MIT */
/*
 * The five queues of virtio-balloon (virtio 1.2 5.5.6): pages given and taken
 * back, statistics, hints of free pages, reports of free pages.  Read by who
 * wants to know what the device makes of a buffer.
 *
 * A page is in the balloon from the moment at which the device gives the request
 * back, and no sooner: one that is cut off before has done nothing.
 */
#include "models/virtio/balloon.h"
#include "models/virtio/le.h"

/* inflateq, deflateq: an array of le32 page frame numbers, device-readable. */
#define PFN_BYTES 4u
/* PFNs fetched in one go. */
#define PFN_WINDOW 256u

/* struct virtio_balloon_stat, packed; a statsq buffer is an array of them
 *   0     2          10
 *   +-----+-----------+
 *   | tag | val       |
 *   +-----+-----------+
 */
#define STAT_BYTES 10u
/* Statistics of one buffer; a limit of ours. */
#define STATS_MAX 64u

#define CMD_ID_BYTES 4u

/* What became of a DMA call of a request: VQ_OK also after DMA_ERROR, which is
 * told. */
static enum vq_result data_result(struct vq *vq, enum dma_result result)
{
	if (result == DMA_ERROR)
		virtio_guest_error(vq->vdev, vq->index,
			"a buffer's address is answered by nobody");
	return result == DMA_CANCELED ? VQ_CANCELED : VQ_OK;
}

static enum vq_result take_time(struct virtio_balloon *b)
{
	struct pci_host *h = b->vdev.host;

	if (b->latency && h->ops->lane_wait(h, b->latency) == DMA_CANCELED)
		return VQ_CANCELED;
	return VQ_OK;
}

/* Zeroes that stand for contents that are lost. */
static const uint8_t lost[VBALLOON_PAGE_BYTES];

/* ---- inflateq, deflateq ---- */

static struct vballoon_pfns *pending_of(struct vq *vq)
{
	struct virtio_balloon *b = vballoon_of(vq->vdev);

	return &b->pending[vballoon_role(vq->vdev->features, vq->index)];
}

static enum vq_result read_pfns(struct vq *vq, uint64_t count)
{
	struct vballoon_pfns *pending = pending_of(vq);
	uint8_t raw[PFN_WINDOW * PFN_BYTES];

	pending->count = 0;
	while (count) {
		uint32_t n = count < PFN_WINDOW ? (uint32_t)count : PFN_WINDOW;
		enum dma_result result = vq_read(vq, raw, n * PFN_BYTES);

		if (result != DMA_OK)
			return data_result(vq, result);
		for (uint32_t i = 0; i < n; i++)
			pending->pfn[pending->count++] =
				load_le32(raw + i * PFN_BYTES);
		count -= n;
	}
	return VQ_OK;
}

/* The request as an array of page frame numbers, however it is cut. */
static enum vq_result read_request(struct vq *vq)
{
	const struct vq_chain *c = &vq->chain;
	uint64_t count = c->out_len / PFN_BYTES;

	if (c->nin)
		virtio_guest_error(vq->vdev, vq->index,
			"a device-writable buffer in a request of pages: not written (5.5.6)");
	if (!c->out_len || c->out_len % PFN_BYTES)
		virtio_guest_error(vq->vdev, vq->index,
			"a request that is no array of 32-bit page frame numbers: what is whole is taken (5.5.6)");
	if (count > VBALLOON_PFNS_MAX) {
		virtio_guest_error(vq->vdev, vq->index,
			"a request of more than 16384 pages, the device's limit: the others are not looked at");
		count = VBALLOON_PFNS_MAX;
	}
	return read_pfns(vq, count);
}

/* What a hypervisor does with a page that it takes away: the contents are lost.
 * Pages that are no memory are left out. */
static enum vq_result discard_pages(struct vq *vq)
{
	struct vballoon_pfns *p = pending_of(vq);
	struct pci_host *h = vq->vdev->host;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < p->count; i++) {
		uint64_t addr = (uint64_t)p->pfn[i] * VBALLOON_PAGE_BYTES;
		enum dma_result result =
			h->ops->dma_write(h, addr, lost, sizeof(lost));

		if (result == DMA_CANCELED)
			return VQ_CANCELED;
		if (result == DMA_OK)
			p->pfn[kept++] = p->pfn[i];
		else
			virtio_guest_error(vq->vdev, vq->index,
				"a page given to the balloon that is no memory: left out (5.5.6)");
	}
	p->count = kept;
	return VQ_OK;
}

static enum vq_result serve_inflate(struct virtio_device *vdev, struct vq *vq,
				    uint32_t *len)
{
	struct virtio_balloon *b = vballoon_of(vdev);
	enum vq_result result = take_time(b);

	(void)len; /* nothing is written into the request */
	if (result == VQ_OK)
		result = read_request(vq);
	if (result == VQ_OK && b->discard)
		result = discard_pages(vq);
	if (result == VQ_OK &&
	    !pfn_set_reserve(&b->pages, pending_of(vq)->count)) {
		virtio_needs_reset(vdev, vq->index,
				   "the host has no memory to keep account of the balloon");
		result = VQ_BROKEN;
	}
	return result;
}

static void inflated(struct vq *vq)
{
	struct virtio_balloon *b = vballoon_of(vq->vdev);
	const struct vballoon_pfns *p = pending_of(vq);

	for (uint32_t i = 0; i < p->count; i++)
		if (!pfn_set_add(&b->pages, p->pfn[i]))
			virtio_guest_error(vq->vdev, vq->index,
				"a page given to the balloon that is in it already (5.5.6)");
	virtio_event(vq->vdev, MODEL_EV_REQUEST, vq->index, p->count,
		     "inflate");
}

static enum vq_result serve_deflate(struct virtio_device *vdev, struct vq *vq,
				    uint32_t *len)
{
	enum vq_result result = take_time(vballoon_of(vdev));

	(void)len;
	return result == VQ_OK ? read_request(vq) : result;
}

static void deflated(struct vq *vq)
{
	struct virtio_balloon *b = vballoon_of(vq->vdev);
	const struct vballoon_pfns *p = pending_of(vq);

	for (uint32_t i = 0; i < p->count; i++)
		if (!pfn_set_remove(&b->pages, p->pfn[i]))
			virtio_guest_error(vq->vdev, vq->index,
				"a page taken out of the balloon that is not in it, or not yet (5.5.6.1)");
	virtio_event(vq->vdev, MODEL_EV_REQUEST, vq->index, p->count,
		     "deflate");
}

static void run_inflate(struct vq *vq)
{
	vq->pushed = inflated;
	vq_serve(vq, serve_inflate);
}

static void run_deflate(struct vq *vq)
{
	vq->pushed = deflated;
	vq_serve(vq, serve_deflate);
}

/* ---- statsq, 5.5.6.3 ---- */

/* In any order; tags that we do not know say nothing (5.5.6.3.2). */
static void take_stats(struct virtio_balloon *b, const uint8_t *raw, uint32_t n)
{
	b->stats_known = 0;
	for (; n; n--, raw += STAT_BYTES) {
		uint16_t tag = load_le16(raw);

		if (tag >= VBALLOON_STATS)
			continue;
		b->stats[tag] = load_le64(raw + 2);
		b->stats_known |= 1u << tag;
	}
}

static enum vq_result read_stats(struct virtio_balloon *b, struct vq *vq)
{
	const struct vq_chain *c = &vq->chain;
	uint64_t n = c->out_len / STAT_BYTES;
	uint8_t raw[STATS_MAX * STAT_BYTES];
	enum dma_result result;

	if (c->nin)
		virtio_guest_error(&b->vdev, vq->index,
			"a device-writable buffer in statsq: not written (5.5.6.3)");
	if (c->out_len % STAT_BYTES)
		virtio_guest_error(&b->vdev, vq->index,
			"a statistics buffer that is no array of 10-byte entries: what is whole is taken (5.5.6.3)");
	if (n > STATS_MAX)
		n = STATS_MAX;
	result = vq_read(vq, raw, n * STAT_BYTES);
	if (result == DMA_OK)
		take_stats(b, raw, (uint32_t)n);
	return data_result(vq, result);
}

/* Takes the next buffer and keeps it.  Kicks go on; there is to be one buffer at
 * a time. */
static enum vq_result keep_stats(struct virtio_balloon *b, struct vq *vq)
{
	enum vq_result result = vq_pop(vq);

	if (result == VQ_OK)
		result = read_stats(b, vq);
	if (result != VQ_OK)
		return result;
	b->stats_held = true;
	virtio_event(&b->vdev, MODEL_EV_REQUEST, vq->index,
		     vq->chain.out_len / STAT_BYTES, "statistics");
	if (b->stats_asked) {
		b->stats_asked = false;
		vballoon_done(b, VBALLOON_STATS_BACK);
	}
	result = vq_rearm(vq);
	if (result == VQ_OK)
		virtio_guest_error(&b->vdev, vq->index,
			"a second statistics buffer while the device has one (5.5.6.3.1)");
	return result == VQ_EMPTY ? VQ_OK : result;
}

/* The kept buffer back to the driver, which answers with a new one. */
static enum vq_result return_stats(struct virtio_balloon *b, struct vq *vq)
{
	enum vq_result result = vq_push(vq, 0);

	if (result != VQ_OK)
		return result;
	b->stats_held = b->stats_wanted = false;
	b->stats_asked = true;
	return vq_notify(vq);
}

static void run_stats(struct vq *vq)
{
	struct virtio_balloon *b = vballoon_of(vq->vdev);
	enum vq_result result;

	/* What an earlier run was cut off from. */
	if (!b->stats_held)
		vq->last_avail = vq->last_used;
	result = vq_notify(vq);
	while (result == VQ_OK &&
	       !(b->vdev.status & VIRTIO_STATUS_DEVICE_NEEDS_RESET)) {
		if (!b->stats_held)
			result = keep_stats(b, vq);
		else if (b->stats_wanted)
			result = return_stats(b, vq);
		else
			return;
	}
	if (result == VQ_EMPTY)
		vq_rearm(vq);
}

/* ---- free_page_vq, 5.5.6.5 ---- */

/* A command ID from the driver: hints for it follow, or, STOP, it has ended. */
static void take_command(struct virtio_balloon *b, struct vq *vq, uint32_t id)
{
	if (id != VIRTIO_BALLOON_CMD_ID_STOP && id == b->hint_id)
		virtio_guest_error(&b->vdev, vq->index,
			"a second buffer with the same command ID (5.5.6.5.1)");
	b->hint_id = id;
	virtio_event(&b->vdev, MODEL_EV_REQUEST, vq->index, id, "command ID");
	if (id == VIRTIO_BALLOON_CMD_ID_STOP)
		vballoon_done(b, VBALLOON_HINT_STOPPED);
}

static enum vq_result read_command(struct virtio_balloon *b, struct vq *vq)
{
	uint8_t raw[CMD_ID_BYTES];
	enum dma_result result;

	if (vq->chain.out_len != CMD_ID_BYTES) {
		virtio_guest_error(&b->vdev, vq->index,
			"a command ID that is not 4 bytes long: ignored (5.5.6.5.1)");
		return VQ_OK;
	}
	result = vq_read(vq, raw, sizeof(raw));
	if (result == DMA_OK)
		b->hint_command = load_le32(raw);
	b->hint_command_new = result == DMA_OK;
	return data_result(vq, result);
}

static enum vq_result serve_hint(struct virtio_device *vdev, struct vq *vq,
				 uint32_t *len)
{
	struct virtio_balloon *b = vballoon_of(vdev);
	enum vq_result result = take_time(b);

	(void)len; /* nothing is migrated: the pages are left as they are */
	b->hint_command_new = false;
	if (result == VQ_OK && vq->chain.nout)
		result = read_command(b, vq);
	return result;
}

/* Pages of a command ID that is not the present one are stale (5.5.6.5.2). */
static void hinted(struct vq *vq)
{
	struct virtio_balloon *b = vballoon_of(vq->vdev);
	uint64_t pages = vq->chain.in_len / VBALLOON_PAGE_BYTES;
	bool current;

	if (b->hint_command_new)
		take_command(b, vq, b->hint_command);
	current = b->hint_id >= VBALLOON_FIRST_CMD_ID &&
		  b->hint_id == vballoon_get(b, VBALLOON_CMD_ID);
	if (!vq->chain.nin)
		return;
	if (b->hint_id < VBALLOON_FIRST_CMD_ID)
		virtio_guest_error(vq->vdev, vq->index,
			"free pages without a command ID before them: ignored (5.5.6.5.1)");
	if (current)
		b->hinted += pages;
	virtio_event(vq->vdev, MODEL_EV_REQUEST, vq->index, pages,
		     current ? "hint" : "stale hint");
}

static void run_free_page(struct vq *vq)
{
	vq->pushed = hinted;
	vq_serve(vq, serve_hint);
}

/* ---- reporting_vq, 5.5.6.7 ---- */

/* The driver has filled reported pages with poison_val: a look at the first word
 * of each buffer.  They are the device's to write; that it reads there is for
 * diagnosis only (2.7.5.1), and where they are mapped it is an access against
 * the direction. */
static enum vq_result check_poison(struct virtio_balloon *b, struct vq *vq)
{
	uint32_t poison = vballoon_get(b, VBALLOON_POISON_VAL);
	const struct vq_chain *c = &vq->chain;
	struct pci_host *h = b->vdev.host;
	uint8_t raw[4];

	for (uint32_t i = c->nout; i < c->nout + c->nin; i++) {
		enum dma_result result;

		if (c->bufs[i].len < sizeof(raw))
			continue;
		result = h->ops->dma_read(h, c->bufs[i].addr, raw, sizeof(raw));
		if (result == DMA_OK && load_le32(raw) != poison)
			virtio_guest_error(&b->vdev, vq->index,
				"a reported page that is not filled with poison_val (5.5.6.7.1)");
		if (data_result(vq, result) != VQ_OK)
			return VQ_CANCELED;
	}
	return VQ_OK;
}

static enum vq_result discard_reported(struct vq *vq)
{
	enum dma_result result = DMA_OK;
	uint64_t left = vq->chain.in_len;

	while (left && result == DMA_OK) {
		uint32_t n = left < sizeof(lost) ? (uint32_t)left
						 : (uint32_t)sizeof(lost);

		result = vq_write(vq, lost, n);
		left -= n;
	}
	return data_result(vq, result);
}

/* With PAGE_POISON the contents may only become what they are (5.5.6.7.2). */
static enum vq_result serve_report(struct virtio_device *vdev, struct vq *vq,
				   uint32_t *len)
{
	struct virtio_balloon *b = vballoon_of(vdev);
	bool poison = virtio_has(vdev, VIRTIO_BALLOON_F_PAGE_POISON);
	enum vq_result result = take_time(b);

	if (vq->chain.nout)
		virtio_guest_error(vdev, vq->index,
			"a device-readable buffer in reporting_vq: not looked at (5.5.6.7)");
	if (result == VQ_OK && poison && b->check_poison)
		result = check_poison(b, vq);
	else if (result == VQ_OK && !poison && b->discard)
		result = discard_reported(vq);
	*len = (uint32_t)vq->chain.written;
	return result;
}

static void reported(struct vq *vq)
{
	struct virtio_balloon *b = vballoon_of(vq->vdev);
	uint64_t pages = vq->chain.in_len / VBALLOON_PAGE_BYTES;

	b->reported += pages;
	virtio_event(vq->vdev, MODEL_EV_REQUEST, vq->index, pages, "report");
	if (b->reported >= b->reports_wanted)
		vballoon_done(b, VBALLOON_REPORTED);
}

static void run_reporting(struct vq *vq)
{
	vq->pushed = reported;
	vq_serve(vq, serve_report);
}

/* ---- all of them ---- */

static void run_nothing(struct vq *vq)
{
	virtio_guest_error(vq->vdev, vq->index,
		"a notification of a queue whose feature was not negotiated: ignored (5.5.2)");
}

void vballoon_queue_run(struct virtio_device *vdev, struct vq *vq)
{
	static void (*const run[])(struct vq *vq) = {
		[VBALLOON_INFLATE] = run_inflate,
		[VBALLOON_DEFLATE] = run_deflate,
		[VBALLOON_STATSQ] = run_stats,
		[VBALLOON_FREE_PAGE] = run_free_page,
		[VBALLOON_REPORTING] = run_reporting,
		[VBALLOON_ROLES] = run_nothing,
	};

	vq->batched = !vballoon_of(vdev)->latency;
	run[vballoon_role(vdev->features, vq->index)](vq);
}

/* A buffer that was kept is the driver's again, and so is the question for new
 * statistics open again. */
void vballoon_queue_reset(struct virtio_device *vdev, uint16_t queue)
{
	struct virtio_balloon *b = vballoon_of(vdev);

	switch (vballoon_role(vdev->features, queue)) {
	case VBALLOON_STATSQ:
		b->stats_held = false;
		b->stats_wanted = b->stats_wanted || b->stats_asked;
		b->stats_asked = false;
		break;
	case VBALLOON_FREE_PAGE:
		b->hint_id = VIRTIO_BALLOON_CMD_ID_STOP;
		break;
	default:
		break;
	}
}
