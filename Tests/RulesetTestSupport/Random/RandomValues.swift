import Diagnostics
import Netfilter
import NetworkTypes
import PolicyTestSupport

/// Random values of a world that is small, and full of ends and edges.
struct RandomValues {
  private(set) var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func isOne(in count: Int) -> Bool { generator.isOne(in: count) }
  mutating func pick<Item>(_ items: [Item]) -> Item { generator.pick(items) }
  mutating func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
  mutating func shuffled<Item>(_ items: [Item]) -> [Item] { items.shuffled(using: &generator) }

  mutating func interface() -> InterfaceName {
    Sample.interface(pick(["lo", "br0", "br-back", "tap0", "a-name-of-15-ch", "e"]))
  }

  mutating func family() -> AddressFamily { pick(AddressFamily.allCases) }

  mutating func transportWithPorts() -> TransportProtocol {
    pick([.tcp, .udp, .sctp, .dccp, .udplite])
  }

  mutating func mac() -> MACAddress { MACAddress(bits: UInt64(number(0...Int(UInt32.max)))) }

  mutating func address(_ family: AddressFamily) -> IPAddress {
    let highest: UInt128 = family == .ipv4 ? UInt128(UInt32.max) : .max
    let middle: UInt128 = family == .ipv4 ? 0x0A00_0000 : 0xFD << 120
    let step = UInt128(number(0...300))
    return IPAddress(family: family, bits: pick([0, highest, middle + step, middle + step, step]))
  }

  mutating func range(_ family: AddressFamily) -> AddressRange {
    switch number(0...3) {
    case 0: return AddressRange(address(family))
    case 1:
      return AddressRange(
        AddressPrefix(masking: address(family), length: number(0...family.width)))
    case 2:
      let length = number(0...(family.width / 8)) * 8
      return AddressRange(AddressPrefix(masking: address(family), length: length))
    default:
      let ends = [address(family), address(family)].sorted()
      return AddressRange(ends[0], ends[1]) ?? AddressRange(ends[0])
    }
  }

  mutating func ranges(_ family: AddressFamily, _ count: Int) -> [AddressRange] {
    // Wide ranges would swallow the others.
    let ranges = (0..<count).map { _ in
      isOne(in: 3)
        ? AddressRange(AddressPrefix(masking: address(family), length: family.width - 4))
        : AddressRange(address(family))
    }
    return AddressSet(ranges).ranges
  }

  mutating func port() -> UInt16 { pick([0, .max, UInt16(number(1...40)), 8080]) }

  mutating func portRange() -> PortRange {
    if isOne(in: 2) { return PortRange(port()) }
    let ends = [port(), port()].sorted()
    return PortRange(ends[0], ends[1])
  }

  mutating func ports() -> [PortRange] {
    (0..<pick([1, 1, 1, 2, 3, 7])).map { _ in portRange() }.sorted()
  }

  mutating func mark() -> PacketMark {
    let values: [UInt32] = [0, 1, 0x1000, 0xF000, .max, UInt32(number(0...0xFFFF))]
    return PacketMark(value: pick(values), mask: pick(values + [.max, .max]))
  }

  mutating func origin() -> Origin? {
    if isOne(in: 3) { return nil }
    let files =
      [
        "policy.ward", "/etc/a b/c.ward", "odd:3: name", "\"quoted\"", "\u{e9}.ward", ":",
      ] + (55...70).map { String(repeating: "d/", count: $0) }
    let line = UInt32(pick([1, 12, 99_999, Int(UInt32.max)]))
    let file = isOne(in: 4) ? number(6...21) : number(0...5)
    return Origin(
      span: SourceSpan(file: UInt32(file), start: line / 2, end: line), file: files[file],
      line: line)
  }

  mutating func comment() -> String? {
    if isOne(in: 3) { return nil }
    return pick([
      "allow tcp:80", "why: because", "x:7: y", "", "7", "a \\ \"b\"",
      String(repeating: "long ", count: number(20...30)),
    ])
  }
}
