/* SPDX-License-Identifier: MIT */
/* Where does this code run, and may it sleep? */
#ifndef LINUX_PREEMPT_H
#define LINUX_PREEMPT_H

#include <ringside/context.h>

#define preempt_disable() ((void)guest_current_context()->preempt_count++)
#define preempt_enable() ((void)guest_current_context()->preempt_count--)
#define preempt_count() (guest_current_context()->preempt_count)
#define in_hardirq() (guest_current_context()->in_irq)
#define in_irq() in_hardirq()
#define in_softirq() (guest_current_context()->in_timer)
#define in_interrupt() (in_hardirq() || in_softirq())
#define in_task() (!in_interrupt())
#define in_atomic() guest_context_atomic(guest_current_context())

#endif
