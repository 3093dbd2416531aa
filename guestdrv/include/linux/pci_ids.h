/* SPDX-License-Identifier: MIT */
/* Vendors that drivers here name. */
#ifndef LINUX_PCI_IDS_H
#define LINUX_PCI_IDS_H

#define PCI_VENDOR_ID_REDHAT_QUMRANET 0x1af4

#endif
