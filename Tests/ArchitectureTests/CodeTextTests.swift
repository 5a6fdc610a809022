import Testing

/// The other tests see code through ``CodeText`` and ``SwiftFile``: these must not be blind.
@Suite struct CodeTextTests {
  @Test(arguments: [
    ("let a = 1 // try! b", "let a = 1 "),
    ("/// public\nfunc f()", "\nfunc f()"),
    ("a /* x /* y */ z */ b", "a  b"),
    ("a /* x\ny */ b", "a \n b"),
    (#"let s = "try! \(g(h: "unsafe")) x" + t"#, #"let s = "\(g(h: ""))" + t"#),
    (#"let s = "a \" // b"; c"#, #"let s = ""; c"#),
    ("let s = \"\"\"\n  unsafe\n  \"\"\"; d", "let s = \"\"\"\n\n\"\"\"; d"),
  ])
  func stripsCommentsAndStrings(source: String, code: String) {
    #expect(CodeText.strip(source) == code)
  }

  @Test func readsImports() {
    let file = SwiftFile(
      path: "x.swift",
      text: """
        import One
        package import Two
        @preconcurrency internal import Three
        import struct Four.Name
        // import Five
        let text = "import Six"
        """)
    #expect(file.imports == ["One", "Two", "Three", "Four"])
  }
}
