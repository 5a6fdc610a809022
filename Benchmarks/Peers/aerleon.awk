# aerleon: it has no words for address translation, so that each published port is a term that
# accepts it. The names that terms use go to the file `definitions`.
BEGIN {
  print "filters:"
  print "  - header:"
  print "      targets:"
  print "        nftables: inet input"
  print "    terms:"
  print "networks:" >definitions
}
function publish(protocol, port, address, inside) {
  if (!(address in hosts)) {
    hosts[address] = "H" (++count)
    printf "  %s:\n    values:\n      - address: %s/32\n", hosts[address], address >definitions
  }
  services[++terms] = protocol " " port
  printf "      - name: p%d\n", terms
  printf "        destination-address: %s\n", hosts[address]
  printf "        destination-port: P%d\n", terms
  printf "        protocol: %s\n", protocol
  print "        action: accept"
}
END {
  print "services:" >definitions
  for (i = 1; i <= terms; i++) {
    split(services[i], service)
    printf "  P%d:\n    - protocol: %s\n      port: %s\n", i, service[1], service[2] >definitions
  }
}
