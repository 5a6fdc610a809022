extension KernelSet {
  /// Whether elements are all that may differ.
  func hasShape(of other: KernelSet) -> Bool {
    flags == other.flags && keyType == other.keyType && keyLength == other.keyLength
      && dataType == other.dataType && dataLength == other.dataLength && size == other.size
      && timeout == other.timeout && fieldLengths == other.fieldLengths
      && SetTraits(userdata) == SetTraits(other.userdata)
  }
}

/// What a set's userdata say about how the set is listed.
///
/// Types of the key and data as expressions (`typeof`) are left out: they change the wording of a
/// listing only, and some versions of nft cannot read what others wrote there.
private struct SetTraits: Equatable {
  /// NFTNL_UDATA_SET_KEYBYTEORDER, _DATABYTEORDER: 0 unknown, 1 host, 2 big endian.
  var keyOrder: [UInt8] = [0, 0, 0, 0]
  var dataOrder: [UInt8] = [0, 0, 0, 0]
  /// NFTNL_UDATA_SET_MERGE_ELEMENTS, _DATA_INTERVAL, _COMMENT.
  var rest: [[UInt8]] = [[], [], []]

  init(_ userdata: [UInt8]) {
    var rest = userdata[...]
    while let type = rest.popFirst(), let length = rest.popFirst() {
      let value = Array(rest.prefix(Int(length)))
      rest = rest.dropFirst(Int(length))
      switch type {
      case 0: keyOrder = value
      case 1: dataOrder = value
      case 2: self.rest[0] = value
      case 6: self.rest[1] = value
      case 7: self.rest[2] = value
      default: continue
      }
    }
  }
}
