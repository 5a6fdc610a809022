# What run.sh measures of compiling, which no kernel is asked for.

networks="100 1000"
flow_sizes="1000 10000"

# peer_input TOOL SIZE: what the tool is given to publish the same ports.
peer_input() {
  awk -f "Benchmarks/Peers/$1.awk" -f Benchmarks/Peers/read.awk "$work/publishes-$2.ward"
}

stage "inputs"
for n in $sizes; do
  policy=$work/publishes-$n.ward
  awk -v n="$n" -f Benchmarks/publishes.awk >"$policy"
  $tool compile --target nft "$policy" >"$work/publishes-$n.nft" 2>/dev/null
  # The floor counts only if it prints what we print.
  $work/floor "$policy" >"$work/floor.nft"
  if ! grep -P '^\t\t\t(tcp|udp) \. ' "$work/publishes-$n.nft" | cmp -s - "$work/floor.nft"; then
    echo "bench: the floor prints other elements than the compiler for $policy" >&2
    exit 1
  fi
  $resident write "$policy" | $work/batch elements publish4-any >"$work/ours.elements"
  if ! $work/batch write "$n" "$policy" | $work/batch elements publish4-any |
    cmp -s - "$work/ours.elements"; then
    echo "bench: the floor encodes other elements than the compiler for $policy" >&2
    exit 1
  fi
  [ -z "$QUICK" ] || continue
  for form in nft-map nft-rules iptables ferm; do peer_input $form "$n" >"$work/$form-$n"; done
  mkdir -p "$work/foomuuri-$n" "$work/aerleon-$n"
  peer_input foomuuri "$n" >"$work/foomuuri-$n/bench.conf"
  awk -v definitions="$work/aerleon-$n/bench.yaml" -f Benchmarks/Peers/aerleon.awk \
    -f Benchmarks/Peers/read.awk "$policy" >"$work/aerleon-$n.yaml"
done
for n in $networks; do
  awk -v n="$n" -f Benchmarks/networks.awk >"$work/networks-$n.ward"
done
# Each port leads to another one inside: what is compared differs in every publish.
for n in $flow_sizes; do
  sed -E 's/-> c([0-9]+):([0-9]+)$/-> c\1:2\2/' "$work/publishes-$n.ward" \
    >"$work/other-$n.ward"
done
printf 'language 1\n' >$work/empty.ward

ferm() { $1 ferm "$2" perl $peers/root/usr/sbin/ferm --noexec --lines "$work/ferm-$2"; }

foomuuri() {
  $1 foomuuri "$2" env PYTHONPATH="$PWD/$peers/root/usr/lib/python3/dist-packages" \
    LD_LIBRARY_PATH="$PWD/$peers/root/usr/lib/$(uname -m)-linux-gnu" \
    /usr/bin/python3 $peers/root/usr/sbin/foomuuri --set=etc_dir="$work/foomuuri-$2" \
    --set=share_dir=$peers/root/usr/share/foomuuri --set=state_dir="$work/foomuuri-$2" \
    --set=run_dir="$work/foomuuri-$2" --set=nft_bin=true check
}

aerleon() {
  mkdir -p "$work/aerleon-$2/output"
  $1 aerleon "$2" $peers/venv/bin/aclgen --base_directory $work \
    --definitions_directory "$work/aerleon-$2" --policy_file "$work/aerleon-$2.yaml" \
    --output_directory "$work/aerleon-$2/output"
}

# once ROW SIZE COMMAND…: runs it, to look at what it makes.
once() { "${@:3}" 2>&1; }

# makes TOOL COUNT: another compiler counts only if it makes a rule for each port.
makes() {
  if ! grep -q "^$1:" $work/absent && [ "$2" != 100 ]; then
    echo "$1: left out, for it makes ${2:-0} rules of 100 published ports" | tee -a $work/absent >&2
  fi
  if grep -q "^$1:" $work/absent; then failed[$1]=1; fi
}
if [ -z "$QUICK" ]; then
  makes ferm "$(ferm once 100 | grep -c 'jump DNAT')"
  foomuuri once 100 >/dev/null || :
  makes foomuuri "$(grep -c 'dport .* dnat ip to' $work/foomuuri-100/next.fw 2>/dev/null)"
  aerleon once 100 >/dev/null || :
  makes aerleon "$(grep -c 'dport .* accept' $work/aerleon-100/output/aerleon-100.nft 2>/dev/null)"
fi

compile_own() {
  local stem=$work/publishes-$1.ward target
  measure floor "$1" $work/floor "$stem"
  for target in nft iptables iptables-hooks; do
    measure $target "$1" $tool compile --target $target "$stem"
  done
  # It finds that these ports are open to everybody.
  measure check "$1" --status 1 $tool check "$stem"
  measure trace "$1" $tool trace "$stem" 'world -> host tcp 1024'
  again floor-again- "$1" $work/batch encode-again 31 "$1" "$stem"
  again again- "$1" $resident encode 31 "$stem"
}

compile_peers() {
  peer nft-map-check "$1" nft -c -f "$work/nft-map-$1"
  peer iptables-nft-test "$1" iptables-nft-restore --test "$work/iptables-$1"
  peer iptables-legacy-test "$1" iptables-legacy-restore --test "$work/iptables-$1"
  if [ "$1" -le 10000 ] || slow_round; then
    peer nft-rules-check "$1" nft -c -f "$work/nft-rules-$1"
    ferm peer "$1"
    foomuuri peer "$1"
  fi
  if [ "$1" -le 1000 ] || { [ "$1" -le 10000 ] && slow_round; }; then aerleon peer "$1"; fi
}

compile_round() {
  local n
  measure start-floor 0 $work/floor $work/empty.ward
  measure start-arguments 0 $starter check $work/empty.ward
  measure version 0 $tool --version
  measure nft-version 0 nft --version
  measure start-check 0 $tool check $work/empty.ward
  for n in $sizes; do
    compile_own "$n"
    compile_peers "$n"
  done
  for n in $networks; do
    measure networks-nft "$n" $tool compile --target nft "$work/networks-$n.ward"
    measure networks-iptables "$n" $tool compile --target iptables "$work/networks-$n.ward"
    measure networks-hooks "$n" $tool compile --target iptables-hooks "$work/networks-$n.ward"
  done
  for n in $flow_sizes; do
    again floor-again- "$n" $work/floor again 101 "$work/publishes-$n.ward"
    again again- "$n" $resident check 101 "$work/publishes-$n.ward"
    measure exposure "$n" $tool exposure "$work/publishes-$n.ward"
    measure flows "$n" --status 1 \
      $tool diff --flows "$work/publishes-$n.ward" "$work/other-$n.ward"
  done
}

facts() {
  local n
  for n in $sizes; do
    printf 'input-bytes\t%s\t%s\n' "$n" "$(stat -c %s "$work/publishes-$n.ward")"
  done
  [ -z "${new_states:-}" ] || printf 'no-op-states\t100\t%s\n' "$new_states"
  [ -n "$QUICK" ] || echo "# aerleon: 100 000 left out, for it takes most of a minute"
  [ -z "${apply_note:-}" ] || echo "# $apply_note"
  return 0
}
