import Netfilter
import NetworkTypes

/// The base chains of a program, by when they are called, and its objects by name.
struct HookTable: Sendable {
  /// A base chain.
  struct Entry: Sendable {
    let table: Int
    let chain: Int
    let base: BaseChain
    let scope: Program.Scope
  }

  /// In the order of their priorities, those of equal ones as they stand in the program.
  private let entries: [Entry]
  private let translatedFamilies: Set<AddressFamily>
  /// Whether a chain judges frames that the host itself sends.
  let judgesSentFrames: Bool
  /// Whether a rule asks for the connection of frames.
  let tracksFrames: Bool
  private let chains: [[String: Int]]
  private let sets: [[String: Int]]
  private let verdictMaps: [[String: Int]]
  private let addressMaps: [[String: Int]]

  init(_ program: Program) {
    var entries: [Entry] = []
    for (table, content) in program.tables.enumerated() {
      for (index, chain) in content.chains.enumerated() {
        guard let base = chain.base else { continue }
        entries.append(Entry(table: table, chain: index, base: base, scope: content.scope))
      }
    }
    let order = entries.enumerated().sorted { left, right in
      (left.element.base.priority, left.offset) < (right.element.base.priority, right.offset)
    }
    self.entries = order.map(\.element)
    translatedFamilies = Set(
      AddressFamily.allCases.filter { family in
        entries.contains { $0.base.purpose == .nat && $0.scope.includes(family) }
      })
    judgesSentFrames = entries.contains {
      $0.scope == .frames && ($0.base.hook == .output || $0.base.hook == .postrouting)
    }
    tracksFrames = program.tables.contains { $0.scope == .frames && $0.asksForConnections }
    chains = program.tables.map { Self.index($0.chains.lazy.map(\.name)) }
    sets = program.tables.map { Self.index($0.sets.lazy.map(\.name)) }
    verdictMaps = program.tables.map { Self.index($0.verdictMaps.lazy.map(\.name)) }
    addressMaps = program.tables.map { Self.index($0.addressMaps.lazy.map(\.name)) }
  }

  private static func index(_ names: some Sequence<String>) -> [String: Int] {
    Dictionary(names.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
  }

  /// The chains of a purpose that judge packets of `family` in this scene, in their order.
  func entries(_ scene: Scene, of purpose: BaseChain.Purpose, family: AddressFamily) -> [Entry] {
    entries.filter { entry in
      guard entry.base.hook == scene.hook, entry.base.purpose == purpose else { return false }
      return switch scene.layer {
      case .bridge: entry.scope == .frames
      case .host: entry.scope.includes(family)
      }
    }
  }

  /// Whether packets of `family` are rewritten at all.
  func translates(_ family: AddressFamily) -> Bool { translatedFamilies.contains(family) }

  func chain(_ name: String, in table: Int) -> Int? { chains[table][name] }
  func set(_ name: String, in table: Int) -> Int? { sets[table][name] }
  func verdictMap(_ name: String, in table: Int) -> Int? { verdictMaps[table][name] }
  func addressMap(_ name: String, in table: Int) -> Int? { addressMaps[table][name] }
}

extension Program.Scope {
  /// Whether packets of `family` on the host's own path are seen.
  func includes(_ family: AddressFamily) -> Bool {
    switch self {
    case .packets(let families): families.contains(family)
    case .frames: false
    }
  }
}

extension Program.Table {
  fileprivate var asksForConnections: Bool {
    chains.contains { chain in
      switch chain.rules {
      case .ruleset(let rules):
        rules.contains { $0.matches.contains(where: \.asksForConnection) }
      case .program(let rules):
        rules.contains { rule in
          rule.conditions.contains {
            if case .match(let match) = $0 { match.asksForConnection } else { false }
          }
        }
      }
    }
  }
}

extension Match {
  fileprivate var asksForConnection: Bool {
    switch self {
    case .connectionState, .destinationTranslated, .originalDirection, .connectionsOver: true
    case .family, .inputInterface, .outputInterface, .inputBridge, .outputBridge, .source,
      .destination, .sourceIsLocal, .destinationIsLocal, .transport, .sourcePort,
      .destinationPort, .icmp, .mark, .limit, .sourceMAC, .etherType, .arpSenderAddress,
      .arpSenderMAC, .arpTargetAddress, .neighborTarget, .connectionAttempt, .remembered:
      false
    }
  }
}
