# What run.sh measures of rules that are loaded: in the network namespace that it made, with states
# kept below .build.

live=$work/live
mkdir -p $live
state=$PWD/$live/state
# In memory, as /run is.
export RUNTIME_DIRECTORY=/dev/shm/bridgeward-bench-$$
forget_runtime() { rm -rf "$RUNTIME_DIRECTORY"; }
leaving+=(forget_runtime)
publishes=$live/publishes.ward

# The program brings its own runtime.
if ldd $tool | awk '{ print $1 }' |
  grep -vE '^(linux-vdso|/lib.*/ld-linux|lib(nftnl|mnl|c|m|stdc\+\+|gcc_s)\.)'; then
  echo "bench: $tool needs the libraries above" >&2
  exit 1
fi

forget() {
  nft flush ruleset
  rm -rf "$state" "$RUNTIME_DIRECTORY"
}

# iptables-legacy keeps rules that nft does not see.
forget_legacy() {
  iptables-legacy -t nat -F
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

apply() { $tool apply --state-dir "$state" $publishes; }

map_lines() {
  nft list map inet "$1" publish4-any |
    sed '1d; /size/d; s/elements = {//; s/ }$//; s/,$//' | sort -b
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
new_states=$(($($work/batch generation) - generation))
if [ "$new_states" != 0 ]; then
  echo "bench: an apply that changes nothing made a new state" >&2
  exit 1
fi

if [ -z "$QUICK" ]; then
  for n in $sizes; do
    { echo 'delete table inet peer' && cat "$work/nft-map-$n"; } >"$work/nft-map-anew-$n"
  done
  printf '*nat\n-A PREROUTING -p tcp -m tcp --dport 60000 -j DNAT %s\nCOMMIT\n' \
    '--to-destination 10.88.1.1:80' >$work/iptables-add
fi

# changes SIZE: how many publishes at once go and come in a process that stays. For 206 more than a
# few a larger map is needed.
changes() { if [ "$1" -lt 10000 ]; then echo 1; else echo 1 206; fi; }

# Differs by a few milliseconds in hundreds, so it takes more pairs than rounds to tell.
no_op_and_more() {
  local pair
  for pair in 1 2 3 4 5; do
    [ "$pair" = 1 ] || { take "$1" && apply >/dev/null 2>&1; }
    measure no-op "$1" $tool apply --state-dir "$state" $publishes
    take "$1" more
    measure more "$1" $tool apply --state-dir "$state" $publishes
  done
}

# A kernel that has just let go of as many elements has memory for them at hand; else whoever comes
# first pays the host for it. It lets go of them after it said that they are gone.
let_go() {
  forget
  $work/batch load "$1" $publishes
  forget
  sleep 0.2
}

# What the kernel takes differs by a fifth from one time to the next, whoever asks: so there are more
# turns than rounds.
load_in_turns() {
  local turn
  for turn in 1 2 3; do
    let_go "$1"
    measure floor-load "$1" $work/batch load "$1" $publishes
    let_go "$1"
    measure apply "$1" $tool apply --state-dir "$state" $publishes
  done
}

live_own() {
  local n=$1 count
  take "$n"
  measure floor-encode "$n" $work/batch encode "$n" $publishes
  let_go "$n"
  measure nft-load "$n" nft -f "$work/publishes-$n.nft"
  forget
  $work/batch load "$n" $publishes
  measure floor-add "$n" $work/batch add 60000
  for count in $(changes "$n"); do
    again floor-again- "$n" $work/batch change-again 301 "$count"
  done
  load_in_turns "$n"
  measure floor-dump "$n" $work/batch dump bridgeward publish4-any
  measure floor-table "$n" $work/batch dump bridgeward
  measure diff-asked "$n" $tool diff $publishes
  measure diff "$n" $tool diff --state-dir "$state" $publishes
  no_op_and_more "$n"
  for count in $(changes "$n"); do
    again again- "$n" $resident change 301 "$count" $publishes
  done
  forget
}

# By iptables, which takes a rule for each port, as long as that is bearable.
live_iptables() {
  take "$1"
  measure apply-iptables "$1" env IPTABLES=iptables-nft IP6TABLES=ip6tables-nft \
    $tool apply --backend iptables --state-dir "$state" $publishes
  forget
}

live_nft() {
  local n=$1
  peer nft-map-load "$n" nft -f "$work/nft-map-$n"
  peer nft-add "$n" nft add element inet peer published '{ tcp . 60000 : 10.88.1.1 . 80 }'
  peer nft-list "$n" nft list ruleset
  peer nft-json "$n" nft -j list ruleset
  peer nft-map-reload "$n" nft -f "$work/nft-map-anew-$n"
  forget
  peer nft-rules-load "$n" nft -f "$work/nft-rules-$n"
  peer nft-rule-add "$n" nft add rule inet peer nat tcp dport 60000 dnat ip to 10.88.1.1:80
  forget
}

live_xtables() {
  local n=$1 variant
  for variant in nft legacy; do
    peer iptables-$variant-load "$n" iptables-$variant-restore "$work/iptables-$n"
    peer iptables-$variant-add "$n" iptables-$variant-restore --noflush $work/iptables-add
    peer iptables-$variant-save "$n" iptables-$variant-save
  done
  forget
  forget_legacy
}

# A boot finds no rules, and nothing of the last one in memory.
boot() {
  nft flush ruleset
  rm -rf "$RUNTIME_DIRECTORY"
}

boot_round() {
  take 100
  $resident write $publishes >$live/messages
  forget
  apply >/dev/null 2>&1
  boot
  measure boot-apply 100 $tool apply --boot --state-dir "$state" $publishes
  boot
  measure boot 100 $tool boot --state-dir "$state"
  boot
  measure floor-messages 100 $work/batch send <$live/messages
  boot
  peer boot-nft 100 nft -f "$state/accepted.nft"
  forget
}

live_round() {
  local n
  for n in $sizes; do
    live_own "$n"
    [ "$n" -gt 10000 ] || live_iptables "$n"
    if [ -z "$QUICK" ] && { [ "$n" -le 10000 ] || slow_round; }; then
      live_nft "$n"
      live_xtables "$n"
    fi
  done
  boot_round
}
apply_note="bridgeward apply by iptables: 100 000 left out"
