#!/bin/sh
# SPDX-License-Identifier: MIT
#SBATCH --job-name=ringside
#SBATCH --output=ringside-%a.txt
# One part of the cells in each task of a Slurm array.  A task that is preempted
# and queued again goes on where it was.
# Usage: sbatch --array=1-8 slurm-array.sh PATH...
exec ringside suite --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
	-j "${SLURM_CPUS_PER_TASK:-1}" --resume \
	--json="ringside-$SLURM_ARRAY_TASK_ID.jsonl" "$@"
