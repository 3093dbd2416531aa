s/[0-9.]* us simulated/T us simulated/
s/trace event [0-9]*/trace event N/g
