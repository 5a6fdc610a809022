import ArgumentParser
import Diagnostics
import Driver
import FoundationEssentials
import Host
import NetworkTypes

/// `bridgeward trace [--backend nft|iptables] [--path] [--format text|json] POLICY FLOW`
struct Trace: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  static let configuration = CommandConfiguration(
    commandName: "trace", _superCommandName: Tool.name,
    abstract: "Say what becomes of a flow, and which line decides.",
    usage: "bridgeward trace [OPTIONS] POLICY… 'PEERS -> PEERS [MATCH]'",
    discussion: """
      The flow is what `expect` lines have after their verb: `front.web -> db tcp 5432`. Quote it, \
      for shells take `>` for themselves. It is tried on the rules of the backend, packet by \
      packet, as a connection: out, back, and on. Of a peer that stands for many, everybody is \
      tried whom some line tells apart. Ends with 0 if all of it is allowed, 1 if not.
      """)

  @OptionGroup var backend: BackendOption
  @OptionGroup var frames: BridgedFramesOption

  @Option(help: ArgumentHelp("Look at one family only.", valueName: "ipv4|ipv6"))
  var family: FamilyChoice?

  @Flag(
    help: """
      Ask the rules that stand in the kernel, others' included, with the interfaces, addresses and \
      routes of this host. Needs root, or CAP_NET_ADMIN. Names are the policy's; without one, \
      those of the policy that was applied last.
      """)
  var live = false

  @Flag(help: "Show every rule that matched on the way.")
  var path = false

  @Option(help: ArgumentHelp("How to print the answer.", valueName: "text|json"))
  var format = Format.text

  @OptionGroup var assumption: AssumeOption
  @OptionGroup var state: StateOption
  @OptionGroup var hostOption: HostOption
  @OptionGroup var color: ColorOption

  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp(
      "The policy (files that end in .ward, or one directory, or - for standard input), then the "
        + "flow.", valueName: "policy-and-flow"),
    completion: .file(extensions: ["ward"]))
  var words: [String]

  func validate() throws {
    _ = try FlowWords(words, isLive: live)
  }

  func run() throws {
    let words = try FlowWords(words, isLive: live)
    let compiler = Compiler(host: hostOption.host, capabilities: assumption.capabilities)
    let policies = words.policies.isEmpty ? try appliedPolicies() : words.policies
    let read = try InputFailure.told { () throws(HostError) in
      try compiler.read(policies.map(PolicyInput.init))
    }
    let question = compiler.compile(read, asking: words.flow)
    if question.flow == nil {
      try show(question)
      throw ExitStatus.mistake
    }
    let tracing = try tracing(compiler)
    guard let answer = tracing.answer(question, of: read) else {
      try show(question)
      throw ExitStatus.mistake
    }
    try show(question)
    switch format {
    case .text:
      let text = TraceText(
        answer, withPath: path, isColored: color.isOn(for: .output),
        width: StandardStream.output.columns ?? 100)
      try StandardStream.output.write(text.text)
    case .json:
      try StandardStream.output.write(JSONText.text(TraceReport(answer, withPath: path)))
    }
    let status: ExitStatus = answer.judgment.verdict == .allowed ? .success : .findings
    // The process ends here, so that nobody takes a hundred thousand lines apart again.
    withExtendedLifetime((read, question, answer)) { status.exit() }
  }

  private func tracing(_ compiler: Compiler) throws -> Tracing {
    let families = family.map { [$0.family] } ?? FamilyChoice.all
    let filtersBridged = frames.bridgeNetfilter?.isOn
    guard live else {
      return Tracing(
        compiler, backend: backend.backend, families: families, filtersBridged: filtersBridged)
    }
    let situation = try LiveSituation.read { bytes in
      try? JSONDecoder().decode(JSONTree.self, from: Data(bytes))
    }
    return Tracing(on: situation, families: families, filtersBridged: filtersBridged)
  }

  /// The files of the policy that is in force; none where nobody knows.
  private func appliedPolicies() throws -> [String] {
    try state.stateDirectory().applied()?.header?.policies ?? []
  }

  private func show(_ question: FlowQuestion) throws {
    let findings = Findings(log: question.log, sources: question.compilation.sources)
    try findings.write(to: .error, color: color)
  }
}

/// `--family`
enum FamilyChoice: String, CaseIterable, ExpressibleByArgument {
  case ipv4, ipv6

  var family: AddressFamily {
    switch self {
    case .ipv4: .ipv4
    case .ipv6: .ipv6
    }
  }

  static let all = AddressFamily.allCases
}

/// `--bridge-netfilter`, for commands that try packets.
struct BridgedFramesOption: ParsableArguments {
  enum Choice: String, CaseIterable, ExpressibleByArgument {
    case on, off

    var isOn: Bool { self == .on }
  }

  @Option(
    help: ArgumentHelp(
      "Whether frames between ports of a bridge are handed to IP rules (bridge-nf-call-iptables); "
        + "without it, both are tried.", valueName: "on|off"))
  var bridgeNetfilter: Choice?
}

/// The words of the command line: which policy, and which flow.
struct FlowWords {
  let policies: [String]
  let flow: String

  /// - Parameter isLive: Whether there may be no policy.
  init(_ words: [String], isLive: Bool = false) throws {
    if let option = words.first(where: { $0.hasPrefix("--") }) {
      throw ValidationError("there is no option \(option)")
    }
    guard let first = words.first else { throw ValidationError("name a policy and a flow") }
    if isLive {
      policies = Array(words.prefix(while: Self.isPolicy))
    } else {
      policies = [first] + words.dropFirst().prefix(while: Self.isPolicy)
    }
    let rest = words.dropFirst(policies.count)
    guard isLive || !first.contains("->") else {
      throw ValidationError("name the policy before the flow: trace policy.ward '\(first)'")
    }
    guard !rest.isEmpty else {
      throw ValidationError("name the flow after the policy: trace \(first) 'web -> db tcp 5432'")
    }
    // What is left of `->` where a shell has read the `>`.
    if rest.contains("-") || rest.contains(where: { $0.hasSuffix("-") }) {
      throw ValidationError(
        "the shell took `>` for itself and has written to a file: quote the flow, as in "
          + "trace \(first) 'web -> db tcp 5432'")
    }
    flow = rest.joined(separator: " ")
  }

  /// Whether a word cannot be of a flow: no peer ends or begins like that.
  private static func isPolicy(_ word: String) -> Bool {
    if word.contains(">") { return false }
    return word.hasSuffix(".ward") || word.hasPrefix("/") || word.hasPrefix("./") || word == "-"
  }
}
