# foomuuri: one rule for each published port, and the two zones that it cannot do without.
BEGIN {
  print "zone {"
  print "  localhost"
  print "  public eth0"
  print "}"
  print "public-localhost {"
  print "  drop"
  print "}"
  print "localhost-public {"
  print "  accept"
  print "}"
  print "dnat {"
}
function publish(protocol, port, address, inside) {
  printf "  %s %s dnat to %s:%s\n", protocol, port, address, inside
}
END { print "}" }
