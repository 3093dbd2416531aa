/* SPDX-License-Identifier: MIT */
/* Lists, reference counts and allocation flags used wrongly. */
#include "tests/unit/guest_kernel/rig.h"

CASE(guest_misuse, lists_that_are_in_order)
BUG(guest_misuse, delete_an_entry_twice, "list-corruption", "deleted before")
BUG(guest_misuse, delete_what_was_never_added, "list-corruption",
    "never added, added twice")
BUG(guest_misuse, add_an_entry_twice, "list-corruption", "in which it is")
BUG(guest_misuse, add_to_a_broken_list, "list-corruption",
    "do not point at each other")
BUG(guest_misuse, add_behind_a_deleted_entry, "list-corruption",
    "beside one that was deleted")
BUG(guest_misuse, take_a_reference_to_what_is_gone, "refcount",
    "has none left")
BUG(guest_misuse, give_back_one_reference_too_many, "refcount",
    "nobody holds")
BUG(guest_misuse, take_a_reference_to_a_free_page, "refcount",
    "a page that is free")
BUG(guest_misuse, free_pages_of_kmalloc, "bad-free", "kmalloc's")
BUG(guest_misuse, kmalloc_of_high_memory, "bad-gfp", "another zone")
BUG(guest_misuse, never_fail_and_never_wait, "bad-gfp", "may not wait")
CASE(guest_misuse, flags_that_go_together)
