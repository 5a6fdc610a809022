import Driver
import KernelForm
import NetlinkBackend

/// From a policy that is compiled to the bytes that apply sends where no rules are.
struct Encoding {
  private let compilation: Compilation

  init(file: String) throws {
    compilation = try Compiler().compile([.path(file)])
    try require(compilation.ruleset != nil, "\(file) has no errors")
  }

  func run(times: Int) throws {
    let size = try messages().count
    var timings = Timings()
    for _ in 0..<times {
      let bytes = try timings.measure { try messages() }
      try require(bytes.count == size, "the bytes are the same each time")
    }
    try timings.tell("bytes")
  }

  /// The kernel's form of the rules, what differs from a kernel without any, and its messages.
  func messages() throws -> [UInt8] {
    guard let wanted = Comparison.State(compilation) else { throw Failure("there are rules") }
    let live = KernelRuleset(generation: 1)
    let comparison = Comparison(from: Comparison.State(live: live), to: wanted)
    return try NetlinkBackend.messages(
      committing: comparison.plan, generation: comparison.before.kernel.generation)
  }
}
