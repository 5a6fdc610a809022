#!/bin/sh
# Writes the corpora to start from, one folder for each target, and a dictionary for each, below
# the directory that is given. They are made of the policies and texts of the repository and of what
# the kernel and the tools make of them, in a network namespace.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
corpus=$1

if [ "${BRIDGEWARD_SEEDS:-}" != inside ]; then
  become=""
  [ "$(id -u)" = 0 ] || become="sudo env BRIDGEWARD_SEEDS=inside"
  BRIDGEWARD_SEEDS=inside exec $become unshare --net "$root/Tests/Fuzz/seeds.sh" "$corpus"
fi

cd "$root"
for target in parser compiler iptables-save netlink snapshot state listings; do
  rm -rf "${corpus:?}/$target"
  mkdir -p "$corpus/$target"
  # libFuzzer takes no empty file for a dictionary.
  echo '# words' >"$corpus/$target.dict"
  cp Tests/FuzzTests/Inputs/$target/* "$corpus/$target"
done

# copy FILE TARGET…: the file, under a name made of its path.
copy() {
  file=$1
  shift
  for target in "$@"; do
    cp "$file" "$corpus/$target/$(printf %s "$file" | tr / -)"
  done
}

# corpus_outputs NAME STEP: every STEPth of the corpus' outputs of that name that are not long.
corpus_outputs() {
  find golden -name "$1" -size -6k | sort | awk "NR % $2 == 0"
}

# Policies.
find golden Examples Tests/PacketTests -name '*.ward' | while read -r file; do
  copy "$file" parser compiler
done
grep -o '"[a-z0-9-]\{2,\}"' Grammar/ward.lark | sort -u |
  tee "$corpus/parser.dict" >"$corpus/compiler.dict"
printf '"->"\n"\\xff"\n"0.0.0.0/0"\n"::/0"\n"65535"\n' >>"$corpus/compiler.dict"

# What iptables is given, and what it shows.
for kind in iptables ip6tables; do
  corpus_outputs "output.$kind" 1 | while read -r file; do copy "$file" iptables-save; done
  for tool in $kind-nft $kind-legacy; do
    corpus_outputs "output.$kind" 9 | while read -r file; do
      "$tool-restore" <"$file" 2>/dev/null || continue
      "$tool-save" -c >"$corpus/iptables-save/$tool-$(printf %s "$file" | tr / -)"
    done
  done
done
cat golden/*/*/output.iptables | tr ' ' '\n' | grep -E '^-{1,2}[a-zA-Z-]+$' | sort -u |
  sed 's/.*/"&"/' >"$corpus/iptables-save.dict"

# What the kernel tells.
nft flush ruleset
python3 Tests/Fuzz/kernel_seeds.py golden "$corpus/netlink" "$corpus/snapshot"

# What doctor is shown of others' rules by nft, a rule at a time, and by iptables.
for rules in Tests/DiagnosisTests/Fixtures/*.nft $(corpus_outputs output.nft 8); do
  nft flush ruleset
  nft -f "$rules" 2>/dev/null || continue
  nft -j list ruleset | jq -c '.nftables as $all | $all[] | select(.rule) | . as $rule | {nftables:
    ([$all[] | select(.chain.name == $rule.rule.chain)]
    + [$all[] | select(.set or .map) | select(tostring | length < 600)][:3] + [$rule])}'
done | LC_ALL=C awk 'length < 4000' | sort -u -k1.200 | awk -v folder="$corpus/listings" '{
  file = folder "/nft-" NR
  print >file
  close(file)
}'
nft flush ruleset
for rules in Tests/DiagnosisTests/Fixtures/*.v4; do
  {
    printf '{"nftables": []}\377'
    head -c 6000 "$rules"
  } >"$corpus/listings/$(basename "$rules")"
done
cat "$corpus"/listings/* | grep -a -o '"[a-z0-9 ]*"' | sort -u | sed 's/"\(.*\)"/"\\"\1\\""/' \
  >"$corpus/listings.dict"

# What the files that are kept say.
for word in '# ' '#: ' 'policy ' 'sysctl ' 'elements ' 'backend iptables' ' was ' ' with ' 'keeper ' \
  'ours ' 'deadline ' 'number ' 'generation ' 'namespace ' '9223372036854775807' '\\x20'; do
  printf '"%s"\n' "$word"
done >"$corpus/state.dict"
