import Driver
import Evaluation
import IptablesBackend
import IptablesEvaluation
import KernelForm
import Netfilter
import NetworkTypes
import Testing

/// Whatever form the rules of a golden policy are in, they do the same to packets.
@Suite struct FormTests {
  private static let packetCount = 120
  private static let seed: UInt64 = 7

  /// Rules that the kernel gives back mean what was sent.
  @Test(arguments: try GoldenCase.all(), [false, true])
  func kernelFormMeansTheSame(_ golden: GoldenCase, _ filtersBridged: Bool) throws {
    let compilation = try GoldenCompiler(golden).compilation
    guard let ruleset = compilation.ruleset else { return }
    let decoded = KernelForm.ruleset(of: kernelForm(of: ruleset))
    #expect(decoded.leftovers == [])
    try compare(
      compilation, Program(ruleset), Program(decoded.ruleset), filtersBridged: filtersBridged)
  }

  /// `evaluate(legalize(r)) == evaluate(r)`, but for what goes on between the ports of bridges, of
  /// which iptables knows nothing.
  @Test(arguments: try GoldenCase.all(), [false, true])
  func iptablesFormMeansTheSame(_ golden: GoldenCase, _ filtersBridged: Bool) throws {
    let compilation = try GoldenCompiler(golden).compilation
    guard let ruleset = compilation.ruleset else { return }
    let packets = Ruleset(tables: ruleset.tables.filter { $0.family == .inet })
    let legalized = AddressFamily.allCases.map { legalize(packets, family: $0) }
    #expect(legalized.flatMap(\.unsupported) == [])
    try compare(
      compilation, Program(packets), program(of: legalized), filtersBridged: filtersBridged)
  }

  private func compare(
    _ compilation: Compilation, _ left: Program, _ right: Program, filtersBridged: Bool
  ) throws {
    let policy = try #require(compilation.policy)
    let ruleset = try #require(compilation.ruleset)
    let host = try GoldenHost(
      policy, compilation.capabilities, filtersBridged: filtersBridged)
    var packets = BoundaryPackets(ruleset, host, seed: Self.seed)
    let first = Evaluator(left, host.topology)
    let second = Evaluator(right, host.topology)
    var ruleCount = 0
    for _ in 0..<Self.packetCount {
      let (packet, ingress) = packets.next()
      let wanted = Outcome(packet, ingress, on: first)
      let found = Outcome(packet, ingress, on: second)
      #expect(wanted == found, "seed \(Self.seed): \(packet) from \(ingress)")
      ruleCount += wanted.ruleCount
    }
    // The packets are not from another world than the rules.
    #expect(ruleCount > 0 || left.isEmpty)
  }
}

extension Program {
  fileprivate var isEmpty: Bool { tables.allSatisfy { $0.chains.allSatisfy { $0.base == nil } } }
}

/// What becomes of a packet, and of the connection that it opens.
private struct Outcome: Equatable {
  private let passages: [Passage]
  private let exchange: Exchange.Outcome?
  /// How many rules it met.
  let ruleCount: Int

  static func == (left: Outcome, right: Outcome) -> Bool {
    left.passages == right.passages && left.exchange == right.exchange
  }

  init(_ packet: Packet, _ ingress: Ingress, on host: Evaluator) {
    var sender = host
    let sent = sender.send(packet, from: ingress)
    ruleCount = sent.map(\.steps.count).reduce(0, +)
    passages = sent.map(Self.withoutSteps)
    guard passages.count == 1 else {
      exchange = nil
      return
    }
    var client = host
    exchange = client.exchange(packet, from: ingress).outcome
  }

  // Forms differ in the rules that a packet meets, and in marks that bridges alone look at.
  private static func withoutSteps(_ passage: Passage) -> Passage {
    var packet = passage.packet
    packet.mark = 0
    return Passage(fate: passage.fate, packet: packet, steps: [])
  }
}
