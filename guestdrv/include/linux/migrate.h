/* SPDX-License-Identifier: MIT */
/* Pages stay where they are; the word is there for those who name it. */
#ifndef LINUX_MIGRATE_H
#define LINUX_MIGRATE_H

enum migrate_mode { MIGRATE_ASYNC, MIGRATE_SYNC_LIGHT, MIGRATE_SYNC };

#endif
