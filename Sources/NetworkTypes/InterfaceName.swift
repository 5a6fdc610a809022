/// The name of a network interface.
package struct InterfaceName: Hashable, Sendable, Comparable {
  /// 1...15 bytes without `/`, `:` or white space, and neither `.` nor `..`.
  package let text: String

  /// The longest name that the kernel takes, in bytes: `IFNAMSIZ - 1` (linux/if.h).
  package static let maximumLength = 15

  /// Why a text is no interface name.
  package enum Problem: Error, Hashable, Sendable {
    case empty
    /// Too long; the payload is the length in bytes.
    case tooLong(Int)
    /// A byte that the kernel or the tools refuse.
    case forbiddenCharacter
    /// `.`, `..`, a leading `-` that every command would take for an option, or a trailing `+`
    /// that iptables would take for "any interface that starts so".
    case reserved
  }

  /// Checks `text` as the kernel's `dev_valid_name` does, and refuses what the tools would
  /// read as more than a name.
  ///
  /// - Throws: the first problem found.
  package init(validating text: String) throws(Problem) {
    let bytes = text.utf8
    if bytes.isEmpty { throw .empty }
    for byte in bytes {
      let isPlain = byte > 0x20 && byte < 0x7F
      guard isPlain, byte != UInt8(ascii: "/"), byte != UInt8(ascii: ":"),
        byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte != UInt8(ascii: "*")
      else { throw .forbiddenCharacter }
    }
    if bytes.count > Self.maximumLength { throw .tooLong(bytes.count) }
    if text == "." || text == ".." || bytes.first == UInt8(ascii: "-")
      || bytes.last == UInt8(ascii: "+")
    {
      throw .reserved
    }
    self.text = text
  }

  package static let loopback = InterfaceName(unchecked: "lo")
  private init(unchecked text: String) { self.text = text }

  package static func < (left: Self, right: Self) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}

extension InterfaceName: CustomStringConvertible {
  package var description: String { text }
}
