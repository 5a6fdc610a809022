/// The colors of diagnostics (ECMA-48 "select graphic rendition"), or none.
struct TextStyle: Sendable {
  let isColored: Bool

  func bold(_ text: String) -> String { paint(text, "1") }
  func frame(_ text: String) -> String { paint(text, "34") }
  func help(_ text: String) -> String { paint(text, "1;32") }

  func severity(_ severity: Severity, _ text: String) -> String {
    switch severity {
    case .error: paint(text, "1;31")
    case .warning: paint(text, "1;33")
    case .note: paint(text, "1;36")
    }
  }

  private func paint(_ text: String, _ code: String) -> String {
    isColored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
