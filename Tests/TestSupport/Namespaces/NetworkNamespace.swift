import CLinux
import Glibc

/// A network namespace with a name, as ip-netns(8) makes them.
package struct NetworkNamespace: Hashable, Sendable {
  package let name: String

  private var path: String { "/run/netns/\(name)" }

  /// Runs `body` with the calling thread inside the namespace.
  ///
  /// Sockets that `body` makes and programs that it starts belong to the namespace for good.
  package func perform<Value>(_ body: () throws -> Value) throws -> Value {
    let home = try Descriptor(path: "/proc/thread-self/ns/net")
    let target = try Descriptor(path: path)
    try succeed(setns(target.number, Self.networkKind), "setns \(name)")
    defer {
      guard setns(home.number, Self.networkKind) == 0 else {
        preconditionFailure("a thread can go back to its namespace")
      }
    }
    return try body()
  }

  /// `CLONE_NEWNET` of sched.h.
  private static let networkKind: Int32 = 0x4000_0000

  /// Sets entries under `/proc/sys/net`, such as `ipv4/ip_forward`.
  package func set(_ settings: [(path: String, value: Int)]) throws {
    try perform {
      for setting in settings {
        let file = try Descriptor(path: "/proc/sys/net/\(setting.path)", writing: true)
        try file.write(Array("\(setting.value)\n".utf8))
      }
    }
  }

  /// Runs a program inside the namespace; any end but success is an error.
  @discardableResult
  package func run(_ arguments: String..., input: String = "") throws -> String {
    try perform { try Command(arguments, input: input).run() }
  }

  /// Runs ip(8) once for many lines.
  package func configure(_ lines: [String]) throws {
    try run("ip", "-batch", "-", input: lines.joined(separator: "\n") + "\n")
  }
}

extension NetworkNamespace {
  /// What the names of all namespaces of tests begin with; the maker's process number follows.
  private static let prefix = "bwtest-"

  /// Makes namespaces that no other test has, one for each label.
  package static func create(_ labels: [String], of group: Int) throws -> [Self] {
    let namespaces = labels.map { Self(name: "\(prefix)\(getpid())-\(group)-\($0)") }
    try Command(["ip", "-batch", "-"], input: lines("add", namespaces.map(\.name))).run()
    return namespaces
  }

  /// Removes namespaces; they vanish when the last socket in them is closed.
  package static func remove(_ namespaces: [Self]) throws {
    try Command(["ip", "-batch", "-"], input: lines("del", namespaces.map(\.name))).run()
  }

  /// Removes what runs that were killed have left.
  package static func removeStale() throws {
    let listing = try Command(["ip", "netns", "list"]).run()
    let stale = listing.split(separator: "\n").compactMap { line -> String? in
      let name = String(line.prefix { $0 != " " })
      guard name.hasPrefix(prefix), let owner = owner(of: name) else { return nil }
      return kill(owner, 0) == 0 || errno == EPERM ? nil : name
    }
    guard !stale.isEmpty else { return }
    // Another run may be at it, too, so that some are gone already.
    try Command(["sh", "-c", "ip -force -batch - || true"], input: lines("del", stale)).run()
  }

  private static func owner(of name: String) -> pid_t? {
    pid_t(name.dropFirst(prefix.count).prefix { $0 != "-" })
  }

  private static func lines(_ verb: String, _ names: [String]) -> String {
    names.map { "netns \(verb) \($0)\n" }.joined()
  }
}
