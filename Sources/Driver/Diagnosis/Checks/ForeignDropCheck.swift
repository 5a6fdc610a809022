import Diagnostics
import Netfilter
import NetworkTypes

/// Rules of others that drop what the policy allows. An accept of ours ends our own table only, so
/// such a drop stands.
struct ForeignDropCheck {
  let rules: ForeignRules
  let samples: [FlowSample]
  /// The interfaces of the policy's networks.
  let networks: Set<InterfaceName>
  /// Where in the policy a flow is allowed.
  let location: (FlowSample) -> String?

  func findings() -> [DoctorFinding] {
    var findings: [DoctorFinding] = []
    for table in rules.tables {
      var blocked: [Block] = []
      for sample in samples { judge(sample, in: table, &blocked) }
      findings += blocked.map { finding($0, in: table) }
    }
    let unread = rules.unread.isEmpty ? [] : [Self.unread(rules.unread)]
    return findings + unread
  }

  /// Follows a flow to the first place where it ends, or may end.
  private func judge(_ sample: FlowSample, in table: ForeignTable, _ blocked: inout [Block]) {
    for stage in sample.stages {
      let outcome = table.outcome(of: stage)
      if case .drops(let place) = outcome.verdict {
        return add(stage, place, doubts: outcome.mightAccept, to: &blocked)
      }
      if !outcome.mightDrop.isEmpty {
        return add(stage, nil, doubts: outcome.mightDrop, to: &blocked)
      }
    }
  }

  /// Flows that end at one place.
  private struct Block {
    let hook: Hook
    let family: AddressFamily
    /// `nil` where it is not certain that there is one.
    let place: String?
    let doubts: [String]
    var samples: [FlowSample]
  }

  private func add(
    _ sample: FlowSample, _ place: String?, doubts: [String], to blocked: inout [Block]
  ) {
    let same = blocked.firstIndex {
      $0.place == place && $0.doubts == doubts && $0.hook == sample.hook
        && $0.family == sample.family
    }
    if let same {
      blocked[same].samples.append(sample)
    } else {
      blocked.append(
        Block(
          hook: sample.hook, family: sample.family, place: place, doubts: doubts,
          samples: [sample]))
    }
  }

  private func finding(_ block: Block, in table: ForeignTable) -> DoctorFinding {
    let first = block.samples[0]
    var evidence = ["\(first)", "the policy allows it: \(first.reason)"]
    if let place = location(first) { evidence[1] += " (\(place))" }
    if let place = block.place { evidence.append("it is dropped: \(place)") }
    evidence += block.doubts.prefix(3).map { "not understood: \($0)" }
    if block.samples.count > 1 {
      let count = block.samples.count - 1
      evidence.append("the same holds for \(count) more flow\(count == 1 ? "" : "s") of the policy")
    }
    let isProven = block.place != nil && block.doubts.isEmpty
    return DoctorFinding(
      isProven ? .foreignDrop : .foreignUnclear, isProven ? .problem : .note,
      isProven
        ? "\(table.title) drops what the policy allows (\(block.hook.rawValue), "
          + "IPv\(block.family.rawValue))"
        : "\(table.title) may drop what the policy allows (\(block.hook.rawValue), "
          + "IPv\(block.family.rawValue)); not all of its rules are understood",
      evidence: evidence,
      mend: ForeignMend(table: table, samples: block.samples, networks: networks).lines)
  }

  private static func unread(_ reasons: [String]) -> DoctorFinding {
    DoctorFinding(
      .foreignUnread, .note, "not all rules of others could be looked at", evidence: reasons,
      mend: ["run as root, with nft and iptables installed"])
  }
}
