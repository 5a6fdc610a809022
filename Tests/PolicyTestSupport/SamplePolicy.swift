/// Policies that between them hold every statement, option and clause of the language.
package enum SamplePolicy {
  /// The whole policy that the language reference opens with.
  package static let tour = """
    language 1
    uplink eth0                                      # the ways to the world

    list office { 203.0.113.0/24, 2001:db8:5::/48 }  # named address set
    service postgres = tcp 5432                      # named protocol and ports

    network front {
        bridge     br-front
        subnet     172.18.0.0/16, fd00:18::/64       # gateway: the first address
        masquerade                                   # leave with the host's address

        container proxy  172.18.0.11, fd00:18::11
        container web    172.18.0.10, fd00:18::10

        publish tcp 80, 443        -> proxy          # same port inside
        publish udp 443            -> proxy
        publish tcp 8080           -> web:80   from office
        publish tcp 127.0.0.1:9000 -> web:9000       # this host only
        publish tcp [::]:5000      -> web:80         # every IPv6 address of the host
        publish udp 10000-10100    -> web            # a range stays a range
    }

    network back {
        bridge     br-back
        subnet     172.19.0.0/16
        internal                                     # no way out
        icc        off                               # containers are strangers
        isolation  strict

        container db     172.19.0.20  mac 02:42:ac:13:00:14
        vm        redis  172.19.0.21
    }

    allow web -> db     postgres
    allow web -> redis  tcp 6379
    deny  front -> 169.254.169.254                   # cloud metadata
    default deny world -> host                       # filter the host's own input too
    allow office -> host tcp 22  limit 10/minute burst 5 per source

    expect deny  world -> db tcp 5432                # checked at compile time
    expect allow web   -> db tcp 5432
    expect deny  db    -> world

    """

  /// The statements and options that the tour leaves out.
  package static let rest = """
    include "/etc/bridgeward/*.ward"
    uplink eth0, wg0, "log"
    list empty {}
    list admins {
        10.0.0.1-10.0.0.9, fd00::1-fd00::f, office, "host",
    }
    service web = tcp 80, 443, udp 443, icmp, icmpv6 echo-request, esp, protocol 47, "other"
    log denied limit 5/second burst 10
    log denied
    sysctl manage
    sysctl check
    mss clamp
    mss clamp pmtu
    mss clamp 1400
    publish tcp/udp auto -> lan.dns:53 log "dns " connections 100 per source
    reject any -> lan.db, 10.0.0.0/8, fd00::/8 tcp 1-1024 except lan.web, 10.1.0.0/16 via eth1
    default reject any -> any
    on edge1, edge2.example.net {
        uplink eth7
        on edge1 {
            deny any -> any protocol 4 log
        }
    }
    network lan {
        macvlan eth0 mode bridge
        ipvlan eth1.100 mode l2
        ipvlan eth1
        openvswitch ovs0
        interface tap0
        bridge br0 ports eth2, eth3
        subnet 10.0.0.0/24
        gateway 10.0.0.1, fd00::1
        pool 10.0.0.100-10.0.0.200, fd00::100-fd00::1ff
        masquerade ipv4 as 192.0.2.1-192.0.2.9 ports 1024-65535 fully-random via eth0
        masquerade via eth0 random as fd00::1 ipv6
        snat db as 192.0.2.7
        icc on
        isolation on
        isolation off
        direct access off
        direct access on from office, host, world
        serve dhcp, dns, tftp, ra, ntp, web
        antispoof on
        container "log" 10.0.0.3 mac 02:42:AC:11:00:02
        vm db 10.0.0.4, fd00::4
        publish sctp [fd00::1]:9000-9010, auto -> db:9000-9010 from any limit 1/hour
        allow web -> db icmp echo-request, tcp 80
        deny db -> web
        reject web -> db
    }

    """

  /// Both.
  package static let all = [tour, rest]
}
