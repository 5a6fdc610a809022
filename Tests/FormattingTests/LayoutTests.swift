import Formatting
import PolicyTestSupport
import Testing

/// What the canonical layout looks like.
struct LayoutTests {
  struct Sample: CustomTestStringConvertible, Sendable {
    let rule: String
    let written: String
    let formatted: String

    var testDescription: String { rule }
  }

  static let long = (1...12).map { "10.0.\($0).0/24" }

  static let samples: [Sample] = [
    Sample(rule: "an empty file stays empty", written: "\n  \n", formatted: ""),
    Sample(
      rule: "white space is single, and none surrounds colons and slashes",
      written: "publish   tcp / udp\t127.0.0.1 : 80 ,443->web : 8080   limit 1 / second",
      formatted: "publish tcp/udp 127.0.0.1:80, 443 -> web:8080 limit 1/second\n"),
    Sample(
      rule: "brackets are tight", written: "publish tcp[ :: ]:80->\"a\" : 1",
      formatted: "publish tcp [::]:80 -> \"a\":1\n"),
    Sample(
      rule: "one statement stands on a line", written: "uplink a uplink b,c sysctl check",
      formatted: "uplink a\nuplink b, c\nsysctl check\n"),
    Sample(
      rule: "a statement of several lines is joined", written: "allow a,\n   b\n->\n\nc tcp\n80",
      formatted: "allow a, b -> c tcp 80\n"),
    Sample(
      rule: "blocks are indented by four spaces",
      written: "on h {network n{bridge b\n\ticc on}}\nuplink e",
      formatted: """
        on h {
            network n {
                bridge b
                icc on
            }
        }
        uplink e

        """),
    Sample(
      rule: "an empty block is two braces", written: "network n {\n\n}\non h\n{ }\nlist l {\n}",
      formatted: "network n {}\non h {}\nlist l {}\n"),
    Sample(
      rule: "blank lines are single, and none stands at the ends of a block",
      written: "\n\nuplink a\n\n\n\nnetwork n {\n\n  icc on\n\n\n  internal\n\n}\n\n\n",
      formatted: "uplink a\n\nnetwork n {\n    icc on\n\n    internal\n}\n"),
    Sample(
      rule: "comments keep their place",
      written: """
        #first
        uplink a# second \t
              # third


           # fourth
        network n { # fifth
        # sixth
        icc on     # seventh
        # eighth
        } # ninth
        # tenth
        """,
      formatted: """
        #first
        uplink a  # second
        # third

        # fourth
        network n {  # fifth
            # sixth
            icc on  # seventh
            # eighth
        }  # ninth
        # tenth

        """),
    Sample(
      rule: "a block with nothing but a comment is not closed on its line",
      written: "network n { # {\n}\non h {\n# none\n}",
      formatted: "network n {  # {\n}\non h {\n    # none\n}\n"),
    Sample(
      rule: "a comment inside a statement keeps its line ends",
      written: "allow a, # one\n b\n # two\n -> c",
      formatted: "allow a,  # one\n    b\n    # two\n    -> c\n"),
    Sample(
      rule: "a short list is one line", written: "list l {\n  a,\n  10.0.0.1 }",
      formatted: "list l { a, 10.0.0.1 }\n"),
    Sample(
      rule: "a comma at its end keeps a list open", written: "list l { a, b, }",
      formatted: "list l {\n    a,\n    b,\n}\n"),
    Sample(
      rule: "a long list has an entry a line",
      written: "list l { \(long.joined(separator: ",")) }",
      formatted: "list l {\n    \(long.joined(separator: ",\n    "))\n}\n"),
    Sample(
      rule: "a list with comments has an entry a line",
      written: "list l { # all\na, b # two\n\n\n# three\n, c }",
      formatted: "list l {  # all\n    a,\n    b  # two\n\n    # three\n    ,\n    c\n}\n"),
    Sample(
      rule: "a long statement keeps its line ends",
      written: "allow \(long.joined(separator: ","))\n-> web,\n  db",
      formatted: "allow \(long.joined(separator: ", "))\n    -> web,\n    db\n"),
    Sample(
      rule: "line ends are LF, and a byte order mark goes",
      written: "\u{FEFF}uplink a\r\nuplink b # c\r\n", formatted: "uplink a\nuplink b  # c\n"),
    Sample(
      rule: "what cannot be read stays as it is",
      written: "uplink   a\nallow  a   b\nuplink   c\nzone x {\n  y   z\n}\n uplink d",
      formatted: "uplink a\nallow  a   b\nuplink c\nzone x {\n  y   z\n}\nuplink d\n"),
  ]

  @Test(arguments: samples)
  func theLayoutIsCanonical(_ sample: Sample) {
    #expect(format(parsed(sample.written).tree) == sample.formatted)
  }
}
