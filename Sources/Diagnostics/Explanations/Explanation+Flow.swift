extension Explanation {
  static let flows: [Explanation] = [
    Explanation(
      .iccNoAllow, "`icc off`, and no `allow` among the network's containers.",
      """
      The containers are strangers to each other, all of them. If that is meant, a line like \
      `deny front -> front` says so; else add lines like `allow web -> db tcp 5432`.
      """,
      example: networks(front: "icc off")),
    Explanation(
      .iccUselessAllow, "An `allow` between members of a network whose `icc` is on.",
      "Every pair of its containers is open already. Say `icc off`, or remove the line.",
      example: networks(outside: "allow web -> cache tcp 80")),
    Explanation(
      .flowSelf, "The flow leads from a peer to itself.",
      "What a container sends to itself never leaves it; no rule sees it.",
      example: networks(outside: "allow web -> web tcp 80")),
    Explanation(
      .flowReplies, "Both directions are written where replies pass by themselves.",
      """
      Replies to an allowed connection pass always. The second line lets the other side *open* \
      connections too. If that is not meant, remove it.
      """,
      example: networks(outside: "allow web -> db tcp 80", "allow db -> web tcp 80")),
    Explanation(
      .flowDead, "Other lines make this line dead.",
      """
      `deny` beats `allow`, whatever their order, and all that the line allows is denied. The \
      notes show by which lines. A hole in a `deny` is cut with `except`.
      """,
      comparedPairs,
      example: networks(outside: "deny front -> back", "allow web -> db tcp 80")),
    Explanation(
      .flowRedundant, "Another line already says this.",
      "It has no effect of its own; the note shows the other line. Remove one.", comparedPairs,
      example: networks(outside: "allow front -> db tcp 80", "allow web -> db tcp 80")),
    Explanation(
      .flowContradiction, "One line allows and another denies the very same flow.",
      "The `deny` would win. Remove the one that is not meant.",
      example: networks(outside: "allow web -> db tcp 80", "deny web -> db tcp 80")),
    Explanation(
      .flowDefaultSame, "The line repeats the default.",
      """
      What it says would happen without it. It may stay as a remark for readers; a later \
      `default` line would leave it in force.
      """,
      example: networks(outside: "default deny front -> back", "deny front -> back")),
    Explanation(
      .flowExceptUseless, "The `except` is outside the flow that it is cut from.",
      "It cuts nothing out. Perhaps another peer was meant.",
      example: networks(outside: "deny front -> 198.18.0.0/24 except 198.19.0.1")),
    Explanation(
      .flowImpossible, "No packet can have this flow.",
      """
      The two sides have no address family in common, or `except` leaves nothing of one side. \
      The line would make no rule at all.
      """,
      example: networks(outside: "allow 2600:1234::1 -> web tcp 80")),
    Explanation(
      .flowNoPath, "The flow is between an internal network and the world.",
      """
      `internal` means that there is no path to or from the world, and no line opens one. Take \
      `internal` out, or the line.
      """,
      example: networks(back: "internal", outside: "allow db -> world tcp 443")),
    Explanation(
      .flowAny, "The flow is from anyone to anyone.",
      "It covers the host, the world and every network. Name the peers that are meant.",
      example: networks(outside: "allow any -> any icmp")),
    Explanation(
      .defaultConflict, "Two defaults claim the same pair.",
      "Order never matters, so neither could win. Narrow one of them.",
      """
      Defaults are held against each other one by one. Where a policy has so many that this would \
      be noticed (a thousand, about), two that cross without one holding the other may be missed.
      """,
      example: networks(
        outside: "default deny front -> back", "default allow front -> back")),
    Explanation(
      .expectFailed, "An expectation does not hold.",
      """
      The line says what is to become of a flow, and the rules that this policy compiles to do \
      something else with it: packets of the flow were tried on them, one by one. The message tells \
      of the first that fares otherwise, by which rules it goes, and which line decides. Mend the \
      line that decides, or the expectation.
      """,
      example: networks(outside: "expect allow web -> db tcp 5432")),
    Explanation(
      .expectUndecided, "Nobody can tell whether an expectation holds.",
      """
      Whether the flow passes depends on something that the policy does not say, and that the \
      message names. Nothing is guessed. Expect something of the flow's other parts, or try the \
      flow on the host with `bridgeward trace --live`.
      """,
      example: """
        language 1
        network lan {
          macvlan eth1 mode bridge
          subnet 198.51.100.0/24
          container web 198.51.100.80
        }
        expect deny host -> web tcp 80
        """),
    Explanation(
      .expectPartial, "An expectation is about more packets than are tried.",
      """
      Of a line, 4096 packets of each family are tried: of each side everybody whom some line tells \
      apart, with each port that some line tells apart. What was tried holds, and of the others \
      nothing is known. Expect it of some of the peers or ports at a time, in lines of their own; \
      `bridgeward exposure` says what is open without trying packets.
      """),
    Explanation(
      .expectVacuous, "The expectation is about an empty set.",
      """
      No packet is of the flow, so it holds whatever the policy says. Most likely a side is \
      empty: a list without entries, or a peer without an address of the family.
      """,
      example: networks(outside: "list nobody { }", "expect deny nobody -> web tcp 80")),
  ]

  /// The bound of the checks that compare what lines cover.
  private static let comparedPairs = """
    A line that joins more than 4096 pairs of peers (each on its left with each on its right, where \
    a network or a list counts as one) is left out of the comparison.
    """

  /// A policy with two networks of two containers, with one more setting each, and lines beside
  /// them.
  private static func networks(
    front: String = "icc on", back: String = "icc on", outside: String...
  ) -> String {
    """
    language 1
    network front {
      bridge br0
      subnet 10.0.0.0/24
      masquerade
      \(front)
      container web   10.0.0.2
      container cache 10.0.0.3
    }
    network back {
      bridge br1
      subnet 10.0.1.0/24
      \(back == "internal" ? "internal" : "masquerade\n  \(back)")
      container db 10.0.1.2
    }
    \(outside.joined(separator: "\n"))
    """
  }
}
