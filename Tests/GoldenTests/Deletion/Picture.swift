import Evaluation
import Netfilter
import NetworkTypes

/// What packets look like that meet all demands of a way, as far as the demands say.
struct Picture {
  /// Any of the values, or none of them.
  struct Wish<Value> {
    let values: [Value]
    let isNegated: Bool
  }

  var families: Set<AddressFamily> = [.ipv4, .ipv6]
  var inputs: [Wish<InterfaceName>] = []
  var outputs: [Wish<InterfaceName>] = []
  var sources: [Wish<AddressRange>] = []
  var destinations: [Wish<AddressRange>] = []
  var isSourceOwn: Bool?
  var isDestinationOwn: Bool?
  var transport: TransportProtocol?
  var sourcePorts: [PortRange]?
  var destinationPorts: [PortRange]?
  var icmp: (type: UInt8, code: UInt8?)?
  var states: Set<ConnectionState>?
  var isTranslated: Bool?
  var hardware: Wish<MACAddress>?
  var isARP = false
  var arpHardware: Wish<MACAddress>?
  var neighborTargets: [Wish<AddressRange>]?
  var isAttempt: Bool?
  var isRemembered = false
  /// Whether a rule asks for an interface that the host has sent something by.
  var asksForLearned = false
  var hook: Hook
  var layer: Step.Layer
  /// Marks that the packet must have got on its way.
  var marks: [PacketMark] = []
  /// Whether the packet bears the destination that rules gave it.
  var isPastRewriting: Bool

  init(_ path: RulePath, _ program: Program) {
    hook = path.base.hook
    layer = path.scope == .frames ? .bridge : .host
    if case .packets(let own) = path.scope { families = own }
    isPastRewriting =
      switch path.base.hook {
      case .forward, .input, .postrouting: true
      case .prerouting, .output: path.base.priority > HookPriority.destinationNAT
      }
    add(path.demands, program)
  }

  mutating func add(_ demands: [Demand], _ program: Program) {
    for demand in demands {
      switch demand {
      case .condition(.match(let match), let table): add(match, program.tables[table])
      case .condition(.handshake, _): transport = .tcp
      case .condition(.unknown, _): break
      case .key(let field, let value): add(field, value)
      }
    }
  }

  private mutating func add(_ field: KeyField, _ value: KeyValue) {
    switch (field, value) {
    case (.inputInterface, .interface(let name)):
      inputs.append(Wish(values: [name], isNegated: false))
    case (.outputInterface, .interface(let name)):
      outputs.append(Wish(values: [name], isNegated: false))
    case (.sourceAddress, .address(let address)):
      families.formIntersection([address.family])
      sources.append(Wish(values: [AddressRange(address)], isNegated: false))
    case (.destinationAddress, .address(let address)):
      families.formIntersection([address.family])
      destinations.append(Wish(values: [AddressRange(address)], isNegated: false))
    case (.transport, .transport(let own)): transport = own
    case (.destinationPort, .ports(let ports)): destinationPorts = [ports]
    default: break
    }
  }

  private mutating func add(_ match: Match, _ table: Program.Table) {
    switch match {
    case .family(let family): families.formIntersection([family])
    case .inputInterface(let match):
      match.wish(table).map { inputs.append($0) }
      if match.isLearned(table) { asksForLearned = true }
    case .outputInterface(let match):
      match.wish(table).map { outputs.append($0) }
      if match.isLearned(table) { asksForLearned = true }
    case .inputBridge(let name): inputs.append(Wish(values: [name], isNegated: false))
    case .outputBridge(let name): outputs.append(Wish(values: [name], isNegated: false))
    case .source(let match):
      families.formIntersection([match.family])
      sources.append(match.wish(table))
    case .destination(let match):
      families.formIntersection([match.family])
      destinations.append(match.wish(table))
    case .sourceIsLocal(let isLocal): isSourceOwn = isLocal
    case .destinationIsLocal(let isLocal): isDestinationOwn = isLocal
    case .transport(let own): transport = own
    case .sourcePort(let ports): sourcePorts = ports
    case .destinationPort(let ports): destinationPorts = ports
    case .icmp(let family, let type, let code):
      families.formIntersection([family])
      icmp = (type, code)
    case .connectionState(let own): states = states?.intersection(own) ?? own
    case .destinationTranslated(let own): isTranslated = own
    case .mark(let mark): if mark.value != 0 { marks.append(mark) }
    case .sourceMAC(let address, let isNegated):
      hardware = Wish(values: [address], isNegated: isNegated)
    case .etherType(let type): addType(type)
    case .arpSenderAddress(let match):
      isARP = true
      sources.append(match.wish(table))
      families.formIntersection([.ipv4])
    case .arpTargetAddress(let match):
      isARP = true
      destinations.append(match.wish(table))
      families.formIntersection([.ipv4])
    case .arpSenderMAC(let address, let isNegated):
      addType(.arp)
      arpHardware = Wish(values: [address], isNegated: isNegated)
    case .neighborTarget(let match):
      families.formIntersection([.ipv6])
      neighborTargets = (neighborTargets ?? []) + [match.wish(table)]
    case .connectionAttempt(let own):
      transport = .tcp
      isAttempt = own
    case .remembered: isRemembered = true
    case .limit, .connectionsOver, .originalDirection: break
    }
  }

  private mutating func addType(_ type: EtherType) {
    switch type {
    case .ipv4: families.formIntersection([.ipv4])
    case .ipv6: families.formIntersection([.ipv6])
    case .arp:
      families.formIntersection([.ipv4])
      isARP = true
    }
  }
}

extension InterfaceMatch {
  /// `nil` of sets that packets fill.
  fileprivate func wish(_ table: Program.Table) -> Picture.Wish<InterfaceName>? {
    switch self {
    case .equals(let name): return Picture.Wish(values: [name], isNegated: false)
    case .differs(let name): return Picture.Wish(values: [name], isNegated: true)
    case .isIn(let name), .isNotIn(let name):
      guard let set = table.sets.first(where: { $0.name == name }),
        case .interfaces(let names) = set.content
      else { return nil }
      let isNegated = if case .isNotIn = self { true } else { false }
      return Picture.Wish(values: names, isNegated: isNegated)
    }
  }
}

extension InterfaceMatch {
  fileprivate func isLearned(_ table: Program.Table) -> Bool {
    switch self {
    case .equals, .differs: return false
    case .isIn(let name), .isNotIn(let name):
      guard let set = table.sets.first(where: { $0.name == name }) else { return false }
      if case .learnedInterfaces = set.content { return true }
      return false
    }
  }
}

extension AddressMatch {
  fileprivate func wish(_ table: Program.Table) -> Picture.Wish<AddressRange> {
    switch operand {
    case .range(let range): return Picture.Wish(values: [range], isNegated: negated)
    case .set(let name, _):
      guard let set = table.sets.first(where: { $0.name == name }),
        case .addresses(_, let ranges) = set.content
      else { return Picture.Wish(values: [], isNegated: negated) }
      return Picture.Wish(values: ranges, isNegated: negated)
    }
  }
}

extension Picture.Wish<AddressRange> {
  func holds(_ address: IPAddress) -> Bool {
    values.contains { $0.contains(address) } != isNegated
  }
}

extension Picture.Wish where Value: Equatable {
  /// Whether something of these names is wished.
  func holds(anyOf names: [Value]) -> Bool {
    names.contains { values.contains($0) } != isNegated
  }
}
