import CNftnl
import KernelForm

/// The elements that the last change put into sets that it added: what the kernel would tell if it
/// were asked, which takes it longer than to take them.
struct SentElements: Sendable {
  /// The state that the change made.
  let generation: UInt32
  private let bytes: [UInt8]
  /// Where the messages of a set are.
  fileprivate let ranges: [SetName: Range<Int>]

  fileprivate struct SetName: Hashable {
    let family: UInt8
    let table: String
    let name: String
  }

  /// Sets with fewer are asked for.
  private static let least = 1024

  /// - Parameter generation: the state that `batch`, which carried out `plan`, made.
  init(_ plan: Plan, in batch: borrowing Batch, generation: UInt32) {
    var added: Set<SetName> = []
    var ranges: [SetName: Range<Int>] = [:]
    for (index, operation) in plan.operations.enumerated() {
      switch operation {
      case .addSet(let path, let set):
        // What lapses, or comes by packets, is not what was sent.
        if set.flags == .map { added.insert(SetName(path.family.number, path.name, set.name)) }
      case .addElements(let path, let set):
        let name = SetName(path.family.number, path.name, set.name)
        // Of sets that are filled in several steps no one step tells all.
        let isFirst = added.remove(name) != nil
        let isKnown = isFirst && set.elements.count >= Self.least
        ranges[name] = isKnown ? batch.range(ofOperation: index) : nil
      case .deleteElements(let path, let set):
        let name = SetName(path.family.number, path.name, set.name)
        added.remove(name)
        ranges[name] = nil
      case .addTable, .deleteTable, .addChain, .deleteChain, .deleteSet, .addRule, .deleteRule:
        break
      }
    }
    self.generation = generation
    self.ranges = ranges
    bytes = ranges.isEmpty ? [] : batch.bytes
  }

  /// Hands the messages of a set to `body`; false where they are not known.
  func run(
    _ family: UInt8, _ table: String, _ set: String,
    _ body: (Message, Span<UInt8>) throws(NetlinkError) -> Void
  ) throws(NetlinkError) -> Bool {
    guard let range = ranges[SetName(family, table, set)] else { return false }
    var walk = MessageWalk(from: range.lowerBound)
    let known = bytes.span.extracting(first: range.upperBound)
    while let message = try walk.next(in: known) { try body(message, known) }
    return true
  }
}

extension SentElements.SetName {
  fileprivate init(_ family: UInt8, _ table: String, _ name: String) {
    self.init(family: family, table: table, name: name)
  }
}

extension Batch {
  /// Where the messages of one operation are, which stand one after the other.
  fileprivate func range(ofOperation index: Int) -> Range<Int>? {
    guard let first = subjects.firstIndex(where: { $0.operation == index }) else { return nil }
    let rest = subjects[first...]
    let end = rest.firstIndex { $0.operation != index }.map { subjects[$0].start }
    return subjects[first].start..<(end ?? bytes.count)
  }
}
