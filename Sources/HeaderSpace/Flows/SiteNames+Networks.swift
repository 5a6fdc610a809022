/// What is said of one network.
enum NetworkWords {
  /// All members of the network with this index.
  case whole(Int)
  case words([String])
}

extension SiteNames {
  /// All networks that have addresses of the family.
  static let everyNetwork = "every network"

  /// So many networks are told by their names.
  private static let mostNames = 8

  /// The words one after the other; where more than a few networks are meant as a whole, and most
  /// of all, these are told by the others.
  func words(_ parts: [NetworkWords]) -> [String] {
    var whole: Set<Int> = []
    for case .whole(let index) in parts { whole.insert(index) }
    guard whole.count > Self.mostNames, (here.count - whole.count) * 2 < whole.count else {
      return parts.flatMap { part -> [String] in
        switch part {
        case .whole(let index): [name(ofNetwork: index)]
        case .words(let words): words
        }
      }
    }
    let others = here.filter { !whole.contains($0) }.map(name(ofNetwork:))
    let every =
      others.isEmpty ? Self.everyNetwork : excepting(Self.everyNetwork, others)
    return [every]
      + parts.flatMap { part -> [String] in
        switch part {
        case .whole: []
        case .words(let words): words
        }
      }
  }
}
