import Foundation
import KernelTestSupport
import PolicyTestSupport
import ScratchFiles
import TestSupport

/// What was done in a soak, and what was found.
struct SoakRecord {
  fileprivate(set) var operations: [SoakOperation] = []
  fileprivate(set) var rounds = 0
  fileprivate(set) var quietPoints = 0
  /// Changes that were refused because others were faster again and again.
  fileprivate(set) var outpaced = 0
  fileprivate(set) var residue = Residue()
  fileprivate(set) var failures: [String] = []
}

/// Random changes of a policy, applied one after the other to a host whose rules others change, too.
struct SoakRun {
  let network: SoakNetwork
  private let adversary: Adversary
  private var random: SeededGenerator
  private var policy: SoakPolicy
  private(set) var record = SoakRecord()

  var host: LiveHost { network.host }

  init(_ network: SoakNetwork, _ adversary: Adversary, seed: UInt64) {
    self.network = network
    self.adversary = adversary
    random = SeededGenerator(seed: seed)
    policy = SoakPolicy(using: &random)
  }

  /// Loads the first policy.
  mutating func begin() throws { try compareInPeace() }

  /// Goes on for so many seconds.
  mutating func run(seconds: Double) throws {
    let end = Date(timeIntervalSinceNow: seconds)
    while Date() < end, record.failures.count < 4 {
      record.rounds += 1
      policy.change(using: &random)
      try perform(operation())
      if record.rounds % 10 == 0 { try compareInPeace() }
    }
    try compareInPeace()
    try record.residue.measureEnd(of: host)
    record.failures += record.residue.failures
  }

  /// Takes all rules away for a moment, so that the traffic has something to see; returns when.
  mutating func loseAllRules() throws -> Adversary.Act {
    let begin = SoakTime.now
    try host.nft("flush ruleset")
    usleep(200_000)
    let span = SoakSpan(begin: begin, end: .now)
    try perform(.apply)
    return Adversary.Act(span: span, kind: "all-lost", isOnOurs: true)
  }

  private mutating func operation() -> SoakOperation.Kind {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<70: .apply
    case 70..<78: .confirmed
    case 78..<85: .undone
    case 85..<89: .rollback
    case 89..<96: .killed
    default: .diff
    }
  }
}

// MARK: - What we do

extension SoakRun {
  private mutating func perform(_ kind: SoakOperation.Kind) throws {
    let path = try host.policy(policy.text, "soak.ward")
    switch kind {
    case .apply: try note(.apply) { try $0.bridgeward("apply", path) }
    case .confirmed:
      guard try applyForAMinute(path) != nil else { return }
      try record.residue.measureKeeper(of: host)
      try note(.confirmed) { try $0.bridgeward("confirm") }
    case .undone:
      guard let change = try applyForAMinute(path) else { return }
      try note(.undone, undoing: change) { try $0.bridgeward("rollback") }
    case .rollback: try note(.rollback) { try $0.bridgeward("rollback") }
    case .killed: try killApply(path)
    case .diff: try note(.diff) { try $0.bridgeward("diff", path) }
    }
  }

  /// Returns when the change was made that waits for its confirmation now; `nil` where none does.
  private mutating func applyForAMinute(_ path: String) throws -> SoakSpan? {
    let output = try note(.apply) { try $0.bridgeward("apply", "--confirm", "60", path) }
    return output.contains("applied for 60 s") ? record.operations.last?.span : nil
  }

  private mutating func killApply(_ path: String) throws {
    let command = try host.start("apply", path)
    usleep(UInt32.random(in: 0..<120_000, using: &random))
    let begin = SoakTime.now
    command.destroy()
    _ = try command.wait()
    record.operations.append(SoakOperation(kind: .killed, span: SoakSpan(begin: begin, end: .now)))
  }

  /// Does something and writes it down; returns what the program said.
  @discardableResult
  private mutating func note(
    _ kind: SoakOperation.Kind, undoing change: SoakSpan? = nil,
    _ body: (LiveHost) throws -> Command.Result
  ) throws -> String {
    let begin = SoakTime.now
    let result = try body(host)
    var operation = SoakOperation(kind: kind, span: SoakSpan(begin: begin, end: .now))
    operation.undoes = change
    if result.status == 0 {
      operation.mends = kind == .apply
    } else if result.errors.contains("keeps changing rules at the same time") {
      record.outpaced += 1
    } else if !isFine(kind, result) {
      record.failures.append(
        "\(kind): exit code \(result.status), \(result.errors)\n\(policy.text)")
    }
    record.operations.append(operation)
    return result.output
  }

  private func isFine(_ kind: SoakOperation.Kind, _ result: Command.Result) -> Bool {
    switch kind {
    case .diff: result.status == 1
    case .rollback: result.errors.contains("there is no earlier state")
    case .apply, .confirmed, .undone, .killed: false
    }
  }
}

// MARK: - What has to be true then

extension SoakRun {
  /// While nobody else acts, the host is as if the policy had been loaded to where nothing was.
  private mutating func compareInPeace() throws {
    record.quietPoints += 1
    let (adversary, network) = (adversary, network)
    try adversary.rest { others in
      try perform(.apply)
      let path = "\(host.scratch.path)/soak.ward"
      let mirror = network.mirror
      try mirror.nft("flush ruleset")
      try require(mirror.bridgeward("remove"), "remove")
      try require(mirror.bridgeward("apply", path), "fresh apply")
      try compareRules("the rules are not those of a fresh load")
      compare(try Self.settings(of: mirror), try Self.settings(of: host), "settings")
      try mirror.nft("flush ruleset")
      try require(mirror.bridgeward("boot", statesOf: host), "boot")
      try compareRules("the next boot loads other rules than the policy's")
      try require(host.bridgeward("diff", path), "diff after apply")
      try compareOthers(others)
      try record.residue.measureStates(of: host)
    }
  }

  private mutating func require(_ result: Command.Result, _ what: String) {
    if result.status == 0 { return }
    record.failures.append("\(what): exit code \(result.status), \(result.output)\(result.errors)")
  }

  private mutating func compareRules(_ message: String) throws {
    if try host.rules().canonical != network.mirror.rules().canonical {
      record.failures.append("\(message), in the kernel's form\n\(policy.text)")
    }
    for family in ["inet", "bridge"] {
      compare(
        try Self.listing(of: network.mirror, family), try Self.listing(of: host, family),
        "\(message), as nft lists them")
    }
  }

  private mutating func compare(_ wanted: [String], _ found: [String], _ message: String) {
    if wanted == found { return }
    let differences = found.difference(from: wanted)
    record.failures.append("\(message): \(differences)\n\(policy.text)")
  }

  /// Others' tables are what they made of them, to the last handle, and there are no others.
  private mutating func compareOthers(_ wanted: [String: String]) throws {
    let all = Listing.tables(try host.nft("-a", "-s", "list ruleset"))
    let found = all.filter { !["inet bridgeward", "bridge bridgeward"].contains($0.key) }
    for name in Set(wanted.keys).union(found.keys).sorted() where wanted[name] != found[name] {
      record.failures.append(
        "table \(name) of others: \(found[name] ?? "gone")\nwas \(wanted[name] ?? "not there")")
    }
  }

  private static func listing(of host: LiveHost, _ family: String) throws -> [String] {
    let tables = Listing.tables(try host.nft("-s", "-t", "list ruleset"))
    return Listing.blocks(tables["\(family) bridgeward", default: ""])
  }

  private static func settings(of host: LiveHost) throws -> [String] {
    let single = ["net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"]
    let names = ["all", "default", "br-lab", "br-other", "up0"].flatMap { link in
      ["route_localnet", "forwarding", "accept_redirects", "rp_filter"].map {
        "net.ipv4.conf.\(link).\($0)"
      } + ["forwarding", "accept_ra"].map { "net.ipv6.conf.\(link).\($0)" }
    }
    let text = try host.namespace.perform { try Command(["sysctl"] + single + names).run() }
    return text.split(separator: "\n").map(String.init)
  }
}
