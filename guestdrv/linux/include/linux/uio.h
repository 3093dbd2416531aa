/* SPDX-License-Identifier: MIT */
/*
 * Places for data, as the kernel hands them down.  All of them are kernel memory
 * in one piece each: there is no user space.
 */
#ifndef LINUX_UIO_H
#define LINUX_UIO_H

#include <linux/bug.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/types.h>

struct kvec {
	void *iov_base;
	size_t iov_len;
};

struct iov_iter {
	const struct kvec *kvec;
	unsigned long nr_segs;
	size_t iov_offset; /* into the first of them */
	size_t count;      /* bytes that are left in all of them */
};

static inline size_t iov_iter_count(const struct iov_iter *i)
{
	return i->count;
}

static inline bool iov_iter_is_kvec(const struct iov_iter *i)
{
	(void)i;
	return true;
}

static inline size_t iov_iter_single_seg_count(const struct iov_iter *i)
{
	return i->nr_segs ? min(i->count, i->kvec->iov_len - i->iov_offset) : 0;
}

static inline void iov_iter_advance(struct iov_iter *i, size_t bytes)
{
	bytes = min(bytes, i->count);
	i->count -= bytes;
	i->iov_offset += bytes;
	while (i->nr_segs && i->iov_offset >= i->kvec->iov_len) {
		i->iov_offset -= i->kvec->iov_len;
		i->kvec++;
		i->nr_segs--;
	}
}

/* Pins a user's pages, so it is never reached. */
static inline ssize_t iov_iter_get_pages_alloc2(struct iov_iter *i,
						struct page ***pages,
						size_t max, size_t *start)
{
	(void)i;
	(void)pages;
	(void)max;
	(void)start;
	WARN_ON(true);
	return -EFAULT;
}

#endif
