/* SPDX-License-Identifier: MIT */
/* Nothing speculates here: an index that was checked is used as it is. */
#ifndef LINUX_NOSPEC_H
#define LINUX_NOSPEC_H

#define array_index_nospec(index, size) (index)

#endif
