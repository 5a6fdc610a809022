extension Explanation {
  static let enforcement: [Explanation] = [
    Explanation(
      .antispoofArp, "The backend cannot check ARP and neighbor discovery.",
      """
      iptables sees IP packets only. Source addresses are checked there, but a container can \
      still answer ARP requests for another's address, and send to its neighbors from another's \
      address with its own MAC. The nft backend checks both.
      """),
    Explanation(
      .enforceBridge, "The backend may not see frames between ports of one bridge.",
      """
      IP rules see bridged frames only where `net.bridge.bridge-nf-call-iptables` is 1, which \
      changes the behavior of every bridge on the host and is never switched on from here. With \
      it at 0, `icc off` has no effect through iptables. The nft backend uses a bridge table, \
      which works either way.
      """,
      """
      One thing a bridge table cannot do without CONFIG_NF_CONNTRACK_BRIDGE: count connections. \
      A `connections` clause on a line about members of one bridge is an error then; give the \
      line a `limit`, take the members out of it, or say `--assume bridge-conntrack` if the \
      kernel can.
      """,
      """
      Even then it works only while bridged frames are not handed to IP rules, which Docker and \
      Kubernetes switch on. With both, kernels take the connection away from the host's copy of a \
      broadcast, such as a request for an address, and masquerade no member that uses a published \
      port. Rules track bridged frames for such lines only.
      """),
    Explanation(
      .enforceAttachment, "The host cannot enforce this on this attachment.",
      """
      Guests of macvlan and ipvlan networks send their frames past the host's IP rules, and \
      frames inside an Open vSwitch bridge never reach them. A rule that the host could not keep \
      is refused rather than written in vain. Use a Linux bridge, or take the line out.
      """,
      example: """
        language 1
        network front {
          openvswitch ovs0
          subnet 10.0.0.0/24
          internal
          icc off
          container web 10.0.0.2
        }
        """),
    Explanation(
      .enforceBackend, "The chosen backend cannot say this rule.",
      """
      The policy is fine, but this backend has no words for a part of it, and leaving the part \
      out would leave the host more open than the policy says. Choose another `--target`.
      """),
    Explanation(
      .backendIptables, "Maps become linear rules in iptables.",
      """
      nft looks a published port up in a map, in one step. iptables tries rules one after the \
      other: the message counts them. New connections cost time in proportion; packets of \
      established ones do not.
      """),
  ]

  static let lists: [Explanation] = [
    Explanation(
      .listOverlap, "Entries of the list are contained in others.",
      "They are merged. Removing them changes nothing.",
      example: """
        language 1
        list office { 10.0.0.0/8, 10.1.0.0/16 }
        allow office -> host tcp 22
        """),
    Explanation(
      .listEmpty, "A list without entries is used.",
      """
      `from` an empty list lets nobody in, and a flow to an empty list covers nothing. If that is \
      meant for now, it may stay.
      """,
      example: """
        language 1
        list office { }
        allow office -> host tcp 22
        """),
    Explanation(
      .listSize, "The list is very large.",
      """
      More than 65535 intervals take the kernel seconds to load, and every reload again. Merge \
      prefixes where you can.
      """),
    Explanation(
      .listCycle, "The list contains itself.",
      "The notes show the way round. Take one of the names out.",
      example: """
        language 1
        list office { 192.0.2.1, branch }
        list branch { 192.0.2.2, office }
        allow office -> host tcp 22
        """),
  ]
}
