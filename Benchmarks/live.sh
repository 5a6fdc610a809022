# What run.sh measures of rules that are loaded: in the network namespace that it made, with states
# kept below .build.

live=$work/live
mkdir -p $live
# In memory, as /run is.
export RUNTIME_DIRECTORY=/dev/shm/bridgeward-bench-$$
trap 'rm -rf "$RUNTIME_DIRECTORY"' EXIT
publishes=$live/publishes.ward

# The program brings its own runtime.
if ldd $tool | awk '{ print $1 }' |
  grep -vE '^(linux-vdso|/lib.*/ld-linux|lib(nftnl|mnl|c|m|stdc\+\+|gcc_s)\.)'; then
  echo "bench: $tool needs the libraries above" >&2
  exit 1
fi

forget() {
  nft flush ruleset
  rm -rf $live/state "$RUNTIME_DIRECTORY"
}

# take SIZE [more]: makes the policy one of so many publishes, and one more of them.
take() {
  if [ $# = 1 ]; then
    cp "$work/publishes-$1.ward" $publishes
  else
    # The last line closes the network.
    sed '$d' "$work/publishes-$1.ward" >$publishes
    printf '    publish tcp 60000 -> c0:80\n}\n' >>$publishes
  fi
}

apply() { $tool apply --state-dir "$PWD/$live/state" $publishes; }

map_lines() {
  nft list map inet "$1" publish4-any | sed '1d; /size/d; s/elements = {//; s/ }$//; s/,$//' | sort -b
}

# The floor counts only if it loads what we load, and nothing to change means that nothing is sent.
take 100
forget
$work/batch load 100 $publishes
apply >/dev/null 2>&1
map_lines floor >$live/floor.map
map_lines bridgeward >$live/ours.map
if ! diff -wq $live/floor.map $live/ours.map; then
  echo "bench: the floor loads other elements than the compiler" >&2
  exit 1
fi
generation=$($work/batch generation)
apply >/dev/null 2>&1
if [ "$($work/batch generation)" != "$generation" ]; then
  echo "bench: an apply that changes nothing made a new state" >&2
  exit 1
fi

live_round() {
  local n=$1 state=$PWD/$live/state
  take "$n"
  forget
  measure floor-encode "$n" $work/batch encode "$n" $publishes
  measure floor-load "$n" $work/batch load "$n" $publishes
  forget
  measure nft-load "$n" nft -f "$work/publishes-$n.nft"
  forget
  measure apply "$n" $tool apply --state-dir "$state" $publishes
  measure floor-dump "$n" $work/batch dump bridgeward publish4-any
  measure floor-table "$n" $work/batch dump bridgeward
  measure diff "$n" $tool diff $publishes
  measure no-op "$n" $tool apply --state-dir "$state" $publishes
  take "$n" more
  measure more "$n" $tool apply --state-dir "$state" $publishes
  forget
}
