import Netfilter
import NetworkTypes

/// Writes the elements of one map, each on one line, or on one line a port where the map cannot
/// hold the key's range.
///
/// There may be a hundred thousand, so what many of them share is made once.
struct ElementRows {
  private let isInterval: Bool
  /// The protocol of the last element, and its name.
  private var transport = TransportProtocol.tcp
  private var transportName = ShortText(nftName(.tcp))
  /// The file of the last element, and what a comment that names it begins with.
  private var file = ""
  private var commentStart = Array("comment \"".utf8)

  init(isInterval: Bool) { self.isInterval = isInterval }

  /// The most bytes of one component of a key and its separator: an IPv6 address is the longest.
  private static var componentLimit: Int { 39 + 3 }
  /// The most bytes of a row but for its key and what that maps to.
  private let rest = 16 + nftCommentLimit + 11

  /// - Parameters:
  ///   - target: the most bytes that `value` writes.
  ///   - value: writes what the key maps to, for the port that is so far from the first.
  @inline(__always)
  mutating func write(
    _ key: ElementKey, _ origin: Origin?, to text: inout TextBuffer, target: Int,
    _ value: (inout OutputSpan<UInt8>, UInt64) -> Void
  ) {
    remember(key, origin)
    let capacity = rest + Self.room(for: key) + target
    let count = isInterval ? 1 : UInt64(key.entryCount)
    // What is written is held in values of its own: a reference would be counted for each use.
    let (isInterval, name, start) = (isInterval, transportName, commentStart)
    let line = origin?.line
    for offset in 0..<count {
      text.append(atMost: capacity) { output in
        Self.write(key, name, isInterval: isInterval, to: &output, offset)
        output.append(UInt8(ascii: " "))
        if let line {
          output.append(start)
          output.append(UInt8(ascii: ":"))
          output.append(decimal: UInt64(line))
          output.append(UInt8(ascii: "\""))
          output.append(UInt8(ascii: " "))
        }
        output.append(UInt8(ascii: ":"))
        output.append(UInt8(ascii: " "))
        value(&output, offset)
        output.append(UInt8(ascii: ","))
        output.append(UInt8(ascii: "\n"))
      }
    }
  }

  /// The same for a key that leads to an IPv4 address and a port; `false` where it is not plain.
  ///
  /// Nearly all rows are such. Nothing is called between their bytes, so that the place of the next one
  /// stays in a register.
  @inline(__always)
  mutating func writePlain(
    _ key: ElementKey, _ origin: Origin?, to text: inout TextBuffer, _ address: IPv4Address,
    _ port: UInt16
  ) -> Bool {
    guard !isInterval, case (nil, _, let ports)? = key.published, let line = origin?.line else {
      return false
    }
    remember(key, origin)
    let (name, start, capacity) = (transportName, commentStart, rest + 3 * Self.componentLimit)
    for offset in 0...UInt32(ports.upper - ports.lower) {
      text.append(atMost: capacity) { output in
        for _ in 0..<3 { output.append(UInt8(ascii: "\t")) }
        name.write(to: &output)
        output.appendSeparator()
        output.append(small: UInt32(ports.lower) + offset)
        output.append(UInt8(ascii: " "))
        output.append(start)
        output.append(UInt8(ascii: ":"))
        output.append(decimal: line)
        output.append(UInt8(ascii: "\""))
        output.append(UInt8(ascii: " "))
        output.append(UInt8(ascii: ":"))
        output.append(UInt8(ascii: " "))
        output.append(quad: address.bits)
        output.appendSeparator()
        output.append(small: UInt32(port) + offset)
        output.append(UInt8(ascii: ","))
        output.append(UInt8(ascii: "\n"))
      }
    }
    return true
  }

  /// The key alone, on lines of its own.
  mutating func writeKey(_ key: ElementKey, to text: inout TextBuffer) {
    remember(key, nil)
    let count = isInterval ? 1 : UInt64(key.entryCount)
    for offset in 0..<count {
      text.append(atMost: rest + Self.room(for: key)) { output in
        Self.write(key, transportName, isInterval: isInterval, to: &output, offset)
        output.append(UInt8(ascii: ","))
        output.append(UInt8(ascii: "\n"))
      }
    }
  }

  /// Makes the texts that the next row needs, unless the last one needed the same.
  @inline(__always)
  private mutating func remember(_ key: ElementKey, _ origin: Origin?) {
    if let wanted = key.transport, wanted.number != transport.number {
      transport = wanted
      transportName = ShortText(nftName(wanted))
    }
    if let name = origin?.file, name != file { remember(file: name) }
  }

  private mutating func remember(file name: String) {
    var start = TextBuffer(capacity: name.utf8.count + 9)
    start.append("comment \"")
    start.append(fileOfLine: name, limit: nftCommentLimit)
    file = name
    commentStart = start.bytes
  }

  /// The most bytes that the key takes.
  @inline(__always)
  private static func room(for key: ElementKey) -> Int {
    (key.published == nil ? key.count : 3) * componentLimit
  }

  @inline(__always)
  private static func write(
    _ key: ElementKey, _ name: ShortText, isInterval: Bool, to output: inout OutputSpan<UInt8>,
    _ offset: UInt64
  ) {
    for _ in 0..<3 { output.append(UInt8(ascii: "\t")) }
    // As a collection, a key of another target takes calls of calls.
    if let (address, _, ports) = key.published, !isInterval {
      if let address {
        output.append(inlined: address)
        output.appendSeparator()
      }
      name.write(to: &output)
      output.appendSeparator()
      output.append(decimal: UInt64(ports.lower) + offset)
      return
    }
    for index in key.indices {
      if index > 0 { output.appendSeparator() }
      write(key[index], name, isInterval: isInterval, to: &output, offset)
    }
  }

  @inline(__always)
  private static func write(
    _ value: KeyValue, _ name: ShortText, isInterval: Bool, to output: inout OutputSpan<UInt8>,
    _ offset: UInt64
  ) {
    switch value {
    case .interface(let name):
      output.append(UInt8(ascii: "\""))
      output.append(text: name.text)
      output.append(UInt8(ascii: "\""))
    case .address(let address): output.append(inlined: address)
    case .transport: name.write(to: &output)
    case .ports(let ports):
      if isInterval {
        output.append(ports: ports)
      } else {
        output.append(decimal: UInt64(ports.lower) + offset)
      }
    }
  }
}

/// Up to sixteen bytes of text, without a reference.
private struct ShortText {
  private var bytes: UInt128 = 0

  init(_ text: String) {
    precondition(text.utf8.count <= 16, "names of protocols are shorter")
    for byte in text.utf8.reversed() { bytes = bytes << 8 | UInt128(byte) }
  }

  @inline(__always)
  func write(to output: inout OutputSpan<UInt8>) {
    var rest = bytes
    while rest > 0 {
      output.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }
}

extension OutputSpan where Element == UInt8 {
  /// Appends an address, of which nearly all are IPv4: 39 bytes at most.
  @inline(__always)
  mutating func append(inlined address: IPAddress) {
    switch address {
    case .ipv4(let address): append(quad: address.bits)
    case .ipv6: append(address: address)
    }
  }

  /// What stands between the components of a key or target; byte by byte, because a string costs
  /// more than what it says here.
  @inline(__always)
  mutating func appendSeparator() {
    append(UInt8(ascii: " "))
    append(UInt8(ascii: "."))
    append(UInt8(ascii: " "))
  }
}
