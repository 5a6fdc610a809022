import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// An `allow` and its mirror image, where the second is there for the replies: it carries the
  /// same, or everything. Two lines for everything are mutual trust.
  func checkReplies(_ log: inout DiagnosticLog) {
    var first: [MirrorKey: Int] = [:]
    for (number, line) in flows.enumerated() where isPlainAllow(line) {
      let (source, destination) = (line.rule.sources[0], line.rule.destinations[0])
      if source == destination { continue }
      let mirror = MirrorKey(PeerKey(peer: destination), PeerKey(peer: source))
      if let other = first[mirror], let pair = replies(other, number) {
        log.add(.replyFlow(flows[pair.reply].statement, of: flows[pair.line].rule.span))
      }
      let key = MirrorKey(PeerKey(peer: source), PeerKey(peer: destination))
      if first[key] == nil { first[key] = number }
    }
  }

  private func isPlainAllow(_ line: FlowLine) -> Bool {
    line.kind == .access && line.rule.verb == .allow && line.rule.sources.count == 1
      && line.rule.destinations.count == 1
  }

  private func replies(_ first: Int, _ second: Int) -> (line: Int, reply: Int)? {
    let (one, two) = (flows[first].rule.services, flows[second].rule.services)
    if one.isEmpty && two.isEmpty { return nil }
    if two.isEmpty || one == two { return (first, second) }
    return one.isEmpty ? (second, first) : nil
  }
}

private struct MirrorKey: Hashable {
  let source: PeerKey
  let destination: PeerKey

  init(_ source: PeerKey, _ destination: PeerKey) {
    self.source = source
    self.destination = destination
  }
}
