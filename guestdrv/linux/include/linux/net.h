/* SPDX-License-Identifier: MIT */
/* Named by 9p's includes; what its structures are made of. */
#ifndef LINUX_NET_H
#define LINUX_NET_H

#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/refcount.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/uidgid.h>
#include <linux/uio.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

#endif
