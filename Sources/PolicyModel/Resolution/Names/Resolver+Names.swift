import Diagnostics
import Syntax

extension Resolver {
  /// Finds what a name stands for as a peer: first in the network that the line stands in, then
  /// among all; a bare `net.name` names a guest outright. Says so where there is nothing.
  mutating func lookUpPeer(_ name: Identifier, in network: Int?) -> SymbolTable.Symbol? {
    let found = symbols.find(name, in: network)
    switch found {
    case .ambiguous(let first, let second)?:
      log.add(ambiguity(name, first, second))
      return nil
    case .network?, .list?, .guest?: return found
    case nil:
      reportUnknown(name, .name, symbols.peers.keys)
      return nil
    }
  }

  /// Finds the guest that a line needs; says so where the name is none or something else.
  mutating func lookUpGuest(
    _ name: Identifier, in network: Int?, for purpose: String
  ) -> GuestReference? {
    let found = symbols.find(name, in: network)
    switch found {
    case .guest(let guest)?: return guest
    case .ambiguous(let first, let second)?: log.add(ambiguity(name, first, second))
    case .network?, .list?:
      if let found {
        log.add(
          .wrongKind(
            name, is: noun(of: found), needs: "\(purpose) needs one container",
            declared: declarationSpan(of: found)))
      }
    case nil: reportUnknown(name, .container, guestNames)
    }
    return nil
  }

  private func ambiguity(
    _ name: Identifier, _ first: GuestReference, _ second: GuestReference
  ) -> Diagnostic {
    let names = [first, second].map { draft.networks[$0.network].name.text }
    return .ambiguousName(
      name, networks: names, spans: [guest(first).name.span, guest(second).name.span])
  }

  private var guestNames: [String] {
    symbols.peers.compactMap { name, symbol in
      switch symbol {
      case .guest, .ambiguous: name
      case .network, .list: nil
      }
    }
  }

  /// Reports a name that nothing declares, with the nearest of `names`.
  mutating func reportUnknown(
    _ name: Identifier, _ sought: SoughtName, _ names: some Collection<String>
  ) {
    // Its declaration has a mistake of its own, which has been told.
    if unreadWords.contains(name.text) { return }
    var suggestion = NameSuggestion(for: name.text)
    if suggestionBudget >= names.count {
      suggestionBudget -= names.count
      for candidate in names { suggestion.consider(candidate) }
      for candidate in dottedNames(like: name) { suggestion.consider(candidate) }
    }
    let declared = suggestion.best.flatMap {
      declaredSpan(of: Identifier($0, at: name.span), sought)
    }
    log.add(.unknownName(name, sought, suggestion: suggestion.best, declared: declared))
  }

  /// The names of the form `net.name` that have one half of a bare dotted name.
  private func dottedNames(like name: Identifier) -> [String] {
    guard !name.isQuoted, let dot = name.text.firstIndex(of: ".") else { return [] }
    let member = String(name.text[name.text.index(after: dot)...])
    if case .network(let index)? = symbols.peers[String(name.text[..<dot])] {
      return draft.networks[index].guestPlaces.indices.map {
        "\(name.text[..<dot]).\(draft.networks[index].guest($0).name.text)"
      }
    }
    return draft.networks.map { "\($0.name.text).\(member)" }.filter {
      symbols.find(Identifier($0, at: name.span), in: nil) != nil
    }
  }

  private func declaredSpan(of name: Identifier, _ sought: SoughtName) -> SourceSpan? {
    switch sought {
    case .name, .container: symbols.find(name, in: nil).map { declarationSpan(of: $0) }
    case .service: symbols.services[name.text].map { draft.services[$0].declaration.name.span }
    case .icmpType, .mode, .servedService: nil
    }
  }
}

/// What kind of name a place needs, as messages call it.
enum SoughtName: String {
  case name
  case container
  case service
  case icmpType = "ICMP type"
  case mode
  case servedService = "service to serve"
}
