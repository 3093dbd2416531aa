/* SPDX-License-Identifier: MIT */
/* Scatterlists: counting, and copying from and to plain memory. */
#include <linux/scatterlist.h>

int sg_nents(struct scatterlist *sg)
{
	int n;

	for (n = 0; sg; sg = sg_next(sg))
		n++;
	return n;
}

struct scatterlist *sg_last(struct scatterlist *sgl, unsigned int n)
{
	struct scatterlist *sg, *last = NULL;
	unsigned int i;

	for_each_sg(sgl, sg, n, i)
		last = sg;
	return last;
}

static size_t copy(struct scatterlist *sgl, unsigned int nents, u8 *buf,
		   size_t len, bool to_buf)
{
	struct scatterlist *sg;
	unsigned int i;
	size_t done = 0;

	for_each_sg(sgl, sg, nents, i) {
		size_t n = min_t(size_t, sg->length, len - done);

		if (to_buf)
			memcpy(buf + done, sg_virt(sg), n);
		else
			memcpy(sg_virt(sg), buf + done, n);
		done += n;
	}
	return done;
}

size_t sg_copy_from_buffer(struct scatterlist *sgl, unsigned int nents,
			   const void *buf, size_t len)
{
	return copy(sgl, nents, (u8 *)(unsigned long)buf, len, false);
}

size_t sg_copy_to_buffer(struct scatterlist *sgl, unsigned int nents,
			 void *buf, size_t len)
{
	return copy(sgl, nents, buf, len, true);
}
