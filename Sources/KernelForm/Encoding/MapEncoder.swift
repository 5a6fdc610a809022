import Netfilter
import NetworkTypes

/// Says maps in the kernel's terms.
enum MapEncoder {
  static func encode(_ map: VerdictMap) -> KernelSet {
    let types = map.fields.map(\.valueType)
    var elements = ElementTable(keyLength: types.length)
    let isInterval = map.holdsIntervals
    if isInterval {
      write(map.elements.map { ($0.key.ports ?? .all, $0.origin) }, to: &elements) { index in
        (data: [], verdict: map.elements[index].verdict)
      }
    } else {
      var verdicts: [Verdict] = []
      verdicts.reserveCapacity(map.entryCount)
      for element in map.elements {
        for _ in 0..<element.key.entryCount { verdicts.append(element.verdict) }
      }
      elements.append(map.elements, verdicts: verdicts)
    }
    var result = make(map.name, types, elements, isInterval: isInterval)
    result.dataType = KernelSet.verdictType
    result.describe(data: 0, comment: nil)
    return result
  }

  static func encode(_ map: AddressMap) -> KernelSet {
    let types = map.fields.map(\.valueType)
    let targets = [ValueType(map.family)] + (map.rewritesPort ? [.port] : [])
    var elements = ElementTable(keyLength: types.length, dataLength: targets.length)
    let isInterval = map.holdsIntervals
    if isInterval {
      write(map.elements.map { ($0.key.ports ?? .all, $0.origin) }, to: &elements) { index in
        (data: map.family.bytes(map.elements[index].address.bits), verdict: nil)
      }
    } else {
      elements.append(map.elements) { output in
        AddressMap.Element.writeTargets(of: map.elements.span, to: &output)
      }
    }
    var result = make(map.name, types, elements, isInterval: isInterval)
    result.dataType = targets.number
    result.dataLength = targets.length
    result.describe(data: targets.byteOrder, comment: nil)
    return result
  }

  private static func make(
    _ name: String, _ types: [ValueType], _ elements: ElementTable, isInterval: Bool
  ) -> KernelSet {
    var result = KernelSet(name, isInterval ? [.map, .interval] : .map, types, elements)
    if !isInterval { result.size = fixedMapSize(entries: elements.count) ?? 0 }
    return result
  }

  /// Appends intervals of ports, in ascending order.
  private static func write(
    _ rows: [(ports: PortRange, origin: Origin?)], to elements: inout ElementTable,
    target: (Int) -> (data: [UInt8], verdict: Verdict?)
  ) {
    let order = rows.indices.sorted { rows[$0].ports < rows[$1].ports }
    func end(_ port: UInt16) {
      elements.append(key: bigEndian(port, count: 2), comment: [], endsInterval: true)
    }
    if let first = order.first, rows[first].ports.lower > 0 { end(0) }
    for index in order {
      let (ports, origin) = rows[index]
      var comment = TextBuffer(capacity: nftCommentLimit)
      comment.append(comment: origin, nil)
      let key = bigEndian(ports.lower, count: 2)
      let (data, verdict) = target(index)
      if let verdict {
        elements.append(key: key, verdict: verdict, comment: comment.bytes)
      } else {
        elements.append(key: key, value: data, comment: comment.bytes)
      }
      if ports.upper < .max { end(ports.upper + 1) }
    }
  }
}

/// What elements of maps have in common.
private protocol MapElement {
  var key: ElementKey { get }
  var origin: Origin? { get }
}

extension VerdictMap.Element: MapElement {}
extension AddressMap.Element: MapElement {}

extension ElementTable {
  /// Adds the elements of a map. They are looked at where they are: a copy of each would count its
  /// references.
  fileprivate mutating func append<Element: MapElement>(
    _ elements: [Element], data: ((inout OutputSpan<UInt8>) -> Void)? = nil,
    verdicts: [Verdict] = []
  ) {
    let (count, fileLength) = elements.span.measured
    append(
      count, fileLength: fileLength, keys: { elements.span.writeKeys(to: &$0) }, data: data,
      verdicts: verdicts, comments: { elements.span.writeLines(to: &$0, &$1) })
  }
}

extension Span where Element: MapElement {
  /// The number of exact keys, and the bytes of the longest name of a file.
  fileprivate var measured: (count: Int, fileLength: Int) {
    var (count, length) = (0, 0)
    for index in indices {
      count += self[index].key.entryCount
      if let file = self[index].origin?.file { length = Swift.max(length, file.utf8.count) }
    }
    return (count, length)
  }

  fileprivate func writeKeys(to output: inout OutputSpan<UInt8>) {
    for index in indices { self[index].key.write(to: &output) }
  }

  fileprivate func writeLines(to output: inout OutputSpan<UInt8>, _ lines: inout LineComments) {
    for index in indices {
      lines.write(self[index].origin, times: self[index].key.entryCount, to: &output)
    }
  }
}

extension ElementKey {
  /// Writes the exact keys that this stands for.
  fileprivate func write(to output: inout OutputSpan<UInt8>) {
    let isPadded = count > 1
    for offset in 0..<entryCount {
      for index in indices { write(self[index], to: &output, offset, isPadded) }
    }
  }

  private func write(
    _ value: KeyValue, to output: inout OutputSpan<UInt8>, _ offset: Int, _ isPadded: Bool
  ) {
    switch value {
    case .interface(let name):
      output.append(text: name.text)
      output.append(zeros: 16 - name.text.utf8.count)
    case .address(let address): output.append(addressBytes: address)
    case .transport(let transport):
      output.append(transport.number)
      if isPadded { output.append(zeros: 3) }
    case .ports(let ports):
      output.append(bigEndian: UInt32(ports.lower) + UInt32(offset), count: 2)
      if isPadded { output.append(zeros: 2) }
    }
  }
}

extension AddressMap.Element {
  fileprivate static func writeTargets(
    of elements: borrowing Span<Self>, to output: inout OutputSpan<UInt8>
  ) {
    for index in elements.indices { elements[index].writeTargets(to: &output) }
  }

  /// Writes where each of the keys goes.
  private func writeTargets(to output: inout OutputSpan<UInt8>) {
    for offset in 0..<key.entryCount {
      output.append(addressBytes: address)
      guard let port else { continue }
      output.append(bigEndian: UInt32(port) + UInt32(offset), count: 2)
      output.append(zeros: 2)
    }
  }
}

extension KeyField {
  var valueType: ValueType {
    switch self {
    case .inputInterface, .outputInterface: .interface
    case .sourceAddress(let family), .destinationAddress(let family): ValueType(family)
    case .transport: .transport
    case .destinationPort: .port
    }
  }
}
