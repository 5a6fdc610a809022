import Diagnostics
import Driver
import Evaluation
import PolicyModel
import PolicyTestSupport
import TestSupport

/// The rules of a generated policy in all their forms, each on a model of the host.
struct FormProof {
  let host: GeneratedHost
  private let models: [Model]

  /// A form on a host that hands bridged frames to the IP rules or does not.
  private struct Model {
    let form: ModelForm
    let filtersBridged: Bool
    let host: ModelTopology
    let evaluator: Evaluator
  }

  init(_ host: GeneratedHost) throws {
    self.host = host
    models = try ModelForm.allCases.filter { $0 != .iptables || host.hasIptables }.flatMap { form in
      let able =
        form.capabilities.isEmpty
        ? host : try GeneratedHost(host.blocks, capabilities: form.capabilities)
      let program = try form.program(of: (able ?? host).ruleset)
      return try [false, true].map { filtersBridged in
        let topology = try ModelTopology(
          host.plan, filtersBridged: filtersBridged, routesMulticast: false,
          capabilities: form.capabilities)
        return Model(
          form: form, filtersBridged: filtersBridged, host: topology,
          evaluator: Evaluator(program, topology.topology))
      }
    }
  }

  /// What the forms say of a packet.
  struct Answer {
    var hasArrived = false
    var isUndecided = false
    /// Where they do not agree.
    var disagreement: String?
  }

  /// Sends the packet through all forms; `nil` where nobody is there to send it.
  func answer(_ attempt: Attempt) throws -> Answer? {
    var answer = Answer()
    var expected: [Bool: [AttemptOutcome]] = [:]
    for model in models where isToldApart(attempt, model) {
      guard let outcomes = try attempt.outcomes(model.evaluator, model.host) else { return nil }
      guard let first = expected[model.filtersBridged] else {
        expected[model.filtersBridged] = outcomes
        answer.hasArrived = answer.hasArrived || outcomes.contains(where: \.hasArrived)
        answer.isUndecided = answer.isUndecided || outcomes.contains(where: \.isUndecided)
        continue
      }
      guard !agree(first, outcomes, attempt, model) else { continue }
      answer.disagreement =
        "bridge-nf-call \(model.filtersBridged ? 1 : 0)\n  ruleset: \(first)\n"
        + "  \(model.form.rawValue): \(outcomes)"
    }
    return answer
  }

  private func agree(
    _ first: [AttemptOutcome], _ other: [AttemptOutcome], _ attempt: Attempt, _ model: Model
  ) -> Bool {
    let isIptables = model.form == .iptables
    let refusalsMayDiffer = isIptables && host.hasFinding(.enforceBackend)
    // Between members of one bridge `reject` drops: no bridge can answer for both ends.
    let refusalsDrop = isIptables && attempt.isBridged(on: host.plan)
    return first.count == other.count
      && zip(first, other).allSatisfy { one, two in
        refusalsDrop
          ? one.withoutRefusals.agrees(with: two.withoutRefusals, refusalsMayDiffer: true)
          : one.agrees(with: two, refusalsMayDiffer: refusalsMayDiffer)
      }
  }

  private var hasAntispoof: Bool { host.policy.networks.contains(where: \.antispoof.value) }

  private var hasLimits: Bool { host.policy.access.contains { $0.clauses.limit != nil } }

  // Frames that iptables never sees, and the compiler has said so. Bridge rules know a frame's
  // network by its addresses, and remember flows by what they saw: they drop more than iptables of
  // frames with addresses of another network, of such in disguise, and of answers to detours. The
  // same is true of them beside rules for kernels that know a frame's bridge and connection. Where
  // connections are tracked, what belongs to none is dropped or judged; elsewhere it looks like an
  // answer. And where only machines with their own addresses may send, kernels that know a frame's
  // bridge drop all else; others do what they can. No machine sends itself a frame. What is for
  // many counts once towards a limit, by iptables once for each port.
  private func isToldApart(_ attempt: Attempt, _ model: Model) -> Bool {
    switch model.form {
    case .ruleset, .nft: return true
    case .ableNft, .iptables: break
    }
    if attempt.isDisguised(on: host.plan) || attempt.isDetour(on: host.plan) { return false }
    guard attempt.isBridged(on: host.plan) else { return true }
    if attempt.isForeign(on: host.plan) { return false }
    if attempt.isStray || attempt.packet.source == attempt.packet.destination { return false }
    if model.form == .ableNft { return !(hasAntispoof && attempt.isSpoofed(on: host.plan)) }
    if attempt.isForMany && hasLimits { return false }
    return model.filtersBridged
      || !host.hasFinding(.enforceBridge) && !host.hasFinding(.antispoofArp)
  }
}

extension FormProof {
  /// Tries the policy of a seed with packets of the same seed.
  static func count(seed: UInt64) throws -> ProofCount {
    let host = try GeneratedHost.generated(seed: seed, isSimple: false)
    if let failure = unformed(host, seed: seed) {
      return ProofCount(policies: 1, failures: [failure])
    }
    let proof = try FormProof(host)
    var author = AttemptAuthor(host, seed: seed)
    var count = ProofCount(policies: 1)
    while count.packets < ProofBudget.packetsPerPolicy {
      let attempt = author.attempt()
      guard let answer = try proof.answer(attempt) else { continue }
      count.packets += 1
      if answer.hasArrived { count.arrived += 1 }
      if answer.isUndecided { count.undecided += 1 }
      if answer.disagreement != nil {
        count.failures.append(try proof.smallest(attempt, seed: seed))
        break
      }
    }
    return count
  }

  /// The smallest policy whose rules are unsound or cannot be had in a form, in words; `nil` where
  /// all is well.
  private static func unformed(_ host: GeneratedHost, seed: UInt64) -> String? {
    func problem(_ host: GeneratedHost) -> String? {
      if let defect = host.compilation.defects.first { return "\(defect)" }
      do {
        _ = try FormProof(host)
        return nil
      } catch {
        return "\(error)"
      }
    }
    guard var words = problem(host) else { return nil }
    let blocks = host.blocks.shrunk { blocks in
      guard let found = (try? GeneratedHost(blocks)).flatMap(problem) else { return false }
      words = found
      return true
    }
    return "seed \(seed), \(words)\n\(blocks.text)"
  }

  /// The smallest policy on which the forms still do not agree about the packet, in words.
  private func smallest(_ attempt: Attempt, seed: UInt64) throws -> String {
    var attempt = attempt
    let once = Attempt(
      sender: attempt.sender, packet: attempt.packet, isRouted: attempt.isRouted, count: 1)
    if try answer(once)?.disagreement != nil { attempt = once }
    func disagreement(_ blocks: BlockPolicy) -> String? {
      guard let host = try? GeneratedHost(blocks), let proof = try? FormProof(host) else {
        return nil
      }
      return (try? proof.answer(attempt))?.disagreement
    }
    let blocks = host.blocks.shrunk { disagreement($0) != nil }
    return "seed \(seed), \(attempt), \(disagreement(blocks) ?? "")\n\(blocks.text)"
  }
}
