# The rules of Docker with nft: for each published port one that translates it and one that accepts
# it, for each container one that drops what was not translated on its way in. What is accepted is
# inserted on top, so that of the published ports the last one is found first there.
function publish(protocol, port, address, inside) {
  translate[++count] = protocol " dport " port " dnat to " address ":" inside
  accept[count] = "ip daddr " address " " protocol " dport " inside " accept"
  if (!(address in seen)) {
    seen[address] = 1
    drop[++addresses] = "ip daddr " address " iifname != \"br-front\" drop"
  }
}
END {
  print "table ip docker-bridges {"
  print "\tchain raw-PREROUTING {"
  print "\t\ttype filter hook prerouting priority -300;"
  for (i = 1; i <= addresses; i++) print "\t\t" drop[i]
  print "\t}"
  print "\tchain nat-prerouting-and-output {"
  for (i = 1; i <= count; i++) print "\t\t" translate[i]
  print "\t}"
  print "\tchain nat-PREROUTING {"
  print "\t\ttype nat hook prerouting priority -100;"
  print "\t\tfib daddr type local jump nat-prerouting-and-output"
  print "\t}"
  print "\tchain filter-forward-in__br-front {"
  print "\t\tct state established,related accept"
  for (i = count; i >= 1; i--) print "\t\t" accept[i]
  print "\t\tdrop"
  print "\t}"
  print "\tchain filter-FORWARD {"
  print "\t\ttype filter hook forward priority 0;"
  print "\t\toifname \"br-front\" jump filter-forward-in__br-front"
  print "\t}"
  print "\tchain nat-POSTROUTING {"
  print "\t\ttype nat hook postrouting priority 100;"
  print "\t\toifname != \"br-front\" ip saddr 10.88.0.0/16 masquerade"
  print "\t}"
  print "}"
}
