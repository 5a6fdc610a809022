package import Host

/// The hash of FIPS 180-4, for telling files apart and damaged files from sound ones.
package struct SHA256Digest: Hashable, Sendable {
  /// 32 bytes.
  package let bytes: [UInt8]

  /// The hash of all of `message`.
  ///
  /// - Complexity: linear.
  package init(of message: [UInt8]) { self.init(of: message[...]) }

  /// The hash of all of `message`.
  package init(of message: ArraySlice<UInt8>) {
    self.init(of: message, by: SHA256Instructions())
  }

  /// The hash of all of `message`.
  ///
  /// - Parameter instructions: `nil` to do without.
  /// - Complexity: linear.
  package init(of message: ArraySlice<UInt8>, by instructions: SHA256Instructions?) {
    var state = SHA256State(instructions)
    let constants = roundConstants.span
    let whole = message.count / 64 * 64
    state.absorb(message.span.extracting(first: whole), constants)
    var tail = Array(message[(message.startIndex + whole)...])
    tail.append(0x80)
    while tail.count % 64 != 56 { tail.append(0) }
    let bits = UInt64(message.count) * 8
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      tail.append(UInt8(truncatingIfNeeded: bits >> shift))
    }
    state.absorb(tail.span, constants)
    bytes = state.bytes
  }

  /// Reads the form of ``description``.
  package init?(_ text: some StringProtocol) {
    let digits = Array(text.utf8)
    guard digits.count == 64 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: 64, by: 2) {
      guard let high = Self.value(digits[index]), let low = Self.value(digits[index + 1]) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    self.bytes = bytes
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

extension SHA256Digest: CustomStringConvertible {
  /// 64 lowercase hexadecimal digits, as sha256sum(1) prints them.
  package var description: String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}

/// What is carried from block to block.
private struct SHA256State {
  private let instructions: SHA256Instructions?
  private var words: InlineArray<8, UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
    0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]

  init(_ instructions: SHA256Instructions?) { self.instructions = instructions }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for index in words.indices {
      for shift in stride(from: UInt32(24), through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: words[index] >> shift))
      }
    }
    return bytes
  }

  /// Takes in whole blocks of 64 bytes.
  mutating func absorb(
    _ message: borrowing Span<UInt8>, _ constants: borrowing Span<UInt32>
  ) {
    if let instructions { return instructions.absorb(message, into: &words, constants) }
    var schedule = InlineArray<16, UInt32>(repeating: 0)
    var offset = 0
    while offset < message.count {
      for index in 0..<16 {
        let at = offset &+ index &* 4
        schedule[index] =
          UInt32(message[at]) << 24 | UInt32(message[at &+ 1]) << 16
          | UInt32(message[at &+ 2]) << 8 | UInt32(message[at &+ 3])
      }
      mix(&schedule, constants)
      offset &+= 64
    }
  }

  /// - Parameter schedule: The block; the window of the schedule moves over it.
  @inline(__always)
  private mutating func mix(
    _ schedule: inout InlineArray<16, UInt32>, _ constants: borrowing Span<UInt32>
  ) {
    var (a, b, c, d) = (words[0], words[1], words[2], words[3])
    var (e, f, g, h) = (words[4], words[5], words[6], words[7])
    // Eight rounds later every variable has its part again, so that none is moved; sixteen later so
    // does every word of the schedule, so that none is looked for.
    for base in stride(from: 0, to: 64, by: 16) {
      step(base, 0, a, b, c, &d, e, f, g, &h, &schedule, constants)
      step(base, 1, h, a, b, &c, d, e, f, &g, &schedule, constants)
      step(base, 2, g, h, a, &b, c, d, e, &f, &schedule, constants)
      step(base, 3, f, g, h, &a, b, c, d, &e, &schedule, constants)
      step(base, 4, e, f, g, &h, a, b, c, &d, &schedule, constants)
      step(base, 5, d, e, f, &g, h, a, b, &c, &schedule, constants)
      step(base, 6, c, d, e, &f, g, h, a, &b, &schedule, constants)
      step(base, 7, b, c, d, &e, f, g, h, &a, &schedule, constants)
      step(base, 8, a, b, c, &d, e, f, g, &h, &schedule, constants)
      step(base, 9, h, a, b, &c, d, e, f, &g, &schedule, constants)
      step(base, 10, g, h, a, &b, c, d, e, &f, &schedule, constants)
      step(base, 11, f, g, h, &a, b, c, d, &e, &schedule, constants)
      step(base, 12, e, f, g, &h, a, b, c, &d, &schedule, constants)
      step(base, 13, d, e, f, &g, h, a, b, &c, &schedule, constants)
      step(base, 14, c, d, e, &f, g, h, a, &b, &schedule, constants)
      step(base, 15, b, c, d, &e, f, g, h, &a, &schedule, constants)
    }
    words[0] &+= a
    words[1] &+= b
    words[2] &+= c
    words[3] &+= d
    words[4] &+= e
    words[5] &+= f
    words[6] &+= g
    words[7] &+= h
  }

  /// One round; what the schedule holds for it makes room for the round sixteen later.
  @inline(__always)
  private func step(
    _ base: Int, _ slot: Int, _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32,
    _ f: UInt32, _ g: UInt32, _ h: inout UInt32, _ schedule: inout InlineArray<16, UInt32>,
    _ constants: borrowing Span<UInt32>
  ) {
    let word = schedule[slot]
    let sum1 = e.rotated(6) ^ e.rotated(11) ^ e.rotated(25)
    let first = h &+ sum1 &+ (e & f ^ ~e & g) &+ constants[base &+ slot] &+ word
    let sum0 = a.rotated(2) ^ a.rotated(13) ^ a.rotated(22)
    d &+= first
    h = first &+ sum0 &+ (a & b ^ a & c ^ b & c)
    let (early, late) = (schedule[(slot &+ 1) & 15], schedule[(slot &+ 14) & 15])
    let sigma0 = early.rotated(7) ^ early.rotated(18) ^ early &>> 3
    let sigma1 = late.rotated(17) ^ late.rotated(19) ^ late &>> 10
    schedule[slot] = word &+ sigma0 &+ schedule[(slot &+ 9) & 15] &+ sigma1
  }
}

extension UInt32 {
  @inline(__always)
  fileprivate func rotated(_ count: UInt32) -> UInt32 { self &>> count | self &<< (32 &- count) }
}

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
private let roundConstants: InlineArray<64, UInt32> = [
  0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
  0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
  0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
  0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
  0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
  0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
  0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
  0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
  0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
  0xc671_78f2,
]
