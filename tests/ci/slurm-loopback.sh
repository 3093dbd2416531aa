#!/bin/sh
# SPDX-License-Identifier: MIT
# The Slurm recipe of docs/ci.md with the real slurmctld and slurmd, on this
# machine's loopback interface, with a configuration, a key and a state of their
# own in a temporary folder: an array of parts, then their merge, which must be
# what one suite tells.  Exit 77 where Slurm is not installed, or this user may
# not run it.
# Usage: slurm-loopback.sh <program>
set -u
program=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
for tool in munged slurmctld slurmd sbatch scontrol; do
	command -v "$tool" >/dev/null || exit 77
done
# slurmd starts jobs as whoever sent them.
[ "$(id -u)" -eq 0 ] || exit 77
tmp=$(mktemp -d) || exit 1
chmod 755 "$tmp"
daemons=
cleanup() {
	for pid in $daemons; do
		kill "$pid" 2>/dev/null
	done
	for pid in $daemons; do
		wait "$pid" 2>/dev/null
	done
	rm -rf "$tmp"
}
trap cleanup EXIT
unset NO_COLOR RINGSIDE_GUEST_PATH GITHUB_ACTIONS
export LC_ALL=C SLURM_CONF="$tmp/slurm.conf"

bad() {
	echo "slurm-loopback: $*" >&2
	for log in munged slurmctld slurmd; do
		[ ! -e "$tmp/$log.log" ] ||
			tail -n 15 "$tmp/$log.log" | sed "s/^/$log: /" >&2
	done
	exit 1
}

# A port of its own for each daemon: two that nobody listens on.
free_port() {
	port=$1
	while grep -q "$(printf ': [0-9A-F]*:%04X ' "$port")" /proc/net/tcp; do
		port=$((port + 1))
	done
	echo "$port"
}
ctld=$(free_port $((20000 + $$ % 10000)))
node=$(free_port $((ctld + 1)))
host=$(hostname -s)

mkdir -m 700 "$tmp/key"
mkdir "$tmp/state" "$tmp/spool" "$tmp/munge" "$tmp/bin" "$tmp/work"
head -c 1024 /dev/urandom >"$tmp/key/munge.key"
chmod 400 "$tmp/key/munge.key"
cat >"$tmp/slurm.conf" <<END
ClusterName=ringside
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$ctld
SlurmdPort=$node
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$tmp/munge/socket
CredType=cred/munge
StateSaveLocation=$tmp/state
SlurmdSpoolDir=$tmp/spool
SlurmctldPidFile=$tmp/slurmctld.pid
SlurmdPidFile=$tmp/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_interval=1
ReturnToService=2
MpiDefault=none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=10 State=UP
END
: >"$tmp/cgroup.conf"

# --force: the folder may belong to a group of its own.
munged --foreground --force --socket="$tmp/munge/socket" \
	--key-file="$tmp/key/munge.key" --pid-file="$tmp/munge/pid" \
	--seed-file="$tmp/key/seed" --log-file="$tmp/munged.log" \
	>/dev/null 2>&1 &
daemons="$daemons $!"
slurmctld -D -f "$SLURM_CONF" >"$tmp/slurmctld.log" 2>&1 &
daemons="$! $daemons"
slurmd -D -f "$SLURM_CONF" >"$tmp/slurmd.log" 2>&1 &
daemons="$! $daemons"
waited=0
until scontrol show node "$host" 2>/dev/null | grep -q 'State=IDLE'; do
	waited=$((waited + 1))
	if [ "$waited" -ge 200 ]; then
		# Not ours to arrange: control groups as this slurmd wants them.
		! grep -qi 'cgroup' "$tmp/slurmd.log" || exit 77
		bad "the node does not come up"
	fi
	sleep 0.5
done

# As on a cluster: the program is in everybody's path.
ln -s "$program" "$tmp/bin/ringside"
PATH=$tmp/bin:$PATH
export PATH
ln -s "$root/scenarios" "$tmp/work/scenarios"
cd "$tmp/work" || exit 1
set -- scenarios/ladder/pins.yaml scenarios/ladder/top.yaml
array=$(sbatch --parsable --array=1-4 "$root/docs/ci/slurm-array.sh" "$@") ||
	bad "the array is refused"
sbatch --wait --dependency="afterany:$array" --output=ringside.txt \
	--wrap 'ringside merge --junit ringside.xml ringside-*.jsonl' \
	>/dev/null || bad "the merge fails: $(cat ringside.txt)"
for i in 1 2 3 4; do
	grep -q "^shard $i/4: " "ringside-$i.txt" || bad "part $i did not run"
done
ringside suite --junit whole.xml "$@" >whole.txt || bad "the suite fails"
cmp whole.txt ringside.txt || bad "the text differs"
cmp whole.xml ringside.xml || bad "the XML differs"
tail -n 1 ringside.txt
