import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// Published ports of routed networks: nothing is rewritten, the container's own port is opened.
struct OpenedPorts {
  private struct Entry {
    let publish: Publish
    let family: AddressFamily
    let address: IPAddress
  }

  private let context: LoweringContext
  private let entries: [Entry]
  private let byNetwork: [Int: [Entry]]

  init(_ context: LoweringContext) {
    self.context = context
    var entries: [Entry] = []
    let publishes = context.policy.publishes
    for index in publishes.indices {
      // Nearly all are mappings in each family.
      let translated = context.translations.families(of: publishes[index].network)
      if publishes[index].familySet.isSubset(of: translated) { continue }
      let publish = publishes[index]
      for family in publish.familySet.subtracting(translated).families {
        guard let address = context.target(publish, family) else { continue }
        entries.append(Entry(publish: publish, family: family, address: address))
      }
    }
    self.entries = entries
    byNetwork = Dictionary(grouping: entries, by: \.publish.network)
  }

  /// The maps, and the chains of publishes that not everybody may use.
  func lower(into table: inout TableBuilder) {
    var admissions = AdmissionChains(prefix: "opened", admitted: .accept, refused: .return)
    for family in AddressFamily.allCases {
      let own = entries.filter { $0.family == family && !isWide($0) }
      guard !own.isEmpty else { continue }
      let elements = own.map { entry in
        VerdictMap.Element(
          key(entry), verdict(entry, &admissions, &table),
          origin: context.origin(entry.publish.span))
      }
      table.add(VerdictMap("opened\(family.rawValue)", fields(family), elements: elements))
    }
  }

  private func verdict(
    _ entry: Entry, _ admissions: inout AdmissionChains, _ table: inout TableBuilder
  ) -> Verdict {
    guard entry.publish.isRestricted else { return .accept }
    return .jump(admissions.chain(for: entry.publish, context, &table))
  }

  private func key(_ entry: Entry) -> ElementKey {
    ElementKey(entry.address, entry.publish.transport, entry.publish.targetPorts)
  }

  private func fields(_ family: AddressFamily) -> [KeyField] {
    [.destinationAddress(family), .transport, .destinationPort]
  }

  private func isWide(_ entry: Entry) -> Bool {
    entry.publish.hostPorts.count > widestExpandedRange && !entry.publish.isRestricted
  }

  /// The rules that let the opened ports of one network in.
  func rules(_ network: Int) -> [Rule] {
    let own = byNetwork[network] ?? []
    var rules: [Rule] = []
    for family in AddressFamily.allCases
    where own.contains(where: { $0.family == family && !isWide($0) }) {
      rules.append(
        Rule([.family(family)], [.dispatch(fields(family), map: "opened\(family.rawValue)")]))
    }
    rules += own.filter(isWide).map { entry in
      context.rule(matches(entry), .accept, "published", at: entry.publish.span)
    }
    return rules
  }

  private func matches(_ entry: Entry) -> [Match] {
    [
      .destination(AddressMatch(entry.address)), .transport(entry.publish.transport),
      .destinationPort([entry.publish.targetPorts]),
    ]
  }

  /// For bridge tables, which answer statelessly: every port of one network that anybody may use,
  /// with its line.
  func bridgedFlows(_ network: Int) -> [(matches: [Match], publish: Publish)] {
    (byNetwork[network] ?? []).filter { !$0.publish.isRestricted }
      .map { (matches($0), $0.publish) }
  }

  /// For bridge tables: the lines that not everybody may use at any time, as flows.
  var restrictedFlows: [Flow] {
    var lines: [(span: SourceSpan, entries: [Entry])] = []
    for entry in entries where entry.publish.isRestricted {
      if lines.last?.span == entry.publish.span {
        lines[lines.count - 1].entries.append(entry)
      } else {
        lines.append((entry.publish.span, [entry]))
      }
    }
    return lines.map { flow($0.entries) }
  }

  /// The flow that the entries of one line open.
  private func flow(_ entries: [Entry]) -> Flow {
    let publish = entries[0].publish
    let terms = context.policy.terms(of: publish)
    var services: [ServiceMatch] = []
    for entry in entries {
      let service = ServiceMatch.ports(entry.publish.transport, [entry.publish.targetPorts])
      if !services.contains(service) { services.append(service) }
    }
    let rule = AccessRule(
      verb: .allow, sources: terms.sources.isEmpty ? [.any] : terms.sources,
      destinations: [.guest(network: publish.network, guest: publish.guest)], services: services,
      sourceExceptions: terms.exceptions, destinationExceptions: [], clauses: terms.clauses,
      span: publish.span)
    let families = Set(entries.map(\.family))
    let cases = context.cases(of: rule).filter { $0.family.map(families.contains) ?? true }
    return Flow(rule, cases: cases)
  }
}
