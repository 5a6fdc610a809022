import Netfilter
import NetworkTypes

/// A packet on its way through the forward hook.
struct Packet: CustomStringConvertible {
  let input: InterfaceName
  let output: InterfaceName
  let source: IPAddress
  let destination: IPAddress
  let transport: TransportProtocol
  let sourcePort: UInt16
  let destinationPort: UInt16
  var mark: UInt32

  var description: String {
    "\(input)>\(output) \(source):\(sourcePort)>\(destination):\(destinationPort) \(transport)"
  }
}

/// What became of a packet: each effect in order, and each question that the kernel counts.
struct Outcome: Equatable {
  var events: [String] = []
  /// `nil` where the packet passed all rules.
  var verdict: String?
}

/// Where evaluation goes on after a rule.
enum Next {
  case rule, caller
  case chain(String)
  case call(String)
  case end(String)
}

/// How chains call each other; the same for every tool.
///
/// - Parameter rule: what rule number so-and-so of a chain leads to; `nil` past the last one.
func run(
  from start: String, _ outcome: inout Outcome,
  rule: (_ chain: String, _ index: Int, inout Outcome) -> Next?
) {
  var stack: [(chain: String, index: Int)] = [(start, 0)]
  while let top = stack.last {
    stack[stack.count - 1].index += 1
    switch rule(top.chain, top.index, &outcome) {
    case .rule: continue
    case .none, .caller: stack.removeLast()
    case .chain(let chain): stack[stack.count - 1] = (chain, 0)
    case .call(let chain): stack.append((chain, 0))
    case .end(let verdict):
      outcome.verdict = verdict
      return
    }
  }
}
