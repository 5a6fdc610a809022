import NetworkTypes
package import PolicyModel

/// One kind of packets that was refused and logged.
package struct DeniedFlow: Hashable, Sendable, Encodable {
  /// As the kernel writes it, in small letters: `tcp`, or a number.
  package let `protocol`: String
  package let source: String
  package let destination: String
  /// The destination port; `nil` for protocols without ports.
  package let port: Int?
  /// How many packets were logged: a limit on the log makes it less than were refused.
  package let logged: Int
}

/// The denials that the kernel's log tells of, the most frequent first.
package struct DeniedFlows: Hashable, Sendable {
  package let list: [DeniedFlow]

  /// How many are told.
  package static let limit = 10

  /// - Parameters:
  ///   - messages: Of the kernel, without their times.
  ///   - interfaces: Only what passed these is told; `nil` for all.
  package init(_ messages: [String], of log: DenialLog, interfaces: Set<String>? = nil) {
    var counts: [Flow: Int] = [:]
    for message in messages {
      guard let prefix = log.prefixes.first(where: { message.hasPrefix($0) }),
        let packet = LoggedPacket(message.dropFirst(prefix.count))
      else { continue }
      if let interfaces, !packet.interfaces.allSatisfy(interfaces.contains) { continue }
      counts[packet.flow, default: 0] += 1
    }
    let sorted = counts.sorted { left, right in
      left.value != right.value ? left.value > right.value : left.key < right.key
    }
    list = sorted.prefix(Self.limit).map { flow, count in
      DeniedFlow(
        protocol: flow.protocol, source: "\(flow.source)", destination: "\(flow.destination)",
        port: flow.port, logged: count)
    }
  }
}

/// How the denials of a policy are found in the kernel's log.
package struct DenialLog: Hashable, Sendable {
  /// What messages begin with.
  let prefixes: [String]
  /// Whether the policy is known to log denials.
  package let isOn: Bool

  /// What `log denied` writes.
  private static let common = "bridgeward denied: "

  /// - Parameter policy: `nil` where it is not at hand.
  package init(_ policy: Policy?) {
    guard let policy, policy.deniedLog == nil else {
      prefixes = [Self.common]
      isOn = policy != nil
      return
    }
    // What is allowed with a prefix makes that prefix say nothing.
    let rules = policy.access + policy.defaults
    let refusing = rules.filter { $0.verb != .allow }.map(\.clauses)
    let allowing = rules.filter { $0.verb == .allow }.map(\.clauses) + policy.terms.map(\.clauses)
    let denied = Self.prefixes(refusing).subtracting(Self.prefixes(allowing))
    prefixes = denied.sorted()
    isOn = !denied.isEmpty
  }

  private static func prefixes(_ clauses: [FlowClauses]) -> Set<String> {
    Set(clauses.compactMap(\.log).map { $0.prefix.isEmpty ? "bridgeward: " : $0.prefix })
  }
}

private struct Flow: Hashable, Comparable {
  let `protocol`: String
  let source: IPAddress
  let destination: IPAddress
  let port: Int?

  static func < (left: Self, right: Self) -> Bool {
    (left.destination, left.port ?? -1, left.source, left.protocol)
      < (right.destination, right.port ?? -1, right.source, right.protocol)
  }
}

/// A packet as `nf_log_syslog` of the kernel writes it: `IN=eth0 OUT=br0 SRC=… PROTO=TCP DPT=80`.
private struct LoggedPacket {
  let flow: Flow
  /// Those of `IN` and `OUT` that there are.
  let interfaces: [String]

  init?(_ text: Substring) {
    guard text.hasPrefix("IN=") else { return nil }
    var values: [Substring: String] = [:]
    for word in text.split(separator: " ") {
      // The packet that an ICMP error is about.
      if word.hasPrefix("[") { break }
      guard let sign = word.firstIndex(of: "=") else { continue }
      let key = word[..<sign]
      if values[key] == nil { values[key] = String(word[word.index(after: sign)...]) }
    }
    guard let source = values["SRC"].flatMap(IPAddress.init),
      let destination = values["DST"].flatMap(IPAddress.init), let name = values["PROTO"]
    else { return nil }
    flow = Flow(
      protocol: name.lowercased(), source: source, destination: destination,
      port: values["DPT"].flatMap { Int($0) })
    interfaces = ["IN", "OUT"].compactMap { values[$0] }.filter { !$0.isEmpty }
  }
}
