import NetworkTypes

/// A peer as a key; address sets hash by their ends, so that long lists cost no more than short.
struct PeerKey: Hashable {
  let peer: Peer

  func hash(into hasher: inout Hasher) {
    guard case .addresses(let set) = peer else { return peer.hash(into: &hasher) }
    hasher.combine(set.ranges.count)
    hasher.combine(set.ranges.first)
    hasher.combine(set.ranges.last)
  }
}

/// Numbers the peers of all flow lines, and knows of each which others hold it.
struct PeerIndex {
  private(set) var peers: [Peer] = []
  private var numbers: [PeerKey: Int] = [:]
  private let geometry: PeerGeometry
  private let owners: SubnetOwners
  private var tree = RangeTree()
  private var known: [[Int]?] = []

  /// Of so many ranges a set may consist to be looked up in others; larger ones hold only
  /// themselves.
  private static let rangeLimit = 8

  init(_ lines: [FlowLine], _ geometry: PeerGeometry) {
    self.geometry = geometry
    owners = SubnetOwners(geometry.networks)
    for line in lines {
      for peer in line.rule.sources { _ = number(of: peer) }
      for peer in line.rule.destinations { _ = number(of: peer) }
    }
    for (index, peer) in peers.enumerated() {
      if case .addresses(let set) = peer { tree.insert(set, index) }
    }
    tree.finish()
    known = [[Int]?](repeating: nil, count: peers.count)
  }

  private mutating func number(of peer: Peer) -> Int {
    let key = PeerKey(peer: peer)
    if let number = numbers[key] { return number }
    numbers[key] = peers.count
    peers.append(peer)
    return peers.count - 1
  }

  /// The number of a peer that some flow line names.
  func existing(_ peer: Peer) -> Int? { numbers[PeerKey(peer: peer)] }

  /// The named peers that hold all of `peer`, itself first if it is named.
  mutating func holders(of peer: Peer) -> [Int] {
    guard let number = existing(peer) else { return makeHolders(of: peer) }
    if let holders = known[number] { return holders }
    let holders = [number] + makeHolders(of: peer).filter { $0 != number }
    known[number] = holders
    return holders
  }

  /// The named peers that hold `peer`, itself first, and for addresses those that hold some.
  mutating func touching(_ peer: Peer) -> [Int] {
    let holders = holders(of: peer)
    guard case .addresses(let set) = peer else { return holders }
    var others: [Peer] = [.host]
    if !set.isSubset(of: geometry.internalAddresses) { others.append(.world) }
    for range in set.ranges.prefix(Self.rangeLimit) {
      others += owners.networks(overlapping: range, limit: 64).map { .network($0) }
    }
    return holders + found(others).filter { !holders.contains($0) }
  }

  private func makeHolders(of peer: Peer) -> [Int] {
    switch peer {
    case .any: return found([.any])
    case .host: return found([.host, .any])
    case .world: return found([.world, .any])
    case .network: return sets(around: peer) + found([.any])
    case .guest(let network, _): return sets(around: peer) + found([.network(network), .any])
    case .addresses(let set):
      let isOutside = !set.isEmpty && !set.overlaps(geometry.internalAddresses)
      return sets(around: peer) + found(isOutside ? [.world, .any] : [.any])
    }
  }

  private func found(_ peers: [Peer]) -> [Int] { peers.compactMap { existing($0) } }

  /// The address sets among the peers that hold every address of `peer`.
  private func sets(around peer: Peer) -> [Int] {
    guard let ranges = geometry.addresses(of: peer)?.ranges, let first = ranges.first,
      ranges.count <= Self.rangeLimit
    else { return [] }
    return tree.owners(around: first).filter { owner in
      guard case .addresses(let set) = peers[owner] else { return false }
      return ranges.allSatisfy { set.contains($0) }
    }
  }
}

/// Finds, among the ranges of many sets, those around a given one.
private struct RangeTree {
  private var entries: [(range: AddressRange, owner: Int)] = []
  /// For each entry, the nearest one before it that may be around it.
  private var parents: [Int?] = []

  /// Longer chains of nested ranges than this are not followed to their end.
  private static let depthLimit = 64

  mutating func insert(_ set: AddressSet, _ owner: Int) {
    for range in set.ranges { entries.append((range, owner)) }
  }

  mutating func finish() {
    entries.sort { left, right in
      if left.range.first != right.range.first { return left.range.first < right.range.first }
      return left.range.last > right.range.last
    }
    var open: [Int] = []
    for index in entries.indices {
      while let top = open.last, entries[top].range.last < entries[index].range.first {
        open.removeLast()
      }
      parents.append(open.last)
      open.append(index)
    }
  }

  /// The owners of ranges that hold `inner`, nearest first.
  ///
  /// - Complexity: O(log n).
  func owners(around inner: AddressRange) -> [Int] {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].range.first <= inner.first { low = middle + 1 } else { high = middle }
    }
    var result: [Int] = []
    var next = low > 0 ? low - 1 : nil
    for _ in 0..<Self.depthLimit {
      guard let index = next else { break }
      if entries[index].range.contains(inner) { result.append(entries[index].owner) }
      next = parents[index]
    }
    return result
  }
}
