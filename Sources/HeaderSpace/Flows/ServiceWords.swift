import NetworkTypes

/// Words for conditions on protocol and port.
struct ServiceWords {
  private let valid: Diagram
  private let family: AddressFamily
  private var known: [Diagram: [String]] = [:]

  /// - Parameter valid: the services that there are.
  init(valid: Diagram, family: AddressFamily) {
    self.valid = valid
    self.family = family
  }

  /// `any`, protocols with ports, or all but some.
  mutating func words(_ services: Diagram, _ space: inout FlowSpace) -> [String] {
    if let words = known[services] { return words }
    let result = described(services, &space)
    known[services] = result
    return result
  }

  private func described(_ services: Diagram, _ space: inout FlowSpace) -> [String] {
    let own = space.store.both(services, valid)
    if own == valid { return ["any"] }
    let others = space.store.both(valid, space.store.negated(own))
    let (shown, missing) = (list(own, space), list(others, space))
    if missing.weight < shown.weight {
      return ["any except \(missing.words.joined(separator: ", "))"]
    }
    return shown.words
  }

  private func list(
    _ services: Diagram, _ space: FlowSpace
  ) -> (words: [String], weight: Int) {
    var words: [String] = []
    var weight = 0
    for branch in space.store.branches(services, HeaderField.transport) where branch.child != .no {
      if branch.interval.lower == branch.interval.upper {
        let transport = TransportProtocol(number: UInt8(branch.interval.lower))
        let whole = space.store.descend(valid, HeaderField.transport, branch.interval.lower)
        let ports = portWords(branch.child, whole: whole, transport, space)
        words.append(ports.words)
        weight += ports.weight
      } else {
        words.append("protocols \(branch.interval.lower)-\(branch.interval.upper)")
        weight += 1
      }
    }
    return (words, weight)
  }

  private func portWords(
    _ ports: Diagram, whole: Diagram, _ transport: TransportProtocol, _ space: FlowSpace
  ) -> (words: String, weight: Int) {
    let name =
      TransportProtocol.named.contains { $0.value == transport }
      ? "\(transport)" : "protocol \(transport)"
    if ports == whole { return (name, 1) }
    let branches = space.store.branches(ports, HeaderField.port)
    let present = branches.filter { $0.child == .yes }.map(\.interval)
    if transport == .icmp || transport == .icmpv6 {
      return ("\(name) \(present.map(messageWords).joined(separator: ", "))", present.count)
    }
    let missing = branches.filter { $0.child == .no }.map(\.interval)
    if missing.count < present.count {
      return ("\(name) except \(missing.map(portText).joined(separator: ", "))", missing.count)
    }
    return ("\(name) \(present.map(portText).joined(separator: ", "))", present.count)
  }

  private func portText(_ ports: Interval) -> String {
    ports.lower == ports.upper ? "\(ports.lower)" : "\(ports.lower)-\(ports.upper)"
  }

  private func messageWords(_ interval: Interval) -> String {
    let (first, last) = (interval.lower >> 8, interval.upper >> 8)
    let isWhole = interval.lower & 255 == 0 && interval.upper & 255 == 255
    let echo: UInt128 = family == .ipv4 ? 8 : 128
    if isWhole, first == last { return first == echo ? "echo-request" : "type \(first)" }
    if isWhole { return "types \(first)-\(last)" }
    return "type \(first) code \(interval.lower & 255)"
      + (interval.lower == interval.upper ? "" : "-\(interval.upper & 255)")
  }

  /// The single ports and ranges of `services`, whatever the protocol.
  static func ports(_ services: Diagram, _ space: FlowSpace) -> [PortRange] {
    var result: [Interval] = []
    for transport in space.store.branches(services, HeaderField.transport)
    where transport.child != .no {
      for port in space.store.branches(transport.child, HeaderField.port)
      where port.child == .yes {
        result.append(port.interval)
      }
    }
    return result.united.map { PortRange(UInt16($0.lower), UInt16($0.upper)) }
  }
}
