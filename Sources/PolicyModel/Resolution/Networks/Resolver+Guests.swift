import Diagnostics
import NetworkTypes
import Syntax

extension Resolver {
  mutating func resolveGuests(of index: Int) {
    let statements = draft.networks[index].statements
    let places = draft.networks[index].guestPlaces
    var guests: [Guest] = []
    var families: [FamilySet] = []
    guests.reserveCapacity(places.count)
    families.reserveCapacity(places.count)
    for place in places {
      guard case .guest(let node) = statements[place] else { continue }
      guests.append(resolveGuest(node, of: index))
      families.append(FamilySet(guests[guests.count - 1]))
    }
    draft.policy.networks[index].guests = guests
    draft.networks[index].guestFamilies = families
  }

  private mutating func resolveGuest(_ node: GuestStatement, of index: Int) -> Guest {
    var addresses: [Sourced<IPAddress>] = []
    addresses.reserveCapacity(node.addresses.count)
    for syntax in node.addresses {
      if let address = readAddress(syntax, role: "a guest's address") {
        addresses.append(Sourced(address, at: syntax.span))
      } else {
        draft.networks[index].isDamaged = true
      }
    }
    return Guest(
      name: sourced(node.name), addresses: addresses, mac: node.mac.flatMap { readMAC($0) },
      span: node.span)
  }

  private mutating func readMAC(_ syntax: AddressSyntax) -> Sourced<MACAddress>? {
    do throws(AddressProblem) {
      return Sourced(try AddressReader.mac(syntax), at: syntax.span)
    } catch {
      log.add(.invalidAddress(syntax, error))
      return nil
    }
  }
}
