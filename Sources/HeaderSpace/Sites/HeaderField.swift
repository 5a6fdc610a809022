import Netfilter
import NetworkTypes

/// What is asked of the first packet of a connection, in the order in which diagrams ask.
///
/// What maps look up comes first, so that ten thousand published ports are one wide node; who asks
/// comes below, where few functions are shared by many ports.
enum HeaderField {
  /// Whether the destination was rewritten.
  static let translated = 0
  /// The way out, as ``InterfaceSpace`` numbers it.
  static let output = 1
  /// Whether the destination is one of the host's own addresses.
  static let local = 2
  static let destination = 3
  static let transport = 4
  /// The destination port; for ICMP type times 256 plus code.
  static let port = 5
  /// The way in, as ``InterfaceSpace`` numbers it.
  static let input = 6
  static let source = 7
  static let sourcePort = 8
  /// The way out of what goes to the world, where rules tell several.
  static let exit = 9
  static let mac = 10
  /// The first of the mark's bits, a field each.
  static let marks = 11

  /// The largest values, for headers of `family`.
  static func limits(
    _ family: AddressFamily, _ interfaces: InterfaceSpace, markBits: Int
  ) -> [UInt128] {
    let address = AddressRange.all(family).upperBits
    return [
      1, interfaces.limit, 1, address, 255, 65535, interfaces.limit, address, 65535,
      interfaces.limit, (1 << 48) - 1,
    ] + Array(repeating: 1, count: markBits)
  }
}

extension Ruleset {
  /// The bits of the mark that rules set or ask for.
  var markBits: UInt32 {
    var bits: UInt32 = 0
    for rule in tables.flatMap(\.chains).flatMap(\.rules) {
      for case .mark(let mark) in rule.matches { bits |= mark.mask }
      for case .setMark(let mark) in rule.actions { bits |= mark.mask }
    }
    return bits
  }
}
