import Diagnostics
import NetworkTypes
import Syntax

/// Outside ports and the first inside port; no outside ports where `auto` picks one.
struct PortMapping {
  let outside: PortRange?
  let inside: UInt16
  /// The place of the word `auto`, where there are no outside ports.
  let span: SourceSpan
}

/// The mappings of one line, nearly always one.
enum PortMappings {
  case one(PortMapping)
  case several([PortMapping])

  var hasAutomatic: Bool {
    switch self {
    case .one(let mapping): mapping.outside == nil
    case .several(let mappings): mappings.contains { $0.outside == nil }
    }
  }
}

extension Resolver {
  /// Pairs outside and inside ports one for one.
  mutating func publishPorts(_ node: PublishStatement) -> PortMappings? {
    let isSeveral = node.hasDetails && node.hasSeveralPorts
    guard !isSeveral, !node.hostNumbers.isAutomatic else { return severalPorts(node) }
    return onePort(node).map { ports in
      .one(PortMapping(outside: ports.outside, inside: ports.inside.lower, span: node.span))
    }
  }

  /// The only ports of a line, and those inside.
  ///
  /// - Requires: it says neither several ports nor `auto`.
  @inline(__always)
  mutating func onePort(_ node: PublishStatement) -> (outside: PortRange, inside: PortRange)? {
    guard let outside = readPort(node.hostNumbers, node) else { return nil }
    guard let inside = readPort(node.targetNumbers, node) else { return nil }
    if inside.count != outside.count, let syntax = node.targetPort {
      log.add(.portCount(node, syntax, outside: outside.count, inside: inside.count))
      return nil
    }
    return (outside, inside)
  }

  /// Judges the numbers where they are; only a mistake needs the rest.
  @inline(__always)
  private mutating func readPort(_ port: PortNumbers, _ node: PublishStatement) -> PortRange? {
    if port.lower > 0, port.lower <= port.upper, port.upper <= 65535 {
      return PortRange(UInt16(port.lower), UInt16(port.upper))
    }
    return readPort(port.port(in: node.span.file))
  }

  private mutating func severalPorts(_ node: PublishStatement) -> PortMappings? {
    var outside: [PortRange?] = []
    var count = 0
    for port in node.hostPorts {
      if port.isAutomatic {
        outside.append(nil)
        count += 1
        continue
      }
      guard let range = readPort(port) else { return nil }
      outside.append(range)
      count += range.count
    }
    return pair(outside, count, node)
  }

  private mutating func pair(
    _ outside: [PortRange?], _ count: Int, _ node: PublishStatement
  ) -> PortMappings? {
    guard let syntax = node.targetPort else {
      if let index = outside.firstIndex(of: nil) {
        log.add(.automaticWithoutTarget(node.hostPorts[index]))
        return nil
      }
      return .several(
        zip(outside, node.hostPorts).compactMap { range, syntax in
          range.map { PortMapping(outside: $0, inside: $0.lower, span: syntax.span) }
        })
    }
    guard let inside = readPort(syntax) else { return nil }
    guard inside.count == count else {
      log.add(.portCount(node, syntax, outside: count, inside: inside.count))
      return nil
    }
    var next = Int(inside.lower)
    var result: [PortMapping] = []
    for (range, syntax) in zip(outside, node.hostPorts) {
      result.append(PortMapping(outside: range, inside: UInt16(next), span: syntax.span))
      next += range?.count ?? 1
    }
    return .several(result)
  }
}
