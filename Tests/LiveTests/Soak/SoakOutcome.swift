/// A soak from its beginning to its end.
struct SoakOutcome: Sendable {
  let budget: SoakBudget
  let record: SoakRecord
  let judgment: SoakJudgment
  let acts: [Adversary.Act]
  /// Tables of others that were not as they had been left.
  let touched: [String]

  init(_ budget: SoakBudget) throws {
    let network = try SoakNetwork()
    let adversary = try Adversary.start(in: network, seed: budget.seed)
    var run = SoakRun(network, adversary, seed: budget.seed)
    // Packets are counted from when there are rules.
    try run.begin()
    let traffic = try Traffic.start(among: network.stations, of: network.lab, pause: 0.01)
    let outcome = Result { try run.run(seconds: budget.seconds) }
    let (acts, touched) = try adversary.stop()
    let loss = Result { try run.loseAllRules() }
    let events = try traffic.stop()
    try outcome.get()
    (self.acts, self.touched) = (acts + [try loss.get()], touched)
    var judgment = SoakJudgment(acts: self.acts, operations: run.record.operations)
    judgment.judge(events)
    (self.budget, self.judgment, record) = (budget, judgment, run.record)
  }

  /// Some lines of figures.
  var summary: String {
    let kinds = Dictionary(grouping: acts, by: \.kind).sorted { $0.key < $1.key }
      .map { "\($0.key) \($0.value.count)" }
    let done = SoakOperation.Kind.allCases.map { kind in
      "\(kind) \(record.operations.filter { $0.kind == kind }.count)"
    }
    let residue = record.residue
    return """
      Soak: SOAK_SEED=\(budget.seed), \(Int(budget.seconds)) s, \(record.rounds) rounds, \
      \(record.quietPoints) comparisons with a fresh load
        we: \(done.joined(separator: ", ")), outpaced \(record.outpaced)
        others: \(kinds.joined(separator: ", "))
        \(packets("packets", judgment.judged))
        \(packets("while others had changed our rules", judgment.excused))
        at most \(residue.entries) entries, \(residue.elementFiles) files of elements, \
      \(residue.bytes / 1024) KiB; processes that watched over changes: \
      \(residue.keepers.count), at most \(residue.keepers.map(\.kilobytes).max() ?? 0) KiB and \
      \(residue.keepers.map(\.descriptors).max() ?? 0) descriptors each
      """
  }

  private func packets(_ title: String, _ counts: [String: SoakJudgment.Count]) -> String {
    let allowed = SoakJudgment.total(counts, of: SoakNetwork.allowed)
    let denied = SoakJudgment.total(counts, of: SoakNetwork.denied)
    return "\(title): allowed \(allowed.sent), of them lost \(allowed.lost); "
      + "denied \(denied.sent), of them arrived \(denied.arrived)"
  }
}
