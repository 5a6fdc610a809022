import Diagnostics
import NetworkTypes
import Syntax

/// Turns declarations into a ``PolicyDraft``: declares all names first, so that order is free,
/// then resolves each line.
struct Resolver {
  var log = DiagnosticLog()
  var symbols = SymbolTable()
  var draft: PolicyDraft
  /// The publishes that still wait for the port that `auto` stands for.
  var automaticPorts: [AutomaticPort] = []
  /// The networks as sets, once some line has needed them.
  var geometry: PeerGeometry?
  /// Words of text that could not be read; any may have been a declaration's name.
  var unreadWords: Set<String> = []
  /// How many more names may be compared to find one that was meant; keeps many slips linear.
  var suggestionBudget = 500_000

  init(files: SourceFiles) { draft = PolicyDraft(files: files) }

  var files: SourceFiles { draft.files }

  mutating func resolve(_ table: DeclarationTable) {
    declareNames(table)
    collectUnreadWords(table)
    resolveLists(table.lists)
    resolveServices(table.services)
    resolveSettings(table)
    for index in table.networks.indices { resolveNetwork(index) }
    let places = draft.networks.reduce(table.publishes.count) { $0 + $1.publishPlaces.count }
    draft.policy.publishes.reserveCapacity(places)
    draft.publishLines.reserveCapacity(places)
    for unit in table.units { resolve(unit) }
    assignAutomaticPorts()
    collectFlows()
  }

  /// Resolves lines about traffic, once all networks are known.
  private mutating func resolve(_ unit: DeclarationTable.Unit) {
    switch unit {
    case .network(let index): resolveLines(of: index)
    case .flow(let kind, let statement): resolveFlow(statement, kind: kind, in: nil)
    case .publish(let place):
      resolvePublish(draft.outerPublishes[place], place: place, in: nil)
    }
  }

  private mutating func resolveLines(of index: Int) {
    for statement in draft.networks[index].settings {
      if case .access(let node) = statement { resolveFlow(node, kind: .access, in: index) }
      guard case .directAccess(_, let sources, _) = statement else { continue }
      draft.policy.networks[index].directAccessSources += resolvePeers(sources, in: index) ?? []
    }
    let statements = draft.networks[index].statements
    let places = draft.networks[index].publishPlaces
    for place in places {
      guard case .publish(let node) = statements[place] else { continue }
      resolvePublish(node, place: place, in: index)
    }
  }

  private mutating func collectUnreadWords(_ table: DeclarationTable) {
    var spans = table.malformed
    for network in table.networks {
      for case .malformed(let span) in network.settings { spans.append(span) }
    }
    for span in spans {
      let words = files.text(span).utf8.split { !Self.isNameByte($0) }
      unreadWords.formUnion(words.map { String(decoding: $0, as: UTF8.self) })
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  private mutating func collectFlows() {
    for line in draft.flows {
      switch line.kind {
      case .access: draft.policy.access.append(line.rule)
      case .default: draft.policy.defaults.append(line.rule)
      case .expectation: draft.policy.expectations.append(line.rule)
      }
    }
  }
}
