extension ElementTable {
  /// The elements whose keys are none of `other`'s, in their order.
  ///
  /// - Requires: keys have one length.
  /// - Complexity: linear; where few go, what stays is copied in long runs.
  package func removing(keysOf other: ElementTable) -> ElementTable {
    if other.count == 0 { return self }
    let index = KeyIndex(other)
    var result = ElementTable(keyLength: keyLength, dataLength: dataLength)
    var start = 0
    for position in index.places(ofKeysIn: 0..<count, of: self) {
      result.append(elementsAt: start..<position, of: self)
      start = position + 1
    }
    result.append(elementsAt: start..<count, of: self)
    return result
  }

  /// The keys alone, without data, verdicts and comments.
  package var keysOnly: ElementTable {
    var result = ElementTable(keyLength: keyLength)
    for position in 0..<count { result.append(key: key(at: position), comment: []) }
    return result
  }
}
