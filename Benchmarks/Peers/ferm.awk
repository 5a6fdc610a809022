# ferm: one rule for each published port.
BEGIN { print "domain ip table nat chain PREROUTING {" }
function publish(protocol, port, address, inside) {
  printf "    proto %s dport %s DNAT to %s:%s;\n", protocol, port, address, inside
}
END { print "}" }
