import Diagnostics
import Netfilter
import NetworkTypes

/// Rules of others that rewrite what the policy maps, or what it leaves alone. The first chain that
/// maps a connection is the last one that is asked.
struct ForeignRewriteCheck {
  let rules: ForeignRules
  let samples: [FlowSample]
  /// Where in the policy a flow is allowed.
  let location: (FlowSample) -> String?

  func findings() -> [DoctorFinding] {
    rules.tables.flatMap { table -> [DoctorFinding] in
      var clashes: [Clash] = []
      for sample in samples {
        guard let clash = clash(sample, in: table) else { continue }
        if let same = clashes.firstIndex(where: { $0.isLike(clash) }) {
          clashes[same].more += 1
        } else {
          clashes.append(clash)
        }
      }
      return clashes.map { finding($0, in: table) }
    }
  }

  /// A flow that somebody else rewrites.
  private struct Clash {
    let stage: FlowSample
    let rewriting: ForeignRewriting
    /// Whether our own rules may yet be asked first.
    let isOpen: Bool
    var more = 0

    func isLike(_ other: Clash) -> Bool {
      rewriting == other.rewriting && isOpen == other.isOpen && stage.family == other.stage.family
    }
  }

  private func clash(_ sample: FlowSample, in table: ForeignTable) -> Clash? {
    for stage in sample.stages {
      guard let rewriting = table.rewriting(of: stage),
        let ours = priority(of: sample, rewriting, at: stage.hook)
      else { continue }
      if rewriting.priority > ours { continue }
      return Clash(stage: stage, rewriting: rewriting, isOpen: rewriting.priority == ours)
    }
    return nil
  }

  /// When our own rules would map the flow; `.max` where they never do, `nil` where it does not
  /// matter who does.
  private func priority(
    of sample: FlowSample, _ rewriting: ForeignRewriting, at hook: Hook
  ) -> Int? {
    guard let rewrite = rewriting.rewrite else {
      if hook == .postrouting { return nil }
      let isMapped = sample.isTranslated && hook == .prerouting
      return isMapped ? Int(HookPriority.destinationNAT) : .max
    }
    guard hook == .postrouting, let fate = sample.sourceFate else { return nil }
    switch (fate, rewrite) {
    case (.kept, _): return .max
    case (.masqueraded, .masquerade): return nil
    case (.rewritten(let range), .address(let other)) where range == other: return nil
    case (.masqueraded, .address), (.rewritten, _): return Int(HookPriority.sourceNAT)
    }
  }

  private func finding(_ clash: Clash, in table: ForeignTable) -> DoctorFinding {
    let stage = clash.stage
    var evidence = ["\(stage)", "the policy allows it: \(stage.reason)"]
    if let place = location(stage) { evidence[1] += " (\(place))" }
    evidence.append("it is rewritten: \(clash.rewriting.place)")
    if clash.isOpen {
      evidence.append(
        "both are asked at priority \(clash.rewriting.priority): first the one loaded last")
    }
    if clash.more > 0 {
      let noun = clash.more == 1 ? "flow" : "flows"
      evidence.append("the same holds for \(clash.more) more \(noun) of the policy")
    }
    let isRedirect = clash.rewriting.rewrite == nil
    let what = isRedirect ? "leads elsewhere" : "gives another source to"
    let doubt =
      clash.isOpen ? "may \(isRedirect ? "lead elsewhere" : "give another source to")" : what
    return DoctorFinding(
      isRedirect ? .foreignRedirect : .foreignRewrite, clash.isOpen ? .note : .problem,
      "\(table.title) \(doubt) what the policy "
        + (stage.hook == .prerouting && stage.dialed != nil ? "publishes" : "allows")
        + " (\(stage.hook.rawValue), IPv\(stage.family.rawValue))",
      evidence: evidence, mend: mend(clash, table))
  }

  private func mend(_ clash: Clash, _ table: ForeignTable) -> [String] {
    let stage = clash.stage
    if stage.hook == .postrouting, stage.sourceFate != .kept || !stage.isTranslated {
      return [
        "leave the network's addresses out of that rule, or let the policy say what it does "
          + "(`masquerade`, `snat`)"
      ]
    }
    return [
      "take the rule out, or let it spare the flow:",
      ForeignOpening(table: table, chain: clash.rewriting.chain, verdict: "return").line(stage),
      "and put the same where the table is loaded from",
    ]
  }
}

/// A command that inserts a rule for one flow into a chain of somebody else.
struct ForeignOpening {
  let table: ForeignTable
  let chain: String
  /// `accept` or `return`.
  let verdict: String

  /// `$ nft 'insert rule …'`
  func line(_ sample: FlowSample) -> String {
    let isIPv4 = sample.family == .ipv4
    switch table.tool {
    case .nft:
      let input = sample.input.map { " iifname \"\($0)\"" } ?? ""
      let output = sample.output.map { " oifname \"\($0)\"" } ?? ""
      let port = sample.port.map { " \(sample.transport) dport \($0)" } ?? ""
      // Not every kernel still knows at the end where a packet came in.
      let ways = (sample.hook == .postrouting ? "" : input) + output
      return "$ nft 'insert rule \(table.name) \(chain)\(ways) "
        + "\(isIPv4 ? "ip" : "ip6") daddr \(sample.destination)\(port) \(verdict)'"
    case .iptablesNft, .iptablesLegacy:
      let name = isIPv4 ? "iptables" : "ip6tables"
      let program = table.tool == .iptablesLegacy ? "\(name)-legacy" : "\(name)-nft"
      let input = sample.input.map { " -i \($0)" } ?? ""
      let output = sample.output.map { " -o \($0)" } ?? ""
      let port = sample.port.map { " --dport \($0)" } ?? ""
      let ways = (sample.hook == .postrouting ? "" : input) + output
      let kind = table.name.split(separator: " ").last ?? "filter"
      return "$ \(program) -t \(kind) -I \(chain)\(ways) -d \(sample.destination) "
        + "-p \(sample.transport)\(port) -j \(verdict.uppercased())"
    }
  }
}
