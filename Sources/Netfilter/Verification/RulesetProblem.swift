/// Something in a ruleset that no kernel would take, or that cannot mean what was meant.
package struct RulesetProblem: Hashable, Sendable {
  /// What is wrong.
  package enum Kind: Hashable, Sendable {
    /// Not `[A-Za-z_][A-Za-z0-9_-]*`, longer than 127 bytes, or a word of nft's language.
    case invalidName(String)
    case duplicateName(String)
    case unknownChain(String)
    /// A jump to a chain that the network stack calls itself.
    case jumpToBaseChain(String)
    case unknownSet(String)
    /// The set holds something else than what is looked up in it.
    case wrongSetContent(String)
    case unknownMap(String)
    /// A key of the map, or a lookup in it, has other components than the map.
    case keyShape(map: String)
    /// A rule or element asks for IPv4 and IPv6 at the same time.
    case mixedFamilies
    /// A range of ports is rewritten to ports beyond 65535.
    case portOverflow(map: String)
    case natOutsideNatChain
    /// A source is rewritten before routing, or a destination after it.
    case natAtWrongHook(Hook)
    case outputInterfaceUnknown(Hook)
    case inputInterfaceUnknown(Hook)
    /// A condition or effect that tables of this family do not have.
    case wrongTable(TableFamily)
    /// Ports without a protocol that has ports, or a port in a rewrite without a protocol.
    case portsWithoutProtocol
    /// A list of ports or states that is empty.
    case emptyList
    /// Effects after one that ends the rule.
    case unreachableEffect
    /// Neither this sender's hardware address nor this protocol address of an ARP packet: nft before
    /// 1.1 reads neighboring bytes at once, which makes "not both" of it (`stmt_reduce` of its rule.c).
    case neitherARPSender
    /// The chains call each other in a circle.
    case loop([String])
    /// Calls nest deeper than the kernel follows (`NFT_JUMP_STACK_SIZE`).
    case tooDeep(String)
    /// A meter that counts both a rate and connections.
    case sharedMeter(String)
  }

  package let kind: Kind
  /// The table and the chain, set or map.
  package let place: String
  package let origin: Origin?
}

extension RulesetProblem: CustomStringConvertible {
  package var description: String {
    let line = origin.map { " (\($0.location))" } ?? ""
    return "\(place)\(line): \(kind.sentence)"
  }
}

extension RulesetProblem.Kind {
  fileprivate var sentence: String {
    switch self {
    case .invalidName(let name): "'\(name)' cannot be a name"
    case .duplicateName(let name): "the name '\(name)' is taken"
    case .unknownChain(let name): "there is no chain '\(name)'"
    case .jumpToBaseChain(let name): "the chain '\(name)' cannot be called"
    case .unknownSet(let name): "there is no set '\(name)'"
    case .wrongSetContent(let name): "the set '\(name)' holds something else"
    case .unknownMap(let name): "there is no map '\(name)'"
    case .keyShape(let map): "a key does not fit the map '\(map)'"
    case .mixedFamilies: "IPv4 and IPv6 exclude each other"
    case .portOverflow(let map): "a port of the map '\(map)' is beyond 65535"
    case .natOutsideNatChain: "addresses are rewritten in nat chains only"
    case .natAtWrongHook(let hook): "this rewrite is not possible at \(hook.rawValue)"
    case .outputInterfaceUnknown(let hook): "at \(hook.rawValue) no output interface is known"
    case .inputInterfaceUnknown(let hook): "at \(hook.rawValue) there is no input interface"
    case .wrongTable(let family): "tables of family \(family.rawValue) do not have this"
    case .portsWithoutProtocol: "ports need a protocol that has ports"
    case .emptyList: "an empty list matches nothing"
    case .unreachableEffect: "an effect follows the end of the rule"
    case .neitherARPSender: "a rule denies one address of an ARP packet's sender, not two"
    case .loop(let chains): "the chains \(chains.joined(separator: " -> ")) form a loop"
    case .tooDeep(let chain): "calls from '\(chain)' nest too deep"
    case .sharedMeter(let meter): "the meter '\(meter)' counts two different things"
    }
  }
}
