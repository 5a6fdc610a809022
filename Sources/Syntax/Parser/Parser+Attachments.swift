import Diagnostics

/// How a network hangs on the host, and how it leaves it.
extension Parser {
  mutating func attachment(_ word: StatementKeyword) throws(SyntaxFailure) -> AttachmentStatement {
    let start = current.start
    advance()
    let interface = try name("an interface")
    switch word {
    case .bridge:
      let ports = accept(.ports) ? try names("an interface") : []
      return .bridge(interface, ports: ports, span(from: start))
    case .macvlan:
      let mode = try mode()
      return .macvlan(parent: interface, mode: mode, span(from: start))
    case .ipvlan:
      let mode = try mode()
      return .ipvlan(parent: interface, mode: mode, span(from: start))
    case .openvswitch:
      return .openvswitch(interface, span(from: start))
    case .interface:
      return .interface(interface, span(from: start))
    case .subnet, .gateway, .pool, .masquerade, .snat, .icc, .isolation, .internal, .direct,
      .serve, .antispoof, .container, .vm:
      preconditionFailure("not an attachment")
    }
  }

  /// `[mode MODE]`; the mode `bridge` is a keyword as well.
  private mutating func mode() throws(SyntaxFailure) -> Identifier? {
    guard accept(.mode) else { return nil }
    let place = span(current)
    if accept(.bridge) { return Identifier("bridge", at: place) }
    return try name("a mode")
  }

  /// `masquerade [ipv4|ipv6] [as ADDRESS] [ports PORTS] [random|fully-random] [via IF]`, the options
  /// in any order.
  mutating func masquerade() throws(SyntaxFailure) -> MasqueradeStatement {
    let start = current.start
    advance()
    var options = MasqueradeOptions()
    while try masqueradeOption(into: &options) {}
    return MasqueradeStatement(
      family: options.family, address: options.address, ports: options.ports,
      randomness: options.randomness, via: options.via, at: span(from: start))
  }

  private mutating func masqueradeOption(
    into options: inout MasqueradeOptions
  ) throws(SyntaxFailure) -> Bool {
    let place = span(current)
    if accept(.ipv4) {
      set(&options.family, .ipv4, "ipv4|ipv6", at: place)
    } else if accept(.ipv6) {
      set(&options.family, .ipv6, "ipv4|ipv6", at: place)
    } else if accept(.random) {
      set(&options.randomness, .random, "random|fully-random", at: place)
    } else if accept(.fullyRandom) {
      set(&options.randomness, .fullyRandom, "random|fully-random", at: place)
    } else if accept(.as) {
      set(&options.address, try address("an address or a range"), "as", at: place)
    } else if accept(.ports) {
      set(&options.ports, try port("a port range"), "ports", at: place)
    } else if accept(.via) {
      set(&options.via, try name("an interface"), "via", at: place)
    } else {
      return false
    }
    return true
  }

  private mutating func set<Value>(
    _ option: inout Value?, _ value: Value, _ word: String, at place: SourceSpan
  ) {
    if option != nil { report(.repeatedOption(word, at: place)) }
    option = value
  }
}

/// The options of a `masquerade` that have been read.
private struct MasqueradeOptions {
  var family: MasqueradeStatement.Family?
  var address: AddressSyntax?
  var ports: PortSyntax?
  var randomness: MasqueradeStatement.Randomness?
  var via: Identifier?
}
