package import Netfilter
package import NetworkTypes

/// A ruleset of one address family in the nouns of iptables: no maps, no sets, four tables.
package struct Legalized: Hashable, Sendable {
  package let family: AddressFamily
  /// The tables that have something of ours, in the order in which they are to be loaded: what
  /// refuses comes before what redirects, so that a load that stops halfway leaves things closed.
  package internal(set) var tables: [IptablesTable]
  /// The calls of ours from built-in chains, in the order in which packets are to meet them.
  package internal(set) var hooks: [IptablesHook]
  /// What the ruleset says and iptables cannot.
  package internal(set) var unsupported: [Unsupported]
  /// How many rules the elements of maps and sets became.
  package internal(set) var unrolledRules: Int
}

/// The tables that are used here; each is loaded as one transaction.
package enum TableName: String, CaseIterable, Hashable, Sendable {
  case raw, mangle, filter, nat
}

/// A chain that every table of its kind has.
package enum BuiltinChain: String, CaseIterable, Hashable, Sendable {
  case prerouting = "PREROUTING"
  case input = "INPUT"
  case forward = "FORWARD"
  case output = "OUTPUT"
  case postrouting = "POSTROUTING"
}

/// A rule `-A BUILTIN -j CHAIN`, which restoring does not make: see ``hookScript(_:)``.
package struct IptablesHook: Hashable, Sendable {
  package let table: TableName
  package let builtin: BuiltinChain
  package let chain: String
}

/// The own chains of one table.
package struct IptablesTable: Hashable, Sendable {
  package let name: TableName
  package internal(set) var chains: [IptablesChain]
}

/// An own chain: an ordered list of rules.
package struct IptablesChain: Hashable, Sendable {
  /// `BW-` and more, at most 28 bytes.
  package let name: String
  package internal(set) var rules: [IptablesRule]
}

/// Conditions, and the one thing that is done where all of them hold.
package struct IptablesRule: Hashable, Sendable {
  package internal(set) var matches: [IptablesMatch]
  package internal(set) var target: IptablesTarget
  package internal(set) var origin: Origin?
  package internal(set) var comment: String?
}

/// One condition, in a form that a rule may have many of.
package enum IptablesMatch: Hashable, Sendable {
  case inputInterface(InterfaceName, negated: Bool)
  case outputInterface(InterfaceName, negated: Bool)
  case source(AddressRange, negated: Bool)
  case destination(AddressRange, negated: Bool)
  case sourceIsLocal(Bool)
  case destinationIsLocal(Bool)
  case transport(TransportProtocol)
  /// At most fifteen ports, a range counting as two.
  case sourcePorts([PortRange])
  case destinationPorts([PortRange])
  case icmp(type: UInt8, code: UInt8?)
  case connectionState([ConnectionState])
  case destinationTranslated(Bool)
  case originalDirection
  case mark(PacketMark)
  case limit(count: UInt32, Limit.Unit, burst: UInt32)
  /// Counts each source, or all together, in a table of the kernel that has a name.
  case hashLimit(count: UInt32, Limit.Unit, burst: UInt32, perSource: Bool, name: String)
  case connectionsOver(UInt32, perSource: Bool)
  case sourceMAC(MACAddress, negated: Bool)
  case connectionAttempt(Bool)
  /// TCP: SYN without RST, either packet of a handshake.
  case handshake
}

/// What is done where all conditions hold.
package enum IptablesTarget: Hashable, Sendable {
  /// Nothing: the rule counts packets.
  case none
  case accept, drop, `return`
  case jump(String)
  case goto(String)
  case log(prefix: String)
  case setMark(PacketMark)
  case reject(Rejection)
  case destination(IPAddress, ports: ShiftedPorts?)
  case source(SourceNAT)
  case masquerade(PortRange?, SourcePortOrder)
  case clampMSS(UInt16?)
  case fillChecksum
}

/// Where ports are rewritten to; `nil` in its place leaves them.
package struct ShiftedPorts: Hashable, Sendable {
  package let ports: PortRange
  /// The port that becomes the first of ``ports``; the others follow one for one.
  package let base: UInt16
}
