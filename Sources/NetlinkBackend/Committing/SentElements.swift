import KernelForm

/// The elements of sets as a batch adds them: who keeps them need not write them once more.
package struct SentElements: Sendable {
  private let bytes: [UInt8]
  private var parts: [SetPath: Part] = [:]

  private struct Part {
    let operation: Int
    /// Where in the batch the operation's messages are: one behind the other.
    let messages: Range<Int>
    /// How many elements they add.
    let count: Int
  }

  init(of plan: Plan, in batch: borrowing Batch) {
    bytes = batch.bytes
    for index in batch.subjects.indices {
      let subject = batch.subjects[index]
      guard let operation = subject.operation, let elements = subject.elements,
        case .addElements(let table, let set) = plan.operations[operation]
      else { continue }
      let path = SetPath(table, set.name)
      let earlier = parts[path].flatMap { $0.operation == operation ? $0 : nil }
      let next = index + 1
      let end = next < batch.subjects.count ? batch.subjects[next].start : bytes.count
      parts[path] = Part(
        operation: operation, messages: (earlier?.messages.lowerBound ?? subject.start)..<end,
        count: elements.upperBound)
    }
  }

  /// The messages that add elements to a set; `nil` unless they add `count` of them.
  package func messages(_ path: SetPath, count: Int) -> ArraySlice<UInt8>? {
    guard let part = parts[path], part.count == count else { return nil }
    return bytes[part.messages]
  }
}
