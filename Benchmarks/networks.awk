# Writes a policy with n networks of 100 containers each, a published port and an allowed flow for
# each network.
BEGIN {
  print "language 1"
  print "uplink eth0"
  for (i = 0; i < n; i++) {
    a = 1 + int(i / 256); b = i % 256
    printf "\nnetwork n%d {\n    bridge     br%d\n    subnet     10.%d.%d.0/24\n", i, i, a, b
    print "    masquerade"
    print "    icc        off"
    for (j = 0; j < 100; j++) printf "    container n%d-c%d 10.%d.%d.%d\n", i, j, a, b, 2 + j
    printf "    publish tcp %d -> n%d-c0:80\n", 1024 + i, i
    printf "    allow n%d-c1 -> n%d-c2 tcp 5432\n", i, i
    print "}"
    if (i > 0) printf "allow n%d-c3 -> n%d-c4 tcp 6379\n", i - 1, i
  }
}
