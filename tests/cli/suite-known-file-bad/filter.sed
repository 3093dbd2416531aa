# What every change of a driver, a model or the timing moves.
s/[0-9.]* \(ps\|ns\|us\|ms\)\([ ,]\|$\)/T \1\2/g
s/^ *T \(ps\|ns\|us\|ms\) /    T \1 /
s/trace event [0-9]*/trace event N/
/^    bus /s/[0-9][0-9]*/N/g
