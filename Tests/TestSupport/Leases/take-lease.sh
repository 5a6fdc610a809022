#!/bin/sh
# Called by udhcpc(8) and dhclient(8) for what happens to a lease: takes the address.
set -e
case "${reason:-$1}" in
  bound)
    ip addr add "$ip/$mask" dev "$interface"
    ip route add default via "$router"
    ;;
  BOUND6) ip addr add "$new_ip6_address/128" dev "$interface" nodad ;;
esac
