import Netfilter
import NetworkTypes

extension NftWriter {
  mutating func writeSet(_ set: NamedSet) {
    writeBlock("set", set.name) { writer in
      switch set.content {
      case .addresses(let family, let ranges): writer.writeAddresses(family, ranges)
      case .interfaces(let names): writer.writeInterfaces(names)
      case .flows(let key, let timeout): writer.writeFlows(key, timeout: timeout)
      case .learnedInterfaces(let timeout):
        writer.writeDynamic("type ifname", timeout: UInt64(timeout))
      case .meter(let family):
        writer.writeDynamic(
          "type " + family.nftType, timeout: writer.refillSeconds[set.name])
      }
      guard set.origin != nil else { return }
      writer.text.append("\t\t")
      writer.writeComment(set.origin)
      writer.text.append(UInt8(ascii: "\n"))
    }
  }

  private mutating func writeAddresses(_ family: AddressFamily, _ ranges: [AddressRange]) {
    writeLine("type " + family.nftType)
    if ranges.contains(where: { $0.lowerBits != $0.upperBits }) { writeLine("flags interval") }
    writeWrapped(ranges) { text, range in text.append(range) }
  }

  private mutating func writeInterfaces(_ names: [InterfaceName]) {
    writeLine("type ifname")
    writeWrapped(names) { text, name in text.append("\"\(name)\"") }
  }

  private mutating func writeFlows(_ key: FlowKey, timeout: Int) {
    switch key {
    case .ports(let family, _):
      let address = family.nftType
      writeDynamic(
        "type \(address) . inet_service . \(address) . inet_service", timeout: UInt64(timeout))
    case .echo(let family):
      let address = family.nftType
      writeDynamic("type \(address) . \(address)", timeout: UInt64(timeout))
    case .addresses(let family):
      let address = family.nftType
      writeDynamic("type \(address) . inet_proto . \(address)", timeout: UInt64(timeout))
    }
  }

  private mutating func writeDynamic(_ type: String, timeout: UInt64?) {
    writeLine(type)
    writeLine("size \(dynamicSetSize)")
    guard let timeout else {
      writeLine("flags dynamic")
      return
    }
    writeLine("flags dynamic,timeout")
    writeLine("timeout " + Self.duration(timeout))
  }

  /// So many seconds; whole days apart where nft would have too many digits of one unit (eight is
  /// the most: `time_parse` of its datatype.c).
  private static func duration(_ seconds: UInt64) -> String {
    guard seconds > 99_999_999 else { return "\(seconds)s" }
    let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
    return "\(days)d\(rest)s"
  }

  private mutating func writeWrapped<Element>(
    _ elements: [Element], _ write: (inout TextBuffer, Element) -> Void
  ) {
    guard !elements.isEmpty else { return }
    text.append("\t\telements = {")
    var lineStart = text.count
    for element in elements {
      if text.count - lineStart > 80 {
        text.append("\n\t\t\t")
        lineStart = text.count
      } else {
        text.append(UInt8(ascii: " "))
      }
      write(&text, element)
      text.append(UInt8(ascii: ","))
    }
    text.removeLast(1)
    text.append(" }\n")
  }
}

extension AddressFamily {
  /// nft's name of the type of such addresses.
  var nftType: String {
    switch self {
    case .ipv4: "ipv4_addr"
    case .ipv6: "ipv6_addr"
    }
  }
}
