package import Diagnostics

/// Any value of ours as an indented outline: one line a field, places as `line:column`.
///
/// For people who look at what the compiler understood; not a format to parse.
package struct ValueOutline: Sendable {
  private let sources: SourceMap

  package init(_ sources: SourceMap) { self.sources = sources }

  /// The outline of `value` under the title `label`.
  package func text(_ label: String, _ value: Any) -> String {
    var text = ""
    write(label, value, indent: 0, to: &text)
    return text
  }

  private func write(_ label: String, _ value: Any, indent: Int, to text: inout String) {
    if let leaf = leaf(value) {
      line([label, leaf], indent: indent, to: &text)
      return
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      if let some = mirror.children.first { write(label, some.value, indent: indent, to: &text) }
    case .collection:
      for (index, item) in mirror.children.enumerated() {
        write("\(label)[\(index)]", item.value, indent: indent, to: &text)
      }
    case .enum:
      writeEnum(label, mirror, indent: indent, to: &text)
    default:
      writeFields(label, of: mirror, indent: indent, to: &text)
    }
  }

  private func writeEnum(
    _ label: String, _ mirror: Mirror, indent: Int, to text: inout String
  ) {
    guard let payload = mirror.children.first, let name = payload.label else { return }
    if let leaf = leaf(payload.value) {
      line([label, name, leaf], indent: indent, to: &text)
      return
    }
    let inner = Mirror(reflecting: payload.value)
    if inner.displayStyle == .collection {
      line([label, name], indent: indent, to: &text)
      write("", payload.value, indent: indent + 1, to: &text)
    } else {
      writeFields(
        [label, name].filter { !$0.isEmpty }.joined(separator: " "), of: inner, indent: indent,
        to: &text)
    }
  }

  /// A title and the fields below it; a field that is the title's place goes beside it.
  private func writeFields(_ label: String, of mirror: Mirror, indent: Int, to text: inout String) {
    let fields = mirror.children.map { (label: $0.label ?? "", value: $0.value) }
    let place = fields.lazy.compactMap { $0.value as? SourceSpan }.first
    if !label.isEmpty || place != nil {
      line([label, place.map(self.place) ?? ""], indent: indent, to: &text)
    }
    for field in fields where !(field.value is SourceSpan) {
      let name = field.label.hasPrefix(".") ? "" : field.label
      write(name, field.value, indent: indent + (label.isEmpty ? 0 : 1), to: &text)
    }
  }

  private func line(_ words: [String], indent: Int, to text: inout String) {
    let margin = String(repeating: "  ", count: indent)
    text += margin + words.filter { !$0.isEmpty }.joined(separator: " ") + "\n"
  }

  /// The text of a value that fits on its label's line.
  private func leaf(_ value: Any) -> String? {
    switch value {
    case let text as String: return "\"\(VisibleText.escaped(text))\""
    case let span as SourceSpan: return place(span)
    case let leaf as any CustomStringConvertible & Sendable where isLeaf(value):
      return leaf.description
    default: break
    }
    let mirror = Mirror(reflecting: value)
    let isPlainCase = mirror.displayStyle == .enum && mirror.children.isEmpty
    return isPlainCase ? "\(value)" : sourced(value)
  }

  /// A value with its place, or a setting without one.
  private func sourced(_ value: Any) -> String? {
    let fields = Array(Mirror(reflecting: value).children)
    guard fields.map(\.label) == ["value", "span"], let inner = leaf(fields[0].value) else {
      return nil
    }
    let span = fields[1].value as? SourceSpan
    return "\(inner) \(span.map(place) ?? "(implied)")"
  }

  private func isLeaf(_ value: Any) -> Bool {
    switch Mirror(reflecting: value).displayStyle {
    case .collection, .dictionary, .set, .optional, .tuple: false
    default: true
    }
  }

  private func place(_ span: SourceSpan) -> String {
    let start = sources.lines(of: span.file).position(of: span.start)
    return "@\(start.line):\(start.column)"
  }
}
