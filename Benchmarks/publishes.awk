# Writes a policy with n published ports, and as many containers as it takes to have ten ports each.
#
# Publish i is tcp for i < 50 000 and udp beyond, on host port 1024 + i mod 50 000, and leads to
# port 80 + i mod 1 000 of container i mod (n / 10). With `mixed`, each port is published for tcp and
# then for udp, so that the last two publishes are one of each.
BEGIN {
  guests = n >= 10 ? int(n / 10) : 1
  print "language 1"
  print "uplink eth0"
  print ""
  print "network front {"
  print "    bridge     br-front"
  print "    subnet     10.88.0.0/16"
  print "    masquerade"
  for (i = 0; i < guests; i++)
    printf "    container c%d 10.88.%d.%d\n", i, 1 + int(i / 250), 1 + i % 250
  for (i = 0; i < n; i++) {
    udp = mixed ? i % 2 : i >= 50000
    port = 1024 + (mixed ? int(i / 2) : i % 50000)
    printf "    publish %s %d -> c%d:%d\n", udp ? "udp" : "tcp", port, i % guests, 80 + i % 1000
  }
  print "}"
}
