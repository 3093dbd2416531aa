# SPDX-License-Identifier: MIT
# For gdb: the guest's threads, which are coroutines and so unknown to it.
#   source docs/guest-threads.py
#   guest-threads          each with its CPU, state, what it waits on, its stack
#   guest-threads kworker  only those whose name begins so
# A stack is followed by frame pointers from the thread's last machine call, as
# sim/platform/backtrace.cpp does it; only functions of the guest are shown.
# The thread that runs now has moved on since that call: `bt` is its stack.
import gdb


def function_at(pc):
    """ "name (file:line)" of a code address, or None.  Where the compiler has
    inlined, the functions around it follow. """
    block = gdb.block_for_pc(pc)
    names = []
    while block and not block.is_global and not block.is_static:
        if block.function and str(block.function) not in names[-1:]:
            names.append(str(block.function))
        block = block.superblock
    if not names:
        return None
    line = gdb.find_pc_line(pc)
    where = line.symtab.filename if line.symtab else "?"
    return "%s (%s:%d)" % (" in ".join(names), where, line.line)


def callers(frame, low, high, text):
    """ Return addresses in the image's code, innermost first. """
    word = gdb.lookup_type("unsigned long").pointer()
    while low <= frame <= high - 16:
        at = gdb.Value(frame).cast(word)
        if text[0] <= int(at[1]) < text[1]:
            yield int(at[1]) - 1
        if int(at[0]) <= frame:
            return
        frame = int(at[0])


class GuestThreads(gdb.Command):
    """Lists the guest's threads, each with its stack.
Usage: guest-threads [BEGINNING OF A NAME]"""

    def __init__(self):
        super().__init__("guest-threads", gdb.COMMAND_STACK)

    def show(self, thread, text):
        state = str(thread["state"]).split("::")[-1]
        waits = thread["waits"]
        if thread["waits_for"]:
            state += " on " + thread["waits_for"].string()
        elif waits:
            state += " on " + waits["name"]["_M_dataplus"]["_M_p"].string()
        print("cpu %d  %s  %s" % (thread["cpu"]["id_"],
              thread["name"]["_M_dataplus"]["_M_p"].string(), state))
        high = int(thread["strand"]["top_"])
        low = high - int(thread["strand"]["size_"])
        for pc in callers(int(thread["frame"]), low, high + 64, text):
            function = function_at(pc)
            if function:
                print("       " + function)

    def invoke(self, argument, from_tty):
        machine = gdb.parse_and_eval("'platform.cpp'::elaborating")
        if not machine:
            raise gdb.GdbError("no machine has been made yet")
        text = int(machine["text_start"]), int(machine["text_end"])
        # A vector of unique_ptr lies in memory as pointers.
        kind = gdb.lookup_type("machine_thread").pointer().pointer()
        vector = machine["threads"]["_M_impl"]
        at = vector["_M_start"].cast(kind)
        end = vector["_M_finish"].cast(kind)
        while at != end:
            thread = at.dereference().dereference()
            at += 1
            if str(thread["state"]).endswith("::ended"):
                continue
            if thread["name"]["_M_dataplus"]["_M_p"].string().startswith(
                    argument):
                self.show(thread, text)


GuestThreads()
