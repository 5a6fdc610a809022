import Diagnostics
import NetworkTypes
import Syntax

extension Resolver {
  /// Reads an address, prefix or range; says what is wrong, and warns of host bits.
  mutating func readRange(_ syntax: AddressSyntax) -> AddressRange? {
    do throws(AddressProblem) {
      let (range, hasHostBits) = try AddressReader.read(syntax)
      if hasHostBits { log.add(.hostBits(syntax, range)) }
      return range
    } catch {
      log.add(.invalidAddress(syntax, error))
      return nil
    }
  }

  /// Reads exactly one address; `role` says what it is for.
  mutating func readAddress(_ syntax: AddressSyntax, role: String) -> IPAddress? {
    switch syntax.form {
    case .ipv4Address, .ipv6Address: return readRange(syntax)?.first
    case .ipv4Prefix, .ipv6Prefix, .ipv4Range, .ipv6Range:
      log.add(.notOneAddress(syntax, role: role))
      return nil
    case .mac:
      log.add(.invalidAddress(syntax, .hardwareAddress))
      return nil
    }
  }

  /// Reads a prefix with its length.
  mutating func readPrefix(_ syntax: AddressSyntax) -> AddressPrefix? {
    switch syntax.form {
    case .ipv4Prefix, .ipv6Prefix: return readRange(syntax)?.prefix
    case .ipv4Address, .ipv6Address, .ipv4Range, .ipv6Range, .mac:
      log.add(.notPrefix(syntax))
      return nil
    }
  }
}
