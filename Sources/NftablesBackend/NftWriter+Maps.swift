import Netfilter
import NetworkTypes

extension NftWriter {
  mutating func writeMap(_ map: VerdictMap) {
    writeMap(
      map.name, "\(keyType(map.fields)) : verdict", isInterval: map.holdsIntervals,
      entries: map.entryCount
    ) { $0.writeElements(of: map, .add) }
  }

  mutating func writeMap(_ map: AddressMap) {
    let target = map.family.nftType + (map.rewritesPort ? " . inet_service" : "")
    writeMap(
      map.name, "\(keyType(map.fields)) : \(target)", isInterval: map.holdsIntervals,
      entries: map.entryCount
    ) { $0.writeElements(of: map, .add) }
  }

  /// The elements of a map, each on a line of its own; to delete them, their keys.
  mutating func writeElements(of map: VerdictMap, _ verb: ElementVerb) {
    var rows = ElementRows(isInterval: map.holdsIntervals)
    for element in map.elements {
      guard verb == .add else {
        rows.writeKey(element.key, to: &text)
        continue
      }
      let target = element.verdict.nftText
      rows.write(element.key, element.origin, to: &text, target: target.utf8.count) { output, _ in
        output.append(text: target)
      }
    }
  }

  /// The elements of a map, each on a line of its own; to delete them, their keys.
  mutating func writeElements(of map: AddressMap, _ verb: ElementVerb) {
    var rows = ElementRows(isInterval: map.holdsIntervals)
    let elements = map.elements.span
    for index in elements.indices {
      guard verb == .add else {
        rows.writeKey(elements[index].key, to: &text)
        continue
      }
      let address = elements[index].address
      let port = elements[index].port
      if case .ipv4(let quad) = address, let port,
        rows.writePlain(elements[index].key, elements[index].origin, to: &text, quad, port)
      {
        continue
      }
      rows.write(
        elements[index].key, elements[index].origin, to: &text, target: 39 + 3 + 5
      ) { output, offset in
        output.append(inlined: address)
        guard let port else { return }
        output.appendSeparator()
        output.append(decimal: UInt64(port) + offset)
      }
    }
  }

  private mutating func writeMap(
    _ name: String, _ type: String, isInterval: Bool, entries: Int,
    elements: (inout NftWriter) -> Void
  ) {
    writeBlock("map", name) { writer in
      writer.writeLine("type " + type)
      if isInterval {
        writer.writeLine("flags interval")
      } else if let size = fixedMapSize(entries: entries) {
        writer.writeLine("size \(size)")
      }
      guard entries > 0, !writer.hollow.contains(NftMapName(writer.family, name)) else { return }
      writer.text.append("\t\telements = {\n")
      elements(&writer)
      writer.text.append("\t\t}\n")
    }
  }

  private func keyType(_ fields: [KeyField]) -> String {
    fields.map { field in
      switch field {
      case .inputInterface, .outputInterface: "ifname"
      case .sourceAddress(let family), .destinationAddress(let family): family.nftType
      case .transport: "inet_proto"
      case .destinationPort: "inet_service"
      }
    }.joined(separator: " . ")
  }

  /// The key of a lookup as an expression; ports are those of `transport` where it is known.
  mutating func writeKey(_ fields: [KeyField], transport: TransportProtocol?) {
    for index in fields.indices {
      if index > 0 { text.append(" . ") }
      switch fields[index] {
      case .inputInterface: text.append("iifname")
      case .outputInterface: text.append("oifname")
      case .sourceAddress(let family): text.append(family == .ipv4 ? "ip saddr" : "ip6 saddr")
      case .destinationAddress(let family):
        text.append(family == .ipv4 ? "ip daddr" : "ip6 daddr")
      case .transport: text.append("meta l4proto")
      case .destinationPort:
        text.append(portHeader(transport))
        text.append(" dport")
      }
    }
  }
}
