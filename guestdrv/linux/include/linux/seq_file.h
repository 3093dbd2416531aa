/* SPDX-License-Identifier: MIT */
/* Text for user space: nothing reads it, so nothing is written. */
#ifndef LINUX_SEQ_FILE_H
#define LINUX_SEQ_FILE_H

struct seq_file;

#define seq_printf(m, fmt, ...) no_printk(fmt, ##__VA_ARGS__)

#endif
