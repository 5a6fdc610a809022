# iptables-restore: one rule for each published port.
BEGIN { print "*nat" }
function publish(protocol, port, address, inside) {
  printf "-A PREROUTING -p %s -m %s --dport %s -j DNAT --to-destination %s:%s\n", \
    protocol, protocol, port, address, inside
}
END { print "COMMIT" }
