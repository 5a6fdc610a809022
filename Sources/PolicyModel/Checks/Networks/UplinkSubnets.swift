import Diagnostics
import NetworkTypes
import Syntax

extension PolicyDraft {
  /// Subnets that cover addresses meant to lie outside: the source of a rewrite, or what a list
  /// lets in.
  func checkUplinkSubnets(_ log: inout DiagnosticLog) {
    let inside = PeerGeometry(policy.networks).internalAddresses
    for network in policy.networks {
      for masquerade in network.masquerades {
        guard let address = masquerade.address, inside.overlaps(AddressSet([address])) else {
          continue
        }
        log.add(.rewriteInside("\(address)", at: masquerade.span))
      }
      for rewrite in network.sourceNATs where inside.contains(rewrite.address) {
        log.add(.rewriteInside("\(rewrite.address)", at: rewrite.span))
      }
    }
    checkListsAroundSubnets(&log)
  }

  /// A list that is wider than a subnet lets its containers in too. A list inside a subnet names
  /// some of its addresses on purpose.
  private func checkListsAroundSubnets(_ log: inout DiagnosticLog) {
    if lists.isEmpty { return }
    let cover = RangeCover(
      admittingLists.flatMap(\.entries).filter { $0.value.prefix?.length != 0 })
    for (index, network) in policy.networks.enumerated() where !networks[index].hasDerivedSubnets {
      for subnet in network.subnets {
        guard let entry = cover.range(around: AddressRange(subnet.value)) else { continue }
        log.add(.listAroundSubnet(subnet, entry))
      }
    }
  }

  /// The lists that `allow` lines and publishes name as sources.
  private var admittingLists: [ListFacts] {
    var spans = Set<SourceSpan>()
    for line in flows where line.kind == .access && line.rule.verb == .allow {
      for peer in line.statement.flow.sources { spans.insert(peer.span) }
    }
    for line in publishLines where line.hasSources {
      for clause in statement(of: line).clauses {
        guard case .from(let peers, _) = clause else { continue }
        for peer in peers { spans.insert(peer.span) }
      }
    }
    return lists.filter { list in list.uses.contains { spans.contains($0) } }
  }
}

/// Answers which range of many is around another one.
private struct RangeCover {
  private let entries: [Sourced<AddressRange>]
  /// For each entry, which of it and those before ends last.
  private let widest: [Int]

  init(_ ranges: [Sourced<AddressRange>]) {
    entries = ranges.sorted { ($0.value, $0.span) < ($1.value, $1.span) }
    var widest: [Int] = []
    for index in entries.indices {
      guard let last = widest.last, entries[last].value.last >= entries[index].value.last else {
        widest.append(index)
        continue
      }
      widest.append(last)
    }
    self.widest = widest
  }

  /// A range that holds `inner` and more.
  ///
  /// - Complexity: O(log n).
  func range(around inner: AddressRange) -> Sourced<AddressRange>? {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].value.first <= inner.first { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let entry = entries[widest[low - 1]]
    return entry.value.contains(inner) && entry.value != inner ? entry : nil
  }
}
