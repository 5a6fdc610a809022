# A machine to boot, as functions; to be read by a shell that has a mount namespace of its own.
# Needs: $base, a root directory to copy; $work, an empty directory.

machine=""
# The machine's processes are in a control group that is removed with them.
groups=$work/groups
mkdir -p "$groups"
mount -t cgroup2 cgroup2 "$groups"
group=$groups$(sed -n 's/^0:://p' /proc/self/cgroup)/bridgeward-test-$$

# A new disk.
new_disk() {
  rm -rf "$work/root"
  cp -a "$base" "$work/root"
}

# Runs a command in the machine.
inside() { nsenter -t "$machine" -a --wd=/ env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }

# boot [ro]: starts the machine and waits until systemd says that it is up.
boot() {
  local launcher state i
  mkdir -p "$group"
  sh -c 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"' sh "$group" \
    unshare --mount --pid --net --uts --ipc --cgroup --fork --kill-child \
    sh "$here/init.sh" "$work/root" "$@" >"$work/console" 2>&1 &
  launcher=$!
  for i in $(seq 100); do
    kill -0 "$launcher" 2>/dev/null || break
    machine=$(cat "/proc/$launcher/task/$launcher/children" 2>/dev/null || true)
    machine=${machine%% *}
    [ -z "$machine" ] || [ "$(cat "/proc/$machine/comm")" != systemd ] || break
    sleep 0.1
  done
  echo "$machine" >"$work/machine"
  # Degraded is an answer, too: the scenarios look at the units themselves.
  for i in $(seq 300); do
    state=$(inside systemctl is-system-running 2>/dev/null || true)
    case "$state" in running | degraded) return 0 ;; esac
    sleep 0.1
  done
  echo "the machine is '$state'" >&2
  cat "$work/console" >&2
  return 1
}

# Ends the machine as a shutdown does, or pulls the plug if it does not end.
halt() {
  [ -n "$machine" ] || return 0
  local i
  inside systemctl --no-block poweroff >/dev/null 2>&1 || true
  for i in $(seq 100); do
    kill -0 "$machine" 2>/dev/null || break
    sleep 0.1
  done
  pull_the_plug
}

# Ends the machine as a power cut does.
pull_the_plug() {
  [ -z "$machine" ] || kill -KILL "$machine" 2>/dev/null || true
  wait
  machine=""
  : >"$work/machine"
  local i
  for i in $(seq 100); do
    [ -d "$group" ] || break
    find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.05
  done
}
