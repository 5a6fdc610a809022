import Netfilter
import NetworkTypes

/// Says named sets in the kernel's terms.
struct SetEncoder {
  /// Per meter of a rate, the seconds after which a source is forgotten.
  let refillSeconds: [String: UInt64]

  func encode(_ set: NamedSet) -> KernelSet {
    var result: KernelSet =
      switch set.content {
      case .addresses(let family, let ranges): addresses(set.name, family, ranges)
      case .interfaces(let names): interfaces(set.name, names)
      case .flows(let key, let timeout):
        dynamic(
          set.name, key.components(swapped: false).map(\.type), seconds: UInt64(timeout))
      case .learnedInterfaces(let timeout):
        dynamic(set.name, [.interface], seconds: UInt64(timeout))
      case .meter(let family):
        dynamic(set.name, [ValueType(family)], seconds: refillSeconds[set.name])
      }
    result.describe(data: nil, comment: set.origin)
    return result
  }

  private func addresses(
    _ name: String, _ family: AddressFamily, _ ranges: [AddressRange]
  ) -> KernelSet {
    let isInterval = ranges.contains { $0.lowerBits != $0.upperBits }
    let elements = ElementTable(
      ranges: ranges.map { ($0.lowerBits, $0.upperBits) }, length: family.byteCount,
      isInterval: isInterval)
    return KernelSet(name, isInterval ? .interval : [], [ValueType(family)], elements)
  }

  private func interfaces(_ name: String, _ names: [InterfaceName]) -> KernelSet {
    var elements = ElementTable(keyLength: ValueType.interface.length)
    for interface in names { elements.append(key: padded(interface), comment: []) }
    return KernelSet(name, [], [.interface], elements)
  }

  private func dynamic(_ name: String, _ types: [ValueType], seconds: UInt64?) -> KernelSet {
    let flags: SetFlags = seconds == nil ? .dynamic : [.dynamic, .timeout]
    var result = KernelSet(name, flags, types, ElementTable(keyLength: types.length))
    result.size = dynamicSetSize
    result.timeout = (seconds ?? 0) * 1000
    return result
  }
}

extension KernelSet {
  init(_ name: String, _ flags: SetFlags, _ types: [ValueType], _ elements: ElementTable) {
    self.init(name, flags, keyType: types.number, keyLength: types.length, elements: elements)
  }

  /// Notes the byte orders of the key and, in maps, of the data, and where the set comes from.
  mutating func describe(data: UInt32?, comment origin: Origin?) {
    self.origin = origin
    var text = TextBuffer(capacity: nftCommentLimit)
    text.append(comment: origin, nil)
    let order = [ValueType](number: keyType)?.byteOrder ?? 0
    userdata = SetUserdata.make(key: order, data: data, comment: text.bytes)
  }
}
