import Diagnostics
import Syntax

/// The names of a policy, and what each stands for.
///
/// Networks, lists and guests share one name space, since any of them can be a peer; guests of
/// different networks may share a name. Services have a name space of their own.
struct SymbolTable {
  /// What a name stands for where no network is given.
  enum Symbol {
    case network(Int)
    case list(Int)
    case guest(GuestReference)
    /// Guests of two networks or more; the first two stand for all.
    case ambiguous(GuestReference, GuestReference)
  }

  private(set) var peers: [String: Symbol] = [:]
  private(set) var services: [String: Int] = [:]
  /// For each network, its guests by name.
  private var guests: [NameIndex] = []

  /// Declares a network; returns what already had the name.
  mutating func declareNetwork(_ name: String, _ index: Int) -> Symbol? {
    guests.append(NameIndex())
    return declare(name, .network(index))
  }

  mutating func declareList(_ name: String, _ index: Int) -> Symbol? {
    declare(name, .list(index))
  }

  /// Declares a service; returns the index of the one that already had the name.
  mutating func declareService(_ name: String, _ index: Int) -> Int? {
    if let other = services[name] { return other }
    services[name] = index
    return nil
  }

  /// Makes room for so many names in all.
  mutating func reserve(peers count: Int) { peers.reserveCapacity(count) }

  mutating func reserveGuests(_ count: Int, in network: Int) {
    guests[network].reserve(count)
  }

  /// Declares a guest; returns a network, list or sibling that already had the name.
  mutating func declareGuest(_ name: String, _ guest: GuestReference) -> Symbol? {
    if let sibling = guests[guest.network].add(name, guest.guest) {
      return .guest(GuestReference(network: guest.network, guest: sibling))
    }
    guard let other = peers.updateValue(.guest(guest), forKey: name) else { return nil }
    switch other {
    case .network, .list:
      peers[name] = other
      return other
    case .guest(let first), .ambiguous(let first, _):
      peers[name] = .ambiguous(first, guest)
      return nil
    }
  }

  /// What a name stands for: first in `network`, then among all; a bare `net.name` is the name of a
  /// guest.
  func find(_ name: Identifier, in network: Int?) -> Symbol? {
    if let network, let index = guests[network].find(name.text) {
      return .guest(GuestReference(network: network, guest: index))
    }
    if let found = peers[name.text] { return found }
    return name.isQuoted ? nil : findDotted(name.text)
  }

  /// The guest of `network` that has the name, for lines that each name one, mostly one after the
  /// other; `nil` where there is none, or the name may stand for something else.
  mutating func findNext(_ name: ShortName, in network: Int) -> GuestReference? {
    guests[network].findNext(name).map { GuestReference(network: network, guest: $0) }
  }

  private func findDotted(_ text: String) -> Symbol? {
    var start = text.startIndex
    while let dot = text[start...].firstIndex(of: ".") {
      let rest = text[text.index(after: dot)...]
      if case .network(let index)? = peers[String(text[..<dot])],
        let guest = guests[index].find(String(rest))
      {
        return .guest(GuestReference(network: index, guest: guest))
      }
      start = rest.startIndex
    }
    return nil
  }

  private mutating func declare(_ name: String, _ symbol: Symbol) -> Symbol? {
    if let other = peers[name] { return other }
    peers[name] = symbol
    return nil
  }
}

/// A guest by the index of its network and its own there.
struct GuestReference: Hashable {
  let network: Int
  let guest: Int
}
