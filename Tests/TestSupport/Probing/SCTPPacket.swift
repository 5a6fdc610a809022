/// An SCTP packet with one chunk, which opens an association or agrees to it (RFC 9260, 3).
///
/// Kernels without SCTP neither send nor answer these: stations do it by raw sockets.
struct SCTPPacket {
  let sourcePort: UInt16
  let destinationPort: UInt16
  /// What the receiver knows the packet by; 0 in the first.
  let verificationTag: UInt32
  let isAnswer: Bool
  /// What the sender wants its packets to be known by.
  let initiateTag: UInt32
  let mark: ProbeMark

  /// The one that opens an association.
  init(from sourcePort: UInt16, to port: UInt16, _ mark: ProbeMark) {
    self.init(
      sourcePort: sourcePort, destinationPort: port, verificationTag: 0, isAnswer: false,
      initiateTag: 0x1000_0000 | UInt32(sourcePort), mark: mark)
  }

  private init(
    sourcePort: UInt16, destinationPort: UInt16, verificationTag: UInt32, isAnswer: Bool,
    initiateTag: UInt32, mark: ProbeMark
  ) {
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
    self.verificationTag = verificationTag
    self.isAnswer = isAnswer
    self.initiateTag = initiateTag
    self.mark = mark
  }

  /// Reads a packet with a mark and a right checksum; `nil` for all others.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard bytes.count >= 32, bytes.dropFirst(12).first.map({ $0 == 1 || $0 == 2 }) == true,
      let mark = ProbeMark(in: bytes.dropFirst(32))
    else { return nil }
    self.init(
      sourcePort: bytes.big16(0), destinationPort: bytes.big16(2),
      verificationTag: bytes.big32(4), isAnswer: bytes.dropFirst(12).first == 2,
      initiateTag: bytes.big32(16), mark: mark)
    let checksum = Array(bytes.dropFirst(8).prefix(4))
    guard Self.checksum(Array(bytes)) == checksum else { return nil }
  }

  /// What the receiver says to it.
  var answer: SCTPPacket {
    SCTPPacket(
      sourcePort: destinationPort, destinationPort: sourcePort, verificationTag: initiateTag,
      isAnswer: true, initiateTag: 0x2000_0000 | UInt32(sourcePort), mark: mark)
  }

  /// From the common header on.
  var bytes: [UInt8] {
    // An answer has a state cookie; the mark is a parameter that receivers may skip.
    var parameters: [UInt8] = isAnswer ? [0, 7, 0, 8, 1, 2, 3, 4] : []
    let payload = mark.payload
    parameters += [0x80, 0x99]
    parameters.append(big: UInt16(4 + payload.count))
    parameters += payload
    var bytes: [UInt8] = []
    bytes.append(big: sourcePort)
    bytes.append(big: destinationPort)
    bytes.append(big: verificationTag)
    bytes.append(big: UInt32(0))
    bytes += [isAnswer ? 2 : 1, 0]
    bytes.append(big: UInt16(20 + parameters.count))
    bytes.append(big: initiateTag)
    bytes.append(big: UInt32(0x1_0000))
    bytes.append(big: UInt32(0x0001_0001))
    bytes.append(big: UInt32(1))
    bytes += parameters
    bytes.replaceSubrange(8..<12, with: Self.checksum(bytes))
    return bytes
  }

  /// The CRC32c of a packet as it stands in it (RFC 9260, appendix A).
  private static func checksum(_ packet: [UInt8]) -> [UInt8] {
    var register = UInt32.max
    for (index, byte) in packet.enumerated() {
      register ^= (8..<12).contains(index) ? 0 : UInt32(byte)
      for _ in 0..<8 {
        register = register & 1 == 1 ? register >> 1 ^ 0x82F6_3B78 : register >> 1
      }
    }
    return (0..<4).map { UInt8(truncatingIfNeeded: ~register >> (8 * UInt32($0))) }
  }
}
