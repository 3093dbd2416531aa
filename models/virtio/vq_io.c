/* SPDX-License-Identifier: MIT */
/*
 * The bytes of a chain: one stream that the device reads and one that it writes,
 * however the driver has cut them into buffers (virtio 1.2 2.7.4.1: a device must
 * not care).  One DMA call for each piece.  Read by the request code of device
 * types.
 */
#include "models/virtio/vq.h"

#include <assert.h>

#include "models/virtio/virtio.h"

/* The piece at *pos, at most `len` bytes; steps over empty buffers and moves to
 * the next one when this is used up. */
static struct vq_buf next_piece(const struct vq *vq, struct vq_pos *pos,
				uint32_t end, uint64_t len)
{
	const struct vq_buf *buf;
	struct vq_buf piece;

	while (pos->buf < end &&
	       vq->chain.bufs[pos->buf].len == pos->offset) {
		pos->buf++;
		pos->offset = 0;
	}
	assert(pos->buf < end);
	buf = &vq->chain.bufs[pos->buf];
	piece.addr = buf->addr + pos->offset;
	piece.len = buf->len - pos->offset;
	if (piece.len > len)
		piece.len = (uint32_t)len;
	return piece;
}

enum dma_result vq_read(struct vq *vq, void *buf, uint64_t len)
{
	struct pci_host *h = vq->vdev->host;
	struct vq_chain *c = &vq->chain;
	uint8_t *to = buf;

	while (len) {
		struct vq_buf p = next_piece(vq, &c->out, c->nout, len);
		enum dma_result result = h->ops->dma_read(h, p.addr, to, p.len);

		if (result != DMA_OK)
			return result;
		c->out.offset += p.len;
		to += p.len;
		len -= p.len;
	}
	return DMA_OK;
}

enum dma_result vq_write(struct vq *vq, const void *buf, uint64_t len)
{
	struct pci_host *h = vq->vdev->host;
	struct vq_chain *c = &vq->chain;
	const uint8_t *from = buf;

	while (len) {
		struct vq_buf p = next_piece(vq, &c->in, c->nout + c->nin, len);
		enum dma_result result =
			h->ops->dma_write(h, p.addr, from, p.len);

		if (result != DMA_OK)
			return result;
		c->in.offset += p.len;
		c->written += p.len;
		from += p.len;
		len -= p.len;
	}
	return DMA_OK;
}

enum dma_result vq_write_last(struct vq *vq, uint8_t byte)
{
	struct pci_host *h = vq->vdev->host;
	const struct vq_chain *c = &vq->chain;
	uint32_t i = c->nout + c->nin;

	assert(c->in_len);
	while (!c->bufs[--i].len)
		;
	return h->ops->dma_write(h, c->bufs[i].addr + c->bufs[i].len - 1, &byte,
				 1);
}
