/* SPDX-License-Identifier: MIT */
/*
 * BUG ends the run with a report; WARN writes a line to the log and goes on.
 */
#ifndef LINUX_BUG_H
#define LINUX_BUG_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/types.h>

void guest_bug_at(const char *file, int line, const char *func,
		  const char *cond) __noreturn __cold;
void guest_warn_at(const char *file, int line, const char *func,
		   const char *cond) __cold;
__printf(4, 5) void guest_warn_fmt(const char *file, int line,
				   const char *func, const char *fmt, ...)
	__cold;

#define BUG() guest_bug_at(__FILE_NAME__, __LINE__, __func__, "")
#define BUG_ON(cond)                                              \
	do {                                                      \
		if (unlikely(cond))                               \
			guest_bug_at(__FILE_NAME__, __LINE__,     \
				     __func__, #cond);            \
	} while (0)
#define WARN_ON(cond)                                             \
	({                                                        \
		bool warn_ = !!(cond);                            \
		if (unlikely(warn_))                              \
			guest_warn_at(__FILE_NAME__, __LINE__,    \
				      __func__, #cond);           \
		unlikely(warn_);                                  \
	})
#define WARN(cond, fmt, ...)                                      \
	({                                                        \
		bool warn_ = !!(cond);                            \
		if (unlikely(warn_))                              \
			guest_warn_fmt(__FILE_NAME__, __LINE__,   \
				       __func__, fmt,             \
				       ##__VA_ARGS__);            \
		unlikely(warn_);                                  \
	})
#define WARN_ON_ONCE(cond)                                        \
	({                                                        \
		static bool told_;                                \
		bool once_ = !!(cond);                            \
		if (unlikely(once_ && !told_)) {                  \
			told_ = true;                             \
			guest_warn_at(__FILE_NAME__, __LINE__,    \
				      __func__, #cond);           \
		}                                                 \
		unlikely(once_);                                  \
	})
#define WARN_ONCE(cond, fmt, ...) WARN(cond, fmt, ##__VA_ARGS__)

#endif
