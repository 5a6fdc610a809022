import Driver
import Evaluation
import IptablesBackend
import IptablesEvaluation
import Netfilter
import NetworkTypes

/// What parts are taken from.
enum DeletionForm: String, CaseIterable, Sendable {
  /// What nft and the kernel get.
  case nft
  /// What iptables and ip6tables get: of frames on bridges they know nothing.
  case iptables

  func program(of ruleset: Ruleset) -> Program {
    switch self {
    case .nft: return Program(ruleset)
    case .iptables:
      return IptablesEvaluation.program(
        of: AddressFamily.allCases.map { legalize(ruleset, family: $0) })
    }
  }
}

/// The parts of one golden policy, and what became of each.
struct DeletionResult: Sendable {
  let name: String
  private(set) var rules = 0
  private(set) var elements = 0
  private(set) var chains = 0
  /// How many are shown to matter by what becomes of a packet.
  private(set) var shownByTalks = 0
  /// How many are shown by nothing but the counter of a line.
  private(set) var shownByCounters = 0
  /// The shapes of the others, each with its parts in words.
  private(set) var unshown: [String: [String]] = [:]
  private(set) var unshownCount = 0

  /// `nil` where the policy has no rules.
  init?(_ golden: GoldenCase, _ form: DeletionForm) throws {
    name = golden.name
    let compilation = try GoldenCompiler(golden).compilation
    guard let ruleset = compilation.ruleset else { return nil }
    let program = form.program(of: ruleset)
    let laboratories = try Laboratory.all(compilation, program)
    let topology = laboratories[laboratories.count - 1].topology
    let listed = try UnshownParts(form).shapes(in: golden.name)
    var trial = DeletionTrial(program, laboratories, seed: 7)
    for part in program.parts {
      switch part {
      case .rule: rules += 1
      case .chain: chains += 1
      case .verdict, .translation, .member: elements += 1
      }
      let shape = program.shape(part, topology)
      switch trial.sign(of: part, isListed: listed.contains(shape)) {
      case .talk: shownByTalks += 1
      case .count: shownByCounters += 1
      case nil:
        unshownCount += 1
        unshown[shape, default: []].append(program.words(part))
      }
    }
  }
}

extension Laboratory {
  /// Hosts that keep the policy: bridged frames pass the IP rules or not, and one with more than the
  /// policy knows of.
  static func all(_ compilation: Compilation, _ program: Program) throws -> [Laboratory] {
    guard let policy = compilation.policy, let ruleset = compilation.ruleset else { return [] }
    let known = try [false, true].map { filtersBridged in
      let host = try GoldenHost(
        policy, compilation.capabilities, filtersBridged: filtersBridged)
      return Laboratory(host.topology, host.ingresses).withAddresses(of: ruleset)
    }
    return known + [known[1].withUnknowns(of: program)]
  }
}
