import NetworkTypes

/// nft's name of an ICMP or ICMPv6 type (RFC 792, RFC 4443, RFC 4861); `nil` where the number is
/// the common subset of its versions.
func icmpTypeName(_ family: AddressFamily, _ type: UInt8) -> String? {
  switch family {
  case .ipv4: icmpTypeName(type)
  case .ipv6: icmpv6TypeName(type)
  }
}

private func icmpTypeName(_ type: UInt8) -> String? {
  switch type {
  case 0: "echo-reply"
  case 3: "destination-unreachable"
  case 5: "redirect"
  case 8: "echo-request"
  case 11: "time-exceeded"
  case 12: "parameter-problem"
  default: nil
  }
}

private func icmpv6TypeName(_ type: UInt8) -> String? {
  switch type {
  case 1: "destination-unreachable"
  case 2: "packet-too-big"
  case 3: "time-exceeded"
  case 4: "parameter-problem"
  case 128: "echo-request"
  case 129: "echo-reply"
  case 133: "nd-router-solicit"
  case 134: "nd-router-advert"
  case 135: "nd-neighbor-solicit"
  case 136: "nd-neighbor-advert"
  default: nil
  }
}
