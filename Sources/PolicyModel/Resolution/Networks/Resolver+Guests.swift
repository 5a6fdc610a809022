import Diagnostics
import NetworkTypes
import Syntax

extension Resolver {
  mutating func resolveGuest(_ node: GuestStatement, of index: Int) {
    var addresses: [Sourced<IPAddress>] = []
    addresses.reserveCapacity(node.addresses.count)
    for syntax in node.addresses {
      if let address = readAddress(syntax, role: "a \(node.kind.rawValue)") {
        addresses.append(Sourced(address, at: syntax.span))
      } else {
        draft.networks[index].isDamaged = true
      }
    }
    let guest = Guest(
      name: sourced(node.name), addresses: addresses, mac: node.mac.flatMap { readMAC($0) },
      span: node.span)
    draft.policy.networks[index].guests.append(guest)
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
