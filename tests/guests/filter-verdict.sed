# Only the verdict.
s/[0-9.]* us simulated/T us simulated/
2,$d
