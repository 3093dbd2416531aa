# What changes with every edit of the guest kernel and is not told here.
s/[0-9.]* us simulated/T us simulated/
s/trace event [0-9]*/trace event N/g
s/0x4[0-9a-f]\{7\}/0xA/g
s#\(guestdrv/[a-z_/]*\.[ch]\):[0-9]*#\1:N#
# At which of its stores walk_tree meets the end of the stack is a matter of the
# frames below.
s#misbehaving.c:79$#misbehaving.c:82#
