import Driver
import Foundation
import HeaderSpace
import Host

/// What users ask of a policy.
struct Questions {
  let policy: String

  func compiled() throws -> (Compilation, SHA256Digest) {
    let compiler = Compiler(capabilities: try LiveRules.capabilities())
    let read = try compiler.read([.path(policy)])
    return (compiler.compile(read), read.sources.digest)
  }

  /// Asks for texts, differences, paths of packets and exposure; forgets the answers.
  func ask(_ compilation: Compilation) throws {
    for backend in Backend.allCases { require(backend.output(of: compilation) != nil) }
    let live = try LiveRules.read()
    guard let state = Comparison.State(compilation), let policy = compilation.policy,
      let installation = Installation(compilation)
    else { throw CocoaError(.formatting) }
    let difference = ComparisonReport(
      from: live, to: state, named: self.policy, withRules: true, sysctls: [])
    require(difference.same, ComparisonText(difference).text)
    try trace("client -> web udp 7000")
    try trace("web -> db udp 7000")
    let exposure = ExposureReport(installation, of: policy, named: self.policy)
    require(!ExposureText(exposure).text.isEmpty)
  }

  private func trace(_ flow: String) throws {
    let compiler = Compiler()
    let read = try compiler.read([.path(policy)])
    let question = compiler.compile(read, asking: flow)
    let answer = Tracing(compiler, backend: .nft).answer(question, of: read)
    if let answer { require(!TraceText(answer, withPath: true, isColored: false).text.isEmpty) }
  }

  private func require(_ isTrue: Bool, _ answer: String = "") {
    precondition(isTrue, "\(policy) has answers to all questions \(answer)")
  }
}
