import Diagnostics
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
      let rows = map.elements
      elements.append(
        verdicts.count, fileLength: rows.span.fileLength,
        keys: { rows.span.writeKeys(to: &$0) }, verdicts: verdicts,
        comments: { rows.span.writeLines(&$0, to: &$1) })
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
      let rows = map.elements
      let (count, fileLength) = rows.span.extent
      elements.append(
        count, fileLength: fileLength,
        keys: { rows.span.writeKeys(to: &$0) }, data: { rows.span.writeTargets(count, to: &$0) },
        comments: { rows.span.writeLines(count, &$0, to: &$1) })
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

// Both kinds of elements are looked at where they are. What is generic, or gets a copy of them, counts
// the references of each, which takes longer than all the rest.

extension Span<AddressMap.Element> {
  /// The number of exact keys, and the bytes of the longest name of a file.
  fileprivate var extent: (entryCount: Int, fileLength: Int) {
    var (count, length, file) = (0, 0, UInt32?.none)
    for index in indices {
      count += self[index].key.entryCount
      guard let span = self[index].origin?.span, span.file != file || span == .nowhere else {
        continue
      }
      file = span.file
      length = Swift.max(length, nameLength(index))
    }
    return (count, length)
  }

  // Apart from the loop, as below.
  @inline(never)
  private func nameLength(_ index: Int) -> Int { self[index].origin?.file.utf8.count ?? 0 }

  fileprivate func writeKeys(to output: inout OutputSpan<UInt8>) {
    for index in indices { self[index].key.write(to: &output) }
  }

  /// Writes where each of the keys goes.
  fileprivate func writeTargets(_ count: Int, to output: inout OutputSpan<UInt8>) {
    for index in indices {
      let (address, port) = (self[index].address, self[index].port)
      for offset in 0..<entries(of: index, count) {
        output.append(addressBytes: address)
        guard let port else { continue }
        output.append(bigEndian: (UInt32(port) + UInt32(offset)) << 16)
      }
    }
  }

  fileprivate func writeLines(
    _ count: Int, _ lines: inout LineComments, to output: inout OutputSpan<UInt8>
  ) {
    for index in indices {
      if !lines.isOfFile(self[index].origin?.span) { remember(index, in: &lines) }
      let line = self[index].origin?.line ?? 0
      lines.write(line, times: entries(of: index, count), to: &output)
    }
  }

  /// The number of exact keys of the element at `index`, of `count` in all: where there are as many as
  /// elements, each has one.
  private func entries(of index: Int, _ count: Int) -> Int {
    count == self.count ? 1 : self[index].key.entryCount
  }

  // Apart from the loop, which then copies no origin.
  @inline(never)
  private func remember(_ index: Int, in lines: inout LineComments) {
    if let origin = self[index].origin { lines.remember(origin) }
  }
}

extension Span<VerdictMap.Element> {
  /// The bytes of the longest name of a file.
  fileprivate var fileLength: Int {
    var (length, file) = (0, UInt32?.none)
    for index in indices {
      guard let span = self[index].origin?.span, span.file != file || span == .nowhere else {
        continue
      }
      file = span.file
      length = Swift.max(length, nameLength(index))
    }
    return length
  }

  // Apart from the loop, as below.
  @inline(never)
  private func nameLength(_ index: Int) -> Int { self[index].origin?.file.utf8.count ?? 0 }

  fileprivate func writeKeys(to output: inout OutputSpan<UInt8>) {
    for index in indices { self[index].key.write(to: &output) }
  }

  fileprivate func writeLines(_ lines: inout LineComments, to output: inout OutputSpan<UInt8>) {
    for index in indices {
      if !lines.isOfFile(self[index].origin?.span) { remember(index, in: &lines) }
      let line = self[index].origin?.line ?? 0
      lines.write(line, times: self[index].key.entryCount, to: &output)
    }
  }

  // Apart from the loop, which then copies no origin.
  @inline(never)
  private func remember(_ index: Int, in lines: inout LineComments) {
    if let origin = self[index].origin { lines.remember(origin) }
  }
}

extension ElementKey {
  /// Writes the exact keys that this stands for.
  fileprivate func write(to output: inout OutputSpan<UInt8>) {
    if let (address, transport, ports) = published {
      for port in ports.lower...ports.upper {
        if let address { output.append(addressBytes: address) }
        // Padded with zeros to four bytes each.
        output.append(bigEndian: UInt32(transport.number) << 24)
        output.append(bigEndian: UInt32(port) << 16)
      }
      return
    }
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
