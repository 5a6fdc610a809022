# nft: one rule for each published port.
BEGIN {
  print "table inet peer {"
  print "\tchain nat {"
  print "\t\ttype nat hook prerouting priority -100;"
}
function publish(protocol, port, address, inside) {
  printf "\t\t%s dport %s dnat ip to %s:%s\n", protocol, port, address, inside
}
END {
  print "\t}"
  print "}"
}
