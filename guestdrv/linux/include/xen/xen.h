/* SPDX-License-Identifier: MIT */
/* This is no Xen domain. */
#ifndef XEN_XEN_H
#define XEN_XEN_H

#define xen_domain() 0

#endif
