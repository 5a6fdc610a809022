# The rules of Docker with iptables: for each published port one that translates it and one that
# accepts it, for each container one that drops what was not translated on its way in. What is
# accepted is inserted on top, so that of the published ports the last one is found first there.
function publish(protocol, port, address, inside) {
  match_ports = " -p " protocol " -m " protocol " --dport "
  translate[++count] = "-A DOCKER ! -i br-front" match_ports port \
    " -j DNAT --to-destination " address ":" inside
  accept[count] = "-A DOCKER -d " address "/32 ! -i br-front -o br-front" match_ports inside \
    " -j ACCEPT"
  if (!(address in seen)) {
    seen[address] = 1
    drop[++addresses] = "-A PREROUTING -d " address "/32 ! -i br-front -j DROP"
  }
}
END {
  print "*raw"
  for (i = 1; i <= addresses; i++) print drop[i]
  print "COMMIT"
  print "*nat"
  print ":DOCKER - [0:0]"
  print "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER"
  print "-A POSTROUTING -s 10.88.0.0/16 ! -o br-front -j MASQUERADE"
  for (i = 1; i <= count; i++) print translate[i]
  print "COMMIT"
  print "*filter"
  print ":FORWARD DROP [0:0]"
  print ":DOCKER - [0:0]"
  print "-A FORWARD -o br-front -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"
  print "-A FORWARD -o br-front -j DOCKER"
  print "-A FORWARD -i br-front -j ACCEPT"
  for (i = count; i >= 1; i--) print accept[i]
  print "COMMIT"
}
