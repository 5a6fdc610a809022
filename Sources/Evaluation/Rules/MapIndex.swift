import Netfilter
import NetworkTypes

/// Finds elements of maps.
///
/// The first few questions to a map are answered by looking through it, because a dictionary of a
/// hundred thousand elements costs as much as many looks; who asks more often gets one.
struct MapIndex: Sendable {
  /// A map of a program.
  struct Place: Hashable, Sendable {
    let table: Int
    let map: Int
    let kind: Kind

    enum Kind: Hashable, Sendable { case verdicts, addresses }
  }

  private var questions: [Place: Int] = [:]
  private var indices: [Place: [KeyHash: [Int]]] = [:]

  /// How often a map is looked through before it is indexed.
  private static let patience = 8
  /// Ranges of more ports than this are looked through all the same.
  private static let widest = 64
  /// Maps of fewer elements are not worth an index.
  private static let fewest = 32

  /// The number of the element with this key, whose ports are of one.
  mutating func find(
    _ key: [KeyValue], _ place: Place, count: Int, _ element: (Int) -> ElementKey
  ) -> Int? {
    if let index = indices[place] {
      let candidates = (index[KeyHash(key)] ?? []) + (index[.wide] ?? [])
      return candidates.first { key.isIn(element($0)) }
    }
    questions[place, default: 0] += 1
    if count >= Self.fewest, questions[place, default: 0] > Self.patience {
      indices[place] = Self.index(count, element)
    }
    return (0..<count).first { key.isIn(element($0)) }
  }

  private static func index(_ count: Int, _ element: (Int) -> ElementKey) -> [KeyHash: [Int]] {
    var result: [KeyHash: [Int]] = [:]
    for number in 0..<count {
      let key = element(number)
      guard let ports = key.ports else {
        result[KeyHash(key), default: []].append(number)
        continue
      }
      guard ports.count <= widest else {
        result[.wide, default: []].append(number)
        continue
      }
      for port in ports.lower...ports.upper {
        result[KeyHash(key, port: port), default: []].append(number)
      }
    }
    return result
  }

  /// What elements with the same key have in common.
  private struct KeyHash: Hashable, Sendable {
    private let value: Int?

    /// Of elements with many ports.
    static let wide = KeyHash(value: nil)

    private init(value: Int?) { self.value = value }

    init(_ values: some Sequence<KeyValue>, port: UInt16? = nil) {
      var hasher = Hasher()
      for value in values {
        if let port, case .ports = value {
          hasher.combine(KeyValue.ports(PortRange(port)))
        } else {
          hasher.combine(value)
        }
      }
      value = hasher.finalize()
    }
  }
}

extension [KeyValue] {
  /// Whether the key of a packet is one of those that an element stands for.
  fileprivate func isIn(_ element: ElementKey) -> Bool {
    guard count == element.count else { return false }
    for index in indices {
      switch (self[index], element[index]) {
      case (.ports(let own), .ports(let range)): if !range.contains(own.lower) { return false }
      case (let own, let other): if own != other { return false }
      }
    }
    return true
  }
}
