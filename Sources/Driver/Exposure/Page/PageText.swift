import Diagnostics

/// Text of a page, in which nothing that a policy says can be markup.
struct PageText {
  private(set) var text = ""

  /// Appends markup of our own.
  mutating func markup(_ markup: String) { text += markup }

  /// Appends what others wrote.
  mutating func plain(_ words: String) { text += Self.escaped(words) }

  /// `<tag class="…">words</tag>`
  mutating func element(_ tag: String, _ words: String, style: String? = nil) {
    text += style.map { "<\(tag) class=\"\($0)\">" } ?? "<\(tag)>"
    plain(words)
    text += "</\(tag)>"
  }

  /// The words as they can stand between tags and in quoted attributes.
  static func escaped(_ words: String) -> String {
    var result = ""
    for character in VisibleText.escaped(words) {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.append(character)
      }
    }
    return result
  }
}
