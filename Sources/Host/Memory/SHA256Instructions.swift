import CSHA256

/// The processor's own instructions for SHA-256 (FIPS 180-4).
package struct SHA256Instructions: Sendable {
  /// `nil` where the processor has none.
  package init?() {
    guard sha256_is_there() != 0 else { return nil }
  }

  /// Takes in whole blocks of 64 bytes.
  ///
  /// - Parameters:
  ///   - message: is looked at as far as it has whole blocks.
  ///   - state: the eight words that are carried from block to block.
  ///   - constants: the 64 of the rounds.
  package func absorb(
    _ message: borrowing Span<UInt8>, into state: inout InlineArray<8, UInt32>,
    _ constants: borrowing Span<UInt32>
  ) {
    precondition(constants.count == 64, "FIPS 180-4 has 64 rounds")
    var words = state.mutableSpan
    unsafe words.withUnsafeMutableBufferPointer { words in
      unsafe message.withUnsafeBufferPointer { message in
        unsafe constants.withUnsafeBufferPointer { constants in
          unsafe sha256_absorb(
            words.baseAddress, message.baseAddress, message.count / 64, constants.baseAddress)
        }
      }
    }
  }
}
