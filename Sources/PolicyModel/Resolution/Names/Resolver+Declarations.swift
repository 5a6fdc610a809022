import Diagnostics
import NetworkTypes
import Syntax

extension Resolver {
  /// Enters every declared name into the symbol table.
  mutating func declareNames(_ table: DeclarationTable) {
    draft.networks = table.networks
    draft.outerPublishes = table.publishes
    let guests = table.networks.reduce(0) { $0 + $1.guestPlaces.count }
    symbols.reserve(peers: guests + table.networks.count + table.lists.count)
    for (index, node) in table.networks.enumerated() {
      _ = checkName(node.name, mayHoldDot: true)
      draft.policy.networks.append(placeholder(for: node))
      report(symbols.declareNetwork(node.name.text, index), against: node.name, "network")
    }
    for (index, list) in table.lists.enumerated() {
      _ = checkName(list.name, mayHoldDot: true)
      draft.lists.append(ListFacts(declaration: list))
      draft.policy.lists.append(AddressList(name: sourced(list.name), addresses: AddressSet()))
      let other = symbols.declareList(list.name.text, index)
      report(other, against: list.name, "list")
      // No line can mean it, and that it is unused would be no news.
      if other != nil { use(list: index, at: list.name.span) }
    }
    for (index, service) in table.services.enumerated() {
      _ = checkName(service.name, mayHoldDot: true)
      draft.services.append(ServiceFacts(declaration: service))
      if let other = symbols.declareService(service.name.text, index) {
        let first = table.services[other].name.span
        log.add(.duplicateName(service.name, "service", as: "service", first: first))
        use(service: index, at: service.name.span)
      }
    }
    for index in table.networks.indices { declareGuests(of: index) }
  }

  private mutating func declareGuests(of network: Int) {
    let statements = draft.networks[network].statements
    let places = draft.networks[network].guestPlaces
    symbols.reserveGuests(places.count, in: network)
    for (index, place) in places.enumerated() {
      guard case .guest(let node) = statements[place] else { continue }
      if checkName(node.name, mayHoldDot: false) { draft.networks[network].hasCapitals = true }
      let reference = GuestReference(network: network, guest: index)
      let other = symbols.declareGuest(node.name.text, reference)
      if other != nil { report(other, against: node.name, node.kind.rawValue) }
    }
  }

  private func placeholder(for node: NetworkFacts) -> Network {
    let name = sourced(node.name)
    let stand = Sourced(InterfaceName.loopback, at: node.name.span)
    return Network(
      name: name, attachment: Attachment(kind: .interface, interface: stand, span: node.span),
      span: node.span)
  }

  private mutating func report(
    _ other: SymbolTable.Symbol?, against name: Identifier, _ kind: String
  ) {
    guard let other else { return }
    log.add(
      .duplicateName(name, kind, as: noun(of: other), first: declarationSpan(of: other)))
  }

  /// What a symbol is, in a word.
  func noun(of symbol: SymbolTable.Symbol) -> String {
    switch symbol {
    case .network: "network"
    case .list: "list"
    case .guest(let guest), .ambiguous(let guest, _): self.guest(guest).kind.rawValue
    }
  }

  /// Where a symbol's name is declared.
  func declarationSpan(of symbol: SymbolTable.Symbol) -> SourceSpan {
    switch symbol {
    case .network(let index): draft.networks[index].name.span
    case .list(let index): draft.lists[index].declaration.name.span
    case .guest(let guest), .ambiguous(let guest, _): self.guest(guest).name.span
    }
  }

  /// The declaration of a guest.
  func guest(_ reference: GuestReference) -> GuestStatement {
    draft.networks[reference.network].guest(reference.guest)
  }

  func sourced(_ name: Identifier) -> Sourced<String> { Sourced(name.text, at: name.span) }

  /// Judges a declared name: 1...64 letters, digits, `_`, `-` and `.`, since names reach comments
  /// and object names of the kernel's tools; a container's dot must be quoted.
  ///
  /// - Returns: whether there is a capital letter.
  private mutating func checkName(_ name: Identifier, mayHoldDot: Bool) -> Bool {
    let bytes = name.text.utf8.span
    var isPlain = !bytes.isEmpty && bytes.count <= 64 && bytes[0] != UInt8(ascii: "-")
    var (hasDot, hasCapital) = (false, false)
    for index in bytes.indices {
      switch bytes[index] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "_"), UInt8(ascii: "-"):
        break
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): hasCapital = true
      case UInt8(ascii: "."): hasDot = true
      default: isPlain = false
      }
    }
    if !isPlain {
      log.add(.invalidName(name))
    } else if hasDot, !name.isQuoted, !mayHoldDot {
      log.add(.dottedName(name))
    }
    if name.isQuoted, name.text == "host" || name.text == "world" || name.text == "any" {
      log.add(.reservedName(name))
    }
    return hasCapital
  }
}
