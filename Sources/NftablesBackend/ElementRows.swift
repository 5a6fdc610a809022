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
  private var transportName: [UInt8]
  /// The file of the last element, and what a comment that names it begins with.
  private var file = ""
  private var commentStart: [UInt8] = []
  /// Whether the name of the file leaves room for any line's number.
  private var isFileShort = false

  init(isInterval: Bool) {
    self.isInterval = isInterval
    transportName = Array(nftName(.tcp).utf8)
  }

  /// The most bytes of one component of a key and its separator: an IPv6 address is the longest.
  private static let componentLimit = 39 + 3
  private static let commentLimit = nftCommentLimit + 11
  /// The longest line number has ten digits, and a colon stands before it.
  private static let lineLimit = 11

  /// - Parameters:
  ///   - target: the most bytes that `value` writes.
  ///   - value: writes what the key maps to, for the port that is so far from the first.
  @inline(__always)
  mutating func write(
    _ key: ElementKey, _ origin: Origin?, to text: inout TextBuffer, target: Int,
    _ value: (inout OutputSpan<UInt8>, UInt64) -> Void
  ) {
    remember(key, origin)
    let capacity = 16 + key.count * Self.componentLimit + Self.commentLimit + target
    let count = isInterval ? 1 : UInt64(key.entryCount)
    for offset in 0..<count {
      text.append(atMost: capacity) { output in
        for _ in 0..<3 { output.append(UInt8(ascii: "\t")) }
        for index in key.indices {
          if index > 0 { output.appendSeparator() }
          write(key[index], to: &output, offset)
        }
        output.append(UInt8(ascii: " "))
        if let origin { write(origin, to: &output) }
        output.append(UInt8(ascii: ":"))
        output.append(UInt8(ascii: " "))
        value(&output, offset)
        output.append(UInt8(ascii: ","))
        output.append(UInt8(ascii: "\n"))
      }
    }
  }

  /// Makes the texts that the next row needs, unless the last one needed the same.
  @inline(__always)
  private mutating func remember(_ key: ElementKey, _ origin: Origin?) {
    if let wanted = key.transport, wanted != transport {
      transport = wanted
      transportName = Array(nftName(wanted).utf8)
    }
    if let origin, origin.file != file { remember(file: origin.file) }
  }

  private mutating func remember(file name: String) {
    var start = TextBuffer(capacity: name.utf8.count + 9)
    start.append("comment \"")
    start.append(quotable: name, limit: nftCommentLimit)
    file = name
    commentStart = start.bytes
    isFileShort = name.utf8.count + Self.lineLimit <= nftCommentLimit
  }

  @inline(__always)
  private func write(_ origin: Origin, to output: inout OutputSpan<UInt8>) {
    if isFileShort {
      output.append(commentStart)
      output.append(UInt8(ascii: ":"))
      output.append(decimal: UInt64(origin.line))
    } else {
      output.append(text: "comment \"")
      output.append(quotable: origin, limit: nftCommentLimit)
    }
    output.append(UInt8(ascii: "\""))
    output.append(UInt8(ascii: " "))
  }

  @inline(__always)
  private func write(
    _ value: KeyValue, to output: inout OutputSpan<UInt8>, _ offset: UInt64
  ) {
    switch value {
    case .interface(let name):
      output.append(UInt8(ascii: "\""))
      output.append(text: name.text)
      output.append(UInt8(ascii: "\""))
    case .address(let address): output.append(inlined: address)
    case .transport: output.append(transportName)
    case .ports(let ports):
      if isInterval {
        output.append(ports: ports)
      } else {
        output.append(decimal: UInt64(ports.lower) + offset)
      }
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
