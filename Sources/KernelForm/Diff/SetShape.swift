extension KernelSet {
  /// Whether elements are all that may differ.
  func hasShape(of other: KernelSet) -> Bool {
    flags == other.flags && keyType == other.keyType && keyLength == other.keyLength
      && dataType == other.dataType && dataLength == other.dataLength && size == other.size
      && timeout == other.timeout && fieldLengths == other.fieldLengths
      && userdata == other.userdata
  }
}
