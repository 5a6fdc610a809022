/// Any JSON value, for documents whose form is somebody else's.
package indirect enum JSONTree: Hashable, Sendable, Decodable {
  case null
  case bool(Bool)
  case number(Int)
  case text(String)
  case array([JSONTree])
  case object([String: JSONTree])

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONTree].self) {
      self = .array(value)
    } else if let value = try? container.decode([String: JSONTree].self) {
      self = .object(value)
    } else {
      // A number with a fraction, which nft never prints.
      self = .null
    }
  }

  /// The value of a key; `nil` where this is no object, or has no such key.
  subscript(_ key: String) -> JSONTree? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  var text: String? {
    if case .text(let value) = self { value } else { nil }
  }

  var number: Int? {
    if case .number(let value) = self { value } else { nil }
  }

  var array: [JSONTree]? {
    if case .array(let values) = self { values } else { nil }
  }

  /// The one member of an object that has one.
  var member: (key: String, value: JSONTree)? {
    guard case .object(let members) = self, members.count == 1 else { return nil }
    return members.first.map { ($0.key, $0.value) }
  }
}
