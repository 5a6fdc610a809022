package import Netfilter
package import NetworkTypes

/// What rules make of a packet, and what they did to it on the way.
package struct Outcome: Hashable, Sendable {
  /// Where the packet is to go on.
  package enum Step: UInt8, Hashable, Sendable {
    /// The next rule.
    case next
    /// The rule after the one that jumped here.
    case back
    /// The next base chain.
    case accept
    /// All hooks are behind it: it passes.
    case done
    case drop
    case reject
    /// There is no such packet, or it is none of the rules' business.
    case absent
  }

  package var step: Step
  /// The bits of the mark that were changed, and to what.
  var mark: UInt32 = 0
  var markMask: UInt32 = 0
  /// Why it was let pass or stopped; an index of ``OutcomeTable/reasons``.
  var reason: Int32 = -1
  /// What its permission is bound to; an index of ``OutcomeTable/conditionLists``.
  var conditions: Int32 = 0
  /// Where its destination was rewritten to; an index of ``OutcomeTable/targets``.
  package var target: Int32 = -1
  /// The line that asked for that; an index of ``OutcomeTable/reasons``.
  var mapping: Int32 = -1
  /// What its source was rewritten to; an index of ``OutcomeTable/sources``.
  package var source: Int32 = -1

  init(_ step: Step) { self.step = step }

  package func hash(into hasher: inout Hasher) {
    // Two words instead of eight values: every rule looks up what becomes of every part.
    let (line, way) = (UInt64(bitPattern: Int64(reason)), UInt64(bitPattern: Int64(target)))
    hasher.combine(line << 32 ^ way &* 0x9E37_79B9 ^ UInt64(step.rawValue) ^ UInt64(mark) << 8)
    hasher.combine(
      UInt64(UInt32(bitPattern: mapping)) << 32 ^ UInt64(markMask) << 16
        ^ UInt64(UInt32(bitPattern: source)) << 8 ^ UInt64(UInt32(bitPattern: conditions)))
  }

  /// Whether a connection is made.
  package var isOpen: Bool {
    switch step {
    case .next, .back, .accept, .done: true
    case .drop, .reject, .absent: false
    }
  }
}

/// Why something passes or does not: a line of the policy, a rule's comment, or both.
package struct Reason: Hashable, Sendable {
  package let origin: Origin?
  package let comment: String?

  package init(origin: Origin?, comment: String?) {
    self.origin = origin
    self.comment = comment
  }
}

/// Where a published port leads.
package struct Target: Hashable, Sendable {
  package let address: IPAddress
  /// What is added to the port that was dialled, modulo 65536.
  package let shift: UInt16

  package init(_ address: IPAddress, shift: UInt16) {
    self.address = address
    self.shift = shift
  }
}

/// What a connection's source becomes.
package enum SeenSource: Hashable, Sendable {
  /// An address of the interface that it leaves by.
  case interface(ports: PortRange?)
  case addresses(AddressRange, ports: PortRange?)
}

/// All different outcomes of one family, as the constants of diagrams.
package struct OutcomeTable: Sendable {
  private var outcomes: [Outcome] = []
  private var numbers: [Outcome: Int] = [:]
  private var reasonNumbers: [Reason: Int32] = [:]
  private var targetNumbers: [Target: Int32] = [:]
  package private(set) var reasons: [Reason] = []
  package private(set) var targets: [Target] = []
  package private(set) var sources: [SeenSource] = []
  /// Sorted texts; the first list is empty.
  package private(set) var conditionLists: [[String]] = [[]]

  /// The constants 0 and 1 belong to conditions.
  private static let offset = 2

  init() {}

  /// The outcome that the constant `number` stands for.
  package subscript(number: Int) -> Outcome { outcomes[number - Self.offset] }

  /// The constant diagram of an outcome.
  mutating func diagram(_ outcome: Outcome) -> Diagram {
    if let number = numbers[outcome] { return Diagram(constant: number) }
    let number = outcomes.count + Self.offset
    outcomes.append(outcome)
    numbers[outcome] = number
    return Diagram(constant: number)
  }

  mutating func number(of reason: Reason) -> Int32 {
    if reason.origin == nil, reason.comment == nil { return -1 }
    if let number = reasonNumbers[reason] { return number }
    reasons.append(reason)
    reasonNumbers[reason] = Int32(reasons.count - 1)
    return Int32(reasons.count - 1)
  }

  mutating func number(of target: Target) -> Int32 {
    if let number = targetNumbers[target] { return number }
    targets.append(target)
    targetNumbers[target] = Int32(targets.count - 1)
    return Int32(targets.count - 1)
  }

  mutating func number(of source: SeenSource) -> Int32 {
    if let index = sources.firstIndex(of: source) { return Int32(index) }
    sources.append(source)
    return Int32(sources.count - 1)
  }

  mutating func number(ofConditions texts: [String]) -> Int32 {
    if let index = conditionLists.firstIndex(of: texts) { return Int32(index) }
    conditionLists.append(texts)
    return Int32(conditionLists.count - 1)
  }

  /// What comes of `next` after `first`, which let the packet go on.
  mutating func sequence(_ first: Outcome, _ next: Outcome) -> Outcome {
    switch next.step {
    case .drop, .reject, .absent: return next
    case .next, .back, .accept, .done: break
    }
    var result = next
    result.mark = first.mark & ~next.markMask | next.mark
    result.markMask = first.markMask | next.markMask
    if next.reason < 0 { result.reason = first.reason }
    if next.target < 0 {
      result.target = first.target
      result.mapping = first.mapping
    }
    if next.source < 0 { result.source = first.source }
    if first.conditions != next.conditions, first.conditions != 0 {
      let texts =
        Set(conditionLists[Int(first.conditions)] + conditionLists[Int(next.conditions)])
      result.conditions = number(ofConditions: texts.sorted())
    }
    return result
  }
}
