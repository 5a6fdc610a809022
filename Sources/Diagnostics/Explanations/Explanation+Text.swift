extension Explanation {
  static let texts: [Explanation] = [
    Explanation(
      .syntaxError, "The text is not of the policy language.",
      """
      The message says what was expected at the marked place. Reading goes on with the next \
      statement, so that one slip costs one statement and all slips are shown at once.
      """,
      """
      A word of the language that is meant as a name must stand in quotes: `container "log"`.
      """,
      example: """
        language 1
        network front {
          bridge br0
          subnet 10.0.0.0/24
          internl
        }
        """),
    Explanation(
      .textEncoding, "The file is not valid UTF-8 text, or holds a NUL byte.",
      """
      The message names the bytes. Save the file as UTF-8; names and comments may hold any \
      letters.
      """),
    Explanation(
      .textBidi, "A character reorders or hides the text around it.",
      """
      Bidirectional controls and invisible characters can make a line look different from what \
      it says ("Trojan Source", CVE-2021-42574). A policy is reviewed by reading, so they are \
      refused everywhere, in comments too. Delete them.
      """,
      example: """
        language 1
        list office { 192.0.2.1 } # \u{202E} trusted
        network front { bridge br0 subnet 10.0.0.0/24 internal }
        """),
    Explanation(
      .textCrlf, "Lines end with carriage return and line feed.",
      """
      Such a file is read like any other. `bridgeward fmt` writes plain line feeds.
      """,
      example: "language 1\r\nnetwork front { bridge br0 subnet 10.0.0.0/24 internal }\r\n"),
    Explanation(
      .textTabs, "A line is indented with tabs.",
      "`bridgeward fmt` writes spaces, so that the file looks the same everywhere.",
      example: """
        language 1
        network front {
        \tbridge br0
            subnet 10.0.0.0/24
            internal
        }
        """),
    Explanation(
      .languageVersion, "The `language` line is not as it must be.",
      """
      `language 1` may stand once, as the first statement of a file, and says which version of \
      the language the file is written in. Version 1 is the only one so far. A file that names \
      its version never changes its meaning in a later release.
      """,
      example: """
        language 7
        network front { bridge br0 subnet 10.0.0.0/24 internal }
        """),
  ]

  static let files: [Explanation] = [
    Explanation(
      .fileTooLarge, "The file is larger than a policy may be.",
      """
      The limit is 64 MiB, some millions of lines. A file beyond it is most likely not a policy, \
      and is refused before it is read.
      """),
    Explanation(
      .fileEmpty, "The policy says nothing.",
      """
      An empty policy would remove every rule that an earlier one made, which is hardly ever \
      meant. To take all rules away, delete the table or the chains instead.
      """,
      example: "# only a comment\n"),
    Explanation(
      .fileWritable, "Somebody other than the owner can write the file.",
      """
      The file belongs to root and its group or everybody may write it: whoever can, decides \
      what the host lets through. Use `chmod go-w FILE`.
      """),
    Explanation(
      .includeMissing, "An `include` names no file.",
      """
      A path is taken from the directory of the file that includes it; `*` and `?` stand for \
      parts of the last name. A pattern that finds nothing is an error, because a part of a \
      policy that is silently missing could open or close anything.
      """,
      example: """
        language 1
        include "no-such-file.ward"
        """),
    Explanation(
      .includeCycle, "A file includes itself, directly or through others.",
      "The notes show the way round. Take one of the `include` lines out."),
  ]
}
