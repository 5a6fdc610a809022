import Diagnostics
import NetworkTypes
import Syntax

extension PublishContext {
  /// Publishes that take a port which another line opens on the host itself.
  func checkHiddenPorts(
    _ publish: PublishValues, _ line: PublishLine, _ findings: inout CappedFindings
  ) {
    // On one address of its own the publish leaves the host's service the others.
    if hostPorts.isEmpty || publish.hostAddress != nil { return }
    guard !traits[publish.network].translated.isEmpty,
      let other = hostPorts.line(opening: publish.hostPorts, publish.transport)
    else { return }
    findings.add(.publishPrivilegedDuplicate, at: line.span) {
      .hiddenHostPort(publish, at: draft.portSpan(of: publish.index, in: line), allow: other)
    }
  }
}

/// The ports of the host that `allow … -> host` lines and `serve` open, and the lines that do.
struct HostPorts {
  private struct Entry {
    let transport: TransportProtocol
    let range: PortRange
    let span: SourceSpan
    /// The last port of this and all earlier entries of the protocol.
    var reach: UInt16
  }

  private var entries: [Entry] = []

  init(_ flows: [FlowLine], _ networks: [Network]) {
    for line in flows where line.kind == .access && line.rule.verb == .allow {
      guard line.rule.destinations.contains(.host) else { continue }
      add(line.rule.services, at: line.rule.span)
    }
    for service in networks.flatMap(\.served) { add(service.kind.services, at: service.span) }
    entries.sort { ($0.transport, $0.range, $0.span) < ($1.transport, $1.range, $1.span) }
    for index in entries.indices.dropFirst() {
      let previous = entries[index - 1]
      if previous.transport == entries[index].transport {
        entries[index].reach = max(previous.reach, entries[index].reach)
      }
    }
  }

  var isEmpty: Bool { entries.isEmpty }

  private mutating func add(_ services: [ServiceMatch], at span: SourceSpan) {
    for case .ports(let transport, let ranges) in services {
      for range in ranges {
        entries.append(Entry(transport: transport, range: range, span: span, reach: range.upper))
      }
    }
  }

  /// A line that opens one of `ports`.
  ///
  /// - Complexity: O(log n), and O(n) to name the line where there is one.
  func line(opening ports: PortRange, _ transport: TransportProtocol) -> SourceSpan? {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      let entry = entries[middle]
      if (entry.transport, entry.range.lower) <= (transport, ports.upper) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low > 0, entries[low - 1].transport == transport, entries[low - 1].reach >= ports.lower
    else { return nil }
    return entries[..<low].last { $0.transport == transport && $0.range.overlaps(ports) }?.span
  }
}
