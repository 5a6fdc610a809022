import Diagnostics
import KernelForm
import Netfilter

/// Small tables for the things that can go wrong.
enum Fixture {
  static let path = TablePath(.inet, "bridgeward")

  static func origin(_ line: UInt32) -> Origin {
    Origin(span: SourceSpan(file: 0, start: 0, end: 1), file: "test.ward", line: line)
  }

  /// A table with a chain `forward` that has these rules, the first of line 1, and so on.
  static func table(_ rules: [[Expression]] = [], sets: [KernelSet] = []) -> KernelTable {
    var table = KernelTable(family: .inet, name: "bridgeward", comment: "managed by bridgeward")
    table.sets = sets
    let place = BaseChain(.filter, .forward, priority: 0)
    table.chains = [
      KernelChain(
        "forward", .base(place),
        rules: rules.enumerated().map { index, expressions in
          KernelRule(expressions, comment: "number \(index)", origin: origin(UInt32(index) + 1))
        }),
      KernelChain("leaf", .regular),
    ]
    return table
  }

  static func plan(_ table: KernelTable) -> Plan {
    Plan.full(KernelRuleset(tables: [table]), name: "bridgeward")
  }

  /// A map from ports to verdicts; the first element is of line 1, and so on.
  static func verdicts(_ rows: [(port: UInt16, verdict: Verdict)]) -> KernelSet {
    var elements = ElementTable(keyLength: 2)
    for (index, row) in rows.enumerated() {
      elements.append(
        key: [UInt8(row.port >> 8), UInt8(row.port & 255)], verdict: row.verdict,
        comment: Array("test.ward:\(index + 1)".utf8))
    }
    var set = KernelSet("ports", .map, keyType: 13, keyLength: 2, elements: elements)
    set.dataType = KernelSet.verdictType
    return set
  }

  /// A map from addresses, protocols and ports to addresses and ports, with `count` elements.
  static func publishes(_ count: Int) -> KernelSet {
    var elements = ElementTable(keyLength: 12, dataLength: 8)
    for index in 0..<count {
      let port = UInt16(1024 + index % 50_000)
      let transport: UInt8 = index < 50_000 ? 6 : 17
      let bytes = [UInt8(port >> 8), UInt8(port & 255)]
      elements.append(
        key: [192, 0, 2, 1, transport, 0, 0, 0] + bytes + [0, 0],
        value: [10, 88, UInt8(index >> 8 & 255), UInt8(index & 255)] + bytes + [0, 0],
        comment: Array("big.ward:\(index + 1)".utf8))
    }
    var set = KernelSet("publish4", .map, keyType: 29453, keyLength: 12, elements: elements)
    set.dataType = 461
    set.dataLength = 8
    set.size = 262_144
    return set
  }
}
