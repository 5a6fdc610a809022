import Diagnostics
import NetworkTypes
import Syntax

extension Resolver {
  /// Resolves the peers of one side, each once; `nil` if any could not be.
  mutating func resolvePeers(_ syntax: [PeerSyntax], in network: Int?) -> [Peer]? {
    if syntax.count == 1 { return resolvePeer(syntax[0], in: network).map { [$0] } }
    var result: [Peer] = []
    var seen = Set<Peer>()
    var isDamaged = false
    for node in syntax {
      guard let peer = resolvePeer(node, in: network) else {
        isDamaged = true
        continue
      }
      if seen.insert(peer).inserted { result.append(peer) }
    }
    return isDamaged ? nil : result
  }

  mutating func resolvePeer(_ syntax: PeerSyntax, in network: Int?) -> Peer? {
    switch syntax {
    case .name(let name):
      guard let found = lookUpPeer(name, in: network) else { return nil }
      return peer(found, at: name.span)
    case .address(let address):
      return readRange(address).map { .addresses(AddressSet([$0])) }
    case .host: return .host
    case .world: return .world
    case .any: return .any
    }
  }

  private mutating func peer(_ symbol: SymbolTable.Symbol, at span: SourceSpan) -> Peer? {
    switch symbol {
    case .network(let index): return .network(index)
    case .guest(let guest), .ambiguous(let guest, _):
      return .guest(network: guest.network, guest: guest.guest)
    case .list(let index):
      use(list: index, at: span)
      if draft.lists[index].isDamaged { return nil }
      return .addresses(draft.policy.lists[index].addresses)
    }
  }
}
