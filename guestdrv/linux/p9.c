/* SPDX-License-Identifier: MIT */
/*
 * Where the 9P client would be.  Its transport over virtio is Linux's own and
 * binds, takes its queue and its tag; but nothing here mounts a file system over
 * it.  What is below is what a transport asks of the client.  Compiled with the
 * tree's net/9p/ headers.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/net.h>
#include <net/9p/9p.h>
#include <net/9p/client.h>
#include <net/9p/transport.h>

#include "guestdrv/linux/stubs.h"

static LIST_HEAD(p9_transports);

void v9fs_register_trans(struct p9_trans_module *m)
{
	list_add_tail(&m->list, &p9_transports);
}

void v9fs_unregister_trans(struct p9_trans_module *m)
{
	list_del_init(&m->list);
}

/* An answer is there: whoever waits for it goes on. */
void p9_client_cb(struct p9_client *c, struct p9_req_t *req, int status)
{
	(void)c;
	linux_stub(LINUX_STUB_9P);
	WRITE_ONCE(req->status, status);
	wake_up(&req->wq);
}

int p9_req_put(struct p9_client *c, struct p9_req_t *req)
{
	(void)c;
	linux_stub(LINUX_STUB_9P);
	return refcount_dec_and_test(&req->refcount);
}
