import CLinux
import Glibc
import TestSupport

/// Runs `body` with its thread in a network namespace of its own, which vanishes with it.
///
/// Programs that `body` starts are in the namespace too; the host's rules are out of reach.
func inNamespace<Value>(_ body: () throws -> Value) throws -> Value {
  let home = try Descriptor(path: "/proc/thread-self/ns/net")
  // CLONE_NEWNET of sched.h.
  let kind: Int32 = 0x4000_0000
  guard unshare(kind) == 0 else { throw SystemCallError("unshare") }
  defer {
    guard setns(home.number, kind) == 0 else {
      preconditionFailure("a thread can go back to its namespace")
    }
  }
  return try body()
}

/// nft(8), in the namespace of the thread.
enum Nft {
  /// Loads a script.
  static func load(_ script: String) throws {
    try Command(["nft", "-f", "-"], input: script).run()
  }

  /// What `nft list ruleset` and `nft -j list ruleset` print, without handles.
  static func listings() throws -> [String] {
    let text = try Command(["nft", "list", "ruleset"]).run()
    let json = try Command(["nft", "-j", "list", "ruleset"]).run()
    return [text, json.replacing(/"handle": \d+,? ?/, with: "")]
  }
}
