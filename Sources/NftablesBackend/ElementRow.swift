import Netfilter
import NetworkTypes

/// One element of a map, on one line for the key, or on one line a port where the map cannot hold
/// the key's range.
struct ElementRow {
  private let key: [KeyValue]
  private let origin: Origin?
  private let isInterval: Bool

  init(_ key: [KeyValue], _ origin: Origin?, isInterval: Bool) {
    self.key = key
    self.origin = origin
    self.isInterval = isInterval
  }

  /// The most bytes of one component of a key and its separator: an IPv6 address is the longest.
  private static let componentLimit = 39 + 3
  private static let commentLimit = nftCommentLimit + 11

  /// - Parameters:
  ///   - target: the most bytes that `value` writes.
  ///   - value: writes what the key maps to, for the port that is so far from the first.
  func write(
    to text: inout TextBuffer, target: Int, _ value: (inout OutputSpan<UInt8>, UInt64) -> Void
  ) {
    let capacity = 16 + key.count * Self.componentLimit + Self.commentLimit + target
    let count = isInterval ? 1 : UInt64(key.entryCount)
    for offset in 0..<count {
      text.append(atMost: capacity) { output in
        writeKey(to: &output, offset)
        output.append(UInt8(ascii: ":"))
        output.append(UInt8(ascii: " "))
        value(&output, offset)
        output.append(UInt8(ascii: ","))
        output.append(UInt8(ascii: "\n"))
      }
    }
  }

  private func writeKey(to output: inout OutputSpan<UInt8>, _ offset: UInt64) {
    for _ in 0..<3 { output.append(UInt8(ascii: "\t")) }
    for index in key.indices {
      if index > 0 { output.appendSeparator() }
      write(key[index], to: &output, offset)
    }
    output.append(UInt8(ascii: " "))
    guard let origin else { return }
    output.append(text: "comment \"")
    output.append(quotable: origin, limit: nftCommentLimit)
    output.append(UInt8(ascii: "\""))
    output.append(UInt8(ascii: " "))
  }

  private func write(
    _ value: KeyValue, to output: inout OutputSpan<UInt8>, _ offset: UInt64
  ) {
    switch value {
    case .interface(let name):
      output.append(UInt8(ascii: "\""))
      output.append(text: name.text)
      output.append(UInt8(ascii: "\""))
    case .address(let address): output.append(address: address)
    case .transport(let transport): output.append(text: nftName(transport))
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
  /// What stands between the components of a key or target; byte by byte, because a string costs
  /// more than what it says here.
  mutating func appendSeparator() {
    append(UInt8(ascii: " "))
    append(UInt8(ascii: "."))
    append(UInt8(ascii: " "))
  }
}
