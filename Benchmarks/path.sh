# What run.sh measures of packets: new connections per second from a client through a router to a
# container, each in a network namespace of its own that ends with the process that holds it.

# The last two of mixed publishes are tcp and udp, on this port, and lead to these addresses.
declare -A path_port=([10000]=6023 [60000]=31023)
path_addresses="10.88.4.249 10.88.4.250 10.88.24.249 10.88.24.250"
# And to these ports.
path_inside="1078 1079"
# Of TCP and of UDP, each time: long enough for thousands, too short to fill conntrack's table.
path_ms=${PATH_MS:-400}
path_forms="one ours-one ours ours-iptables"
[ -n "$QUICK" ] || path_forms+=" docker-nft docker-iptables-nft docker-iptables-legacy"

path=$work/path.d
path_state=$PWD/$path/state
mkdir -p $path
for n in "${!path_port[@]}"; do
  awk -v n="$n" -v mixed=1 -f Benchmarks/publishes.awk >"$path/$n.ward"
done
# The same containers, and the last two published ports alone.
awk '/publish/ { kept[++count] = $0; next } /^}/ { print kept[count - 1]; print kept[count] } 1' \
  $path/10000.ward >$path/one.ward
# The least that does it, one rule for each protocol.
cat >$path/one.nft <<EOF
table inet one {
	chain nat {
		type nat hook prerouting priority -100;
		ip daddr 198.51.100.1 tcp dport 6023 dnat ip to 10.88.4.249:1078
		ip daddr 198.51.100.1 udp dport 6023 dnat ip to 10.88.4.250:1079
	}
}
EOF
for form in docker-nft docker-iptables; do
  awk -f Benchmarks/Peers/$form.awk -f Benchmarks/Peers/read.awk $path/10000.ward >$path/$form
done

# hold COMMAND…: runs it in a network namespace of its own; its process number is in $held.
hold() {
  setpriv --pdeathsig TERM unshare --net "$@" &
  held=$!
  # The namespace is there once the command runs.
  until [ "$(readlink /proc/$held/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do
    kill -0 $held
    sleep 0.01
  done
}

# on PROCESS COMMAND…: in its namespace.
on() { nsenter --net="/proc/$1/ns/net" "${@:2}"; }

# cable PROCESS NAME PROCESS NAME: between two namespaces.
cable() {
  ip link add bench0 type veth peer name bench1
  ip link set bench0 netns "$1" name "$2"
  ip link set bench1 netns "$3" name "$4"
}

path_end() { kill $path_client $path_router $path_guest $path_server 2>/dev/null; }

hold sleep infinity && path_client=$held
hold sleep infinity && path_router=$held
hold sleep infinity && path_guest=$held
cable $path_client eth0 $path_router eth0
cable $path_guest eth0 $path_router veth0
on $path_client sh -ec 'ip address add 198.51.100.2/24 dev eth0
  ip link set eth0 up'
on $path_router sh -ec 'ip link set lo up
  ip address add 198.51.100.1/24 dev eth0
  ip link set eth0 up
  ip link add br-front type bridge
  ip address add 10.88.0.1/16 dev br-front
  ip link set veth0 master br-front up
  ip link set br-front up
  echo 1 >/proc/sys/net/ipv4/ip_forward'
on $path_guest sh -ec 'for address; do ip address add "$address/16" dev eth0; done
  ip link set eth0 up
  ip route add default via 10.88.0.1' sh $path_addresses
setpriv --pdeathsig TERM nsenter --net=/proc/$path_guest/ns/net \
  $work/path serve $path_inside &
path_server=$!
leaving+=(path_end)
until [ "$(on $path_guest ss --no-header --listening --tcp | wc -l)" = 2 ]; do
  kill -0 $path_server
  sleep 0.01
done

path_apply() {
  on $path_router env IPTABLES=iptables-nft IP6TABLES=ip6tables-nft \
    $tool apply --state-dir "$path_state" "$@" >$path/apply.log 2>&1 ||
    { cat $path/apply.log >&2 && false; }
}

# path_load FORM SIZE
path_load() {
  case $1 in
  one) on $path_router nft -f $path/one.nft ;;
  ours-one) path_apply $path/one.ward ;;
  ours) path_apply "$path/$2.ward" ;;
  ours-iptables) path_apply --backend iptables "$path/$2.ward" ;;
  docker-nft) on $path_router nft -f $path/docker-nft ;;
  docker-iptables-nft) on $path_router iptables-nft-restore $path/docker-iptables ;;
  docker-iptables-legacy) on $path_router iptables-legacy-restore $path/docker-iptables ;;
  esac
}

path_unload() {
  rm -rf "$path_state" "$RUNTIME_DIRECTORY"
  on $path_router nft flush ruleset
  [ "$1" != docker-iptables-legacy ] || printf '*raw\nCOMMIT\n*nat\nCOMMIT\n*filter\n%s\nCOMMIT\n' \
    ':FORWARD ACCEPT [0:0]' | on $path_router iptables-legacy-restore
}

# path_form FORM SIZE
path_form() {
  local protocol cost
  for protocol in tcp udp; do
    # What is measured is never a full table, nor connections that it knows.
    on $path_router conntrack --flush 2>/dev/null
    if cost=$(on $path_client $work/path $protocol 198.51.100.1 "${path_port[$2]}" "$path_ms"); then
      printf 'path-%s-%s\t%s\t%s\n' $protocol "$1" "$2" "$cost"
    else
      echo "# path-$protocol-$1: left out of round $round, for a connection failed"
    fi
  done
}

path_round() {
  local form size
  # What is compared by percents is measured twice.
  for form in $path_forms ours:60000 one ours-one ours ours:60000; do
    size=${form#*:}
    [ "$size" != "$form" ] || size=10000
    form=${form%:*}
    if path_load "$form" "$size"; then
      path_form "$form" "$size"
    elif [[ $form == docker* ]]; then
      echo "# path of $form: left out of round $round, for its rules did not load"
    else
      return 1
    fi
    path_unload "$form"
  done
}
