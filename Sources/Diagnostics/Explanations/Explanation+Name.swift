extension Explanation {
  static let names: [Explanation] = [
    Explanation(
      .nameUnknown, "Nothing declares this name.",
      """
      Names of networks, containers, lists and services may be used before or after their \
      declaration, in any of the files. Where a similar name exists, the message proposes it.
      """,
      example: """
        language 1
        network front {
          bridge br0  subnet 10.0.0.0/24  masquerade
          container web 10.0.0.2
          publish tcp 80 -> wbe
        }
        """),
    Explanation(
      .nameKind, "The name is of the wrong kind for its place.",
      """
      A publish needs one container or VM, `from` needs peers, a flow's match needs a service. \
      The note shows what the name was declared as.
      """,
      example: """
        language 1
        list office { 192.0.2.0/24 }
        network front {
          bridge br0  subnet 10.0.0.0/24  masquerade
          publish tcp 80 -> office
        }
        """),
    Explanation(
      .nameDuplicate, "Two declarations share a name.",
      """
      Networks, lists and containers share one space of names, since any of them can be a peer; \
      services have one of their own. Containers of different networks may have the same name.
      """,
      example: """
        language 1
        list office { 192.0.2.0/24 }
        list office { 198.51.100.0/24 }
        """),
    Explanation(
      .nameAmbiguous, "Several networks have a container of this name.",
      "Say which one is meant: `front.web` or `back.web`.",
      example: """
        language 1
        network front { bridge br0 subnet 10.0.0.0/24 internal container web 10.0.0.2 }
        network back  { bridge br1 subnet 10.0.1.0/24 internal container web 10.0.1.2 }
        allow web -> 10.0.1.9 tcp 80
        """),
    Explanation(
      .nameReserved, "A word of the language is used as a name.",
      """
      Every keyword is reserved, the names of protocols too. In quotes it may be a name, \
      wherever it is used: `container "log" 10.0.0.2`.
      """,
      example: """
        language 1
        list "world" { 192.0.2.0/24 }
        """),
    Explanation(
      .nameInvalid, "The name holds characters that names cannot have.",
      """
      Names appear in comments of rules and in the names of chains and sets, so they hold \
      letters, digits, `_`, `-` and `.` only, and a dot only in quotes.
      """,
      example: """
        language 1
        list "the office" { 192.0.2.0/24 }
        """),
    Explanation(
      .nameUnused, "No line uses this list or service.",
      "It has no effect. Remove it, or use it where you meant to.",
      example: """
        language 1
        list office { 203.0.113.0/24 }
        network front { bridge br0 subnet 10.0.0.0/24 internal }
        """),
    Explanation(
      .nameSimilar, "Two names differ only in case.",
      "Both are valid and different. Whoever reads the policy will mix them up.",
      example: """
        language 1
        network front {
          bridge br0  subnet 10.0.0.0/24  internal
          container web 10.0.0.2
          container Web 10.0.0.3
        }
        """),
  ]
}
