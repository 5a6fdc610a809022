import Diagnostics
import NetworkTypes
import Syntax

extension Resolver {
  /// Enters every declared name into the symbol table.
  mutating func declareNames(_ table: DeclarationTable) {
    for (index, node) in table.networks.enumerated() {
      checkName(node.name, mayHoldDot: true)
      draft.networks.append(NetworkFacts(declaration: node))
      draft.policy.networks.append(placeholder(for: node))
      report(symbols.declareNetwork(node.name.text, index), against: node.name, "network")
    }
    for (index, list) in table.lists.enumerated() {
      checkName(list.name, mayHoldDot: true)
      draft.lists.append(ListFacts(declaration: list))
      draft.policy.lists.append(AddressList(name: sourced(list.name), addresses: AddressSet()))
      let other = symbols.declareList(list.name.text, index)
      report(other, against: list.name, "list")
      // No line can mean it, and that it is unused would be no news.
      if other != nil { use(list: index, at: list.name.span) }
    }
    for (index, service) in table.services.enumerated() {
      checkName(service.name, mayHoldDot: true)
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
    let statements = draft.networks[network].declaration.statements
    var count = 0
    for case .guest in statements { count += 1 }
    symbols.reserveGuests(count, in: network)
    var index = 0
    for case .guest(let node) in statements {
      checkName(node.name, mayHoldDot: false)
      let reference = GuestReference(network: network, guest: index)
      report(
        symbols.declareGuest(node.name.text, reference), against: node.name, node.kind.rawValue)
      index += 1
    }
  }

  private func placeholder(for node: NetworkDeclaration) -> Network {
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
    case .network(let index): draft.networks[index].declaration.name.span
    case .list(let index): draft.lists[index].declaration.name.span
    case .guest(let guest), .ambiguous(let guest, _): self.guest(guest).name.span
    }
  }

  /// The declaration of a guest.
  ///
  /// - Complexity: O(statements of its network); for messages only.
  func guest(_ reference: GuestReference) -> GuestStatement {
    var index = 0
    for case .guest(let node) in draft.networks[reference.network].declaration.statements {
      if index == reference.guest { return node }
      index += 1
    }
    preconditionFailure("invariant: a reference is made from a declaration")
  }

  func sourced(_ name: Identifier) -> Sourced<String> { Sourced(name.text, at: name.span) }

  /// Judges a declared name: 1...64 letters, digits, `_`, `-` and `.`, since names reach comments
  /// and object names of the kernel's tools; a container's dot must be quoted.
  private mutating func checkName(_ name: Identifier, mayHoldDot: Bool) {
    let bytes = name.text.utf8
    var isPlain = !bytes.isEmpty && bytes.count <= 64 && bytes.first != UInt8(ascii: "-")
    var hasDot = false
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        break
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
  }
}
