# nft: one map, one rule. What somebody writes who knows nft well; no checks, no isolation.
BEGIN {
  print "table inet peer {"
  print "\tmap published {"
  print "\t\ttype inet_proto . inet_service : ipv4_addr . inet_service"
  print "\t\telements = {"
}
function publish(protocol, port, address, inside) {
  printf "\t\t\t%s . %s : %s . %s,\n", protocol, port, address, inside
}
END {
  print "\t\t}"
  print "\t}"
  print "\tchain nat {"
  print "\t\ttype nat hook prerouting priority -100;"
  print "\t\tdnat ip to meta l4proto . th dport map @published"
  print "\t}"
  print "}"
}
