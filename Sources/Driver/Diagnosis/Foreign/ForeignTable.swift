import IptablesBackend
import Netfilter
package import NetworkTypes

/// A table of somebody else, as far as it is understood.
package struct ForeignTable: Hashable, Sendable {
  /// Who keeps the table.
  package enum Tool: String, Hashable, Sendable {
    case nft
    case iptablesNft = "iptables-nft"
    case iptablesLegacy = "iptables-legacy"
  }

  package let tool: Tool
  /// `inet firewalld` with nft; `ip filter` with iptables, too.
  package let name: String
  /// The families whose packets come here.
  package let families: [AddressFamily]
  package internal(set) var chains: [ForeignChain]
  /// Chains of ours between theirs, as they are printed.
  var own: [OwnChain] = []

  init(tool: Tool, name: String, families: [AddressFamily], chains: [ForeignChain] = []) {
    self.tool = tool
    self.name = name
    self.families = families
    self.chains = chains
  }

  /// How people call it.
  package var title: String {
    switch tool {
    case .nft: "the nft table `\(name)`"
    case .iptablesNft, .iptablesLegacy: "the \(tool.rawValue) table `\(name)`"
    }
  }
}

/// A chain of somebody else.
package struct ForeignChain: Hashable, Sendable {
  /// Where packets enter.
  struct Base: Hashable, Sendable {
    let hook: Hook
    let priority: Int
    /// Whether packets are dropped at its end.
    let drops: Bool
    /// Chains for translations see the first packet of a connection only.
    var purpose = BaseChain.Purpose.filter
  }

  package let name: String
  let base: Base?
  var rules: [ForeignRule] = []
}

/// A rule of somebody else; one that looks into a map is one for each element.
package struct ForeignRule: Hashable, Sendable {
  /// As the tool shows it.
  package let text: String
  let conditions: [ForeignCondition]
  let effect: ForeignEffect
}

/// What a rule asks; all that matters to the flows that are looked at.
enum ForeignCondition: Hashable, Sendable {
  /// Which of two ends of a packet.
  enum Side: Hashable, Sendable { case source, destination }

  /// Any of the names; one that ends with `*` stands for all that begin so.
  case input([String], negated: Bool)
  case output([String], negated: Bool)
  case address(Side, [AddressRange], negated: Bool)
  case port(Side, [PortRange], negated: Bool)
  case transport([TransportProtocol], negated: Bool)
  case family(AddressFamily)
  case state(Set<String>, negated: Bool)
  case translated(Bool)
  /// The kind of an address: `local`, `broadcast`, `multicast`, `unicast`.
  case kind(Side, Set<String>, negated: Bool)
  /// What is not understood, as it stands.
  case unknown(String)
}

/// What a rule does with a packet.
enum ForeignEffect: Hashable, Sendable {
  /// Nothing that decides: it counts, logs or marks.
  case none
  case accept
  /// The payload is whether the sender is told.
  case drop(rejects: Bool)
  case `return`
  case jump(String)
  case goto(String)
  /// The destination is rewritten (`dnat`, `redirect`), to what is said where that is one address;
  /// no chain after this one is asked to.
  case redirect(NewDestination?)
  /// The source is rewritten; the payload is to what, where that is one range.
  case rewrite(SourceRewrite)
  /// What is not understood, as it stands.
  case unknown(String)
}

/// Whom a rule of somebody else makes a packet's destination.
struct NewDestination: Hashable, Sendable {
  let address: IPAddress
  /// `nil` where the port stays.
  let port: UInt16?
}

/// What a rule of somebody else makes of a packet's source.
enum SourceRewrite: Hashable, Sendable {
  /// The address of the interface that it leaves by.
  case masquerade
  /// `nil` where that is not understood.
  case address(AddressRange?)
}
