import Netfilter
import NetworkTypes

extension NftWriter {
  mutating func writeMap(_ map: VerdictMap) {
    let isInterval = map.fields == [.destinationPort] && map.elements.contains { $0.hasPortRange }
    writeBlock("map", map.name) { writer in
      writer.writeLine("type \(writer.keyType(map.fields)) : verdict")
      writer.writeMapHeader(isInterval: isInterval, map.elements.reduce(0) { $0 + $1.entryCount })
      guard !map.elements.isEmpty else { return }
      writer.text.append("\t\telements = {\n")
      for element in map.elements {
        writer.writeEntries(element.key, isInterval: isInterval, element.origin) { writer, _ in
          writer.writeVerdict(element.verdict)
        }
      }
      writer.text.append("\t\t}\n")
    }
  }

  mutating func writeMap(_ map: AddressMap) {
    let isInterval = !map.rewritesPort && map.elements.contains { $0.hasPortRange }
    writeBlock("map", map.name) { writer in
      let target = map.family.nftType + (map.rewritesPort ? " . inet_service" : "")
      writer.writeLine("type \(writer.keyType(map.fields)) : \(target)")
      writer.writeMapHeader(isInterval: isInterval, map.elements.reduce(0) { $0 + $1.entryCount })
      guard !map.elements.isEmpty else { return }
      writer.text.append("\t\telements = {\n")
      for element in map.elements {
        writer.writeEntries(element.key, isInterval: isInterval, element.origin) { writer, offset in
          writer.text.append(element.address)
          guard map.rewritesPort, let port = element.port else { return }
          writer.text.append(" . ")
          writer.text.append(decimal: UInt64(port) + offset)
        }
      }
      writer.text.append("\t\t}\n")
    }
  }

  /// Large maps of exact keys get a fixed size: the kernel then fills them in a third of the time,
  /// because its hash table need not grow (`nft_hash` in the place of `nft_rhash`).
  private mutating func writeMapHeader(isInterval: Bool, _ entries: Int) {
    if isInterval {
      writeLine("flags interval")
    } else if entries >= 1024 {
      var size = 1024
      while size < 2 * entries { size *= 2 }
      writeLine("size \(size)")
    }
  }

  /// One line for the key, or one line a port where the map cannot hold the key's range.
  ///
  /// - Parameter value: writes what the key maps to, for the port that is so far from the first.
  private mutating func writeEntries(
    _ key: [KeyValue], isInterval: Bool, _ origin: Origin?,
    value: (inout NftWriter, UInt64) -> Void
  ) {
    let count = isInterval ? 1 : UInt64(key.entryCount)
    for offset in 0..<count {
      text.append("\t\t\t")
      for index in key.indices {
        if index > 0 { text.append(" . ") }
        writeKeyValue(key[index], isInterval: isInterval, offset: offset)
      }
      text.append(UInt8(ascii: " "))
      if origin != nil {
        writeComment(origin)
        text.append(UInt8(ascii: " "))
      }
      text.append(": ")
      value(&self, offset)
      text.append(",\n")
    }
  }

  private mutating func writeKeyValue(_ value: KeyValue, isInterval: Bool, offset: UInt64) {
    switch value {
    case .interface(let name):
      text.append(UInt8(ascii: "\""))
      text.append(name.text)
      text.append(UInt8(ascii: "\""))
    case .address(let address): text.append(address)
    case .transport(let transport): writeTransport(transport)
    case .ports(let ports):
      if isInterval {
        text.append(ports)
      } else {
        text.append(decimal: UInt64(ports.lower) + offset)
      }
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

extension [KeyValue] {
  fileprivate var hasPortRange: Bool { entryCount > 1 }

  /// The number of exact keys that this stands for.
  fileprivate var entryCount: Int {
    for case .ports(let ports) in self { return ports.count }
    return 1
  }
}

extension VerdictMap.Element {
  fileprivate var hasPortRange: Bool { key.hasPortRange }
  fileprivate var entryCount: Int { key.entryCount }
}

extension AddressMap.Element {
  fileprivate var hasPortRange: Bool { key.hasPortRange }
  fileprivate var entryCount: Int { key.entryCount }
}
