import Evaluation
package import NetworkTypes
import PolicyModel

/// Tells what becomes of flows under a policy.
package struct Tracing: Sendable {
  /// Whose rules are asked.
  private enum Rules: Sendable {
    case compiled(Compiler, LiveBackend)
    case live(LiveSituation)
  }

  private let rules: Rules
  private let families: [AddressFamily]
  private let frames: Judge.BridgedFrames

  /// Asks the rules that a backend would load.
  ///
  /// - Parameters:
  ///   - families: Those to look at.
  ///   - filtersBridged: Whether frames between ports of a bridge pass the IP rules; `nil` to try
  ///     both.
  package init(
    _ compiler: Compiler, backend: LiveBackend,
    families: [AddressFamily] = AddressFamily.allCases, filtersBridged: Bool? = nil
  ) {
    rules = .compiled(compiler, backend)
    self.families = families
    frames = filtersBridged.map { $0 ? .filtered : .passed } ?? .either
  }

  /// Asks the rules of this machine.
  ///
  /// - Parameter filtersBridged: `nil` for what the machine has set.
  package init(
    on situation: LiveSituation, families: [AddressFamily] = AddressFamily.allCases,
    filtersBridged: Bool? = nil
  ) {
    rules = .live(situation)
    self.families = families
    frames = filtersBridged.map { $0 ? .filtered : .passed } ?? .asSet
  }

  /// What becomes of a flow, and which line would allow it where it is denied; `nil` where
  /// ``FlowQuestion/log`` has errors.
  package func answer(_ question: FlowQuestion, of read: PolicySources) -> TraceAnswer? {
    guard let judgment = judgment(of: question) else { return nil }
    switch rules {
    case .live(let situation):
      return TraceAnswer(
        question: question,
        judgment: Judgment(
          results: judgment.results, remarks: judgment.remarks + situation.remarks,
          isPartial: judgment.isPartial),
        backend: "live", soughtOpening: false, opening: nil)
    case .compiled(let compiler, let backend):
      let isDenied = judgment.verdict == .denied || judgment.verdict == .differs
      let finder = OpeningFinder(
        compiler: compiler, read: read, question: question, judgment: judgment,
        judge: { self.judgment(of: $0) })
      return TraceAnswer(
        question: question, judgment: judgment, backend: backend.rawValue,
        soughtOpening: isDenied, opening: isDenied ? finder.find() : nil)
    }
  }

  private func judgment(of question: FlowQuestion) -> Judgment? {
    guard let flow = question.flow, let policy = question.compilation.policy else { return nil }
    switch rules {
    case .compiled(_, let backend):
      return question.compilation.judge(of: backend)?.judge(flow, families, frames)
    case .live(let situation):
      return situation.judge(in: policy, question.compilation.sources)
        .judge(flow, families, frames)
    }
  }
}
