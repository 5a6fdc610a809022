import Diagnostics
import Driver
import KernelForm
import Lowering
import NetlinkBackend

/// Some publishes more among those that are loaded, and the same less: each one batch, that only the
/// state is changed by that it is meant for.
///
/// What is to be changed is known. To find it out from two policies is what apply does.
struct Change {
  private let name: String
  private let count: Int
  private let before: KernelRuleset
  private let after: KernelRuleset

  /// Ports from here on are published by nobody.
  private static let firstPort = 61000

  init(file: String, count: Int) throws {
    let compiler = Compiler(capabilities: try LiveRules.capabilities())
    let read = try compiler.read([.path(file)])
    let bytes = read.sources[0].bytes
    guard let end = bytes.lastIndex(of: UInt8(ascii: "}")) else {
      throw Failure("the last line of \(file) closes a network")
    }
    let lines = (0..<count).map { "    publish tcp \(Self.firstPort + $0) -> c0:80\n" }.joined()
    var more = PolicySources()
    more.add(name: file, bytes: bytes[..<end] + Array(lines.utf8) + bytes[end...])
    guard let before = Comparison.State(compiler.compile(read)),
      let after = Comparison.State(compiler.compile(more))
    else { throw Failure("\(file) has no errors") }
    name = file
    self.count = count
    (self.before, self.after) = (before.kernel, after.kernel)
  }

  func run(times: Int) throws {
    var session = try NetlinkSession()
    let (more, less) = (plan(from: before, to: after), plan(from: after, to: before))
    try require(
      more.operations.count == 1 && more.sizes == (count, 0) && less.operations.count == 1
        && less.sizes == (0, count), "a publish is an element, and nothing else")
    try requireState(before, &session)
    try session.commit(more, generation: try session.generation())
    try requireState(after, &session)
    try session.commit(less, generation: try session.generation())
    var (adding, deleting) = (Timings(), Timings())
    for _ in 0..<times {
      try commit(more, &session, &adding)
      try commit(less, &session, &deleting)
    }
    try requireState(before, &session)
    try adding.tell("add-\(count)")
    try deleting.tell("delete-\(count)")
  }

  private func commit(
    _ plan: Plan, _ session: inout NetlinkSession, _ timings: inout Timings
  ) throws {
    // Whoever stays knows the number of the state that he made last.
    let generation = try session.generation()
    try timings.measure { try session.commit(plan, generation: generation) }
  }

  private func requireState(
    _ wanted: KernelRuleset, _ session: inout NetlinkSession
  ) throws {
    let live = try session.read(table: tableName)
    try require(plan(from: live, to: wanted).isEmpty, "the kernel has what \(name) comes to")
  }
}
