/// A connection tried: the first packet, the answer that it causes, and the packet after that.
package struct Exchange: Hashable, Sendable {
  package let outcome: Outcome
  /// The first packet's way.
  package let opening: Passage
  /// The answer's way; `nil` where nobody answered.
  package let answer: Passage?
  /// The way of the packet that follows the answer; `nil` where none did.
  package let continuation: Passage?

  package init(
    outcome: Outcome, opening: Passage, answer: Passage? = nil, continuation: Passage? = nil
  ) {
    self.outcome = outcome
    self.opening = opening
    self.answer = answer
    self.continuation = continuation
  }

  /// What became of a connection.
  package enum Outcome: Hashable, Sendable {
    /// Packets pass both ways, and more than one.
    case works
    /// The first packet did not arrive.
    case openingLost
    /// The first packet was refused, and the sender hears it.
    case refused
    /// The first packet arrived, but the answer did not come back as one.
    case answerLost
    /// First packet and answer arrived, but what follows did not.
    case continuationLost
    /// The model cannot tell.
    case undecided(Missing)
  }

  /// Where the first packet arrived, as it arrived there: its source is whom the receiver sees.
  package var arrival: Packet? {
    switch opening.fate {
    case .delivered, .sent: opening.packet
    case .dropped, .rejected, .discarded, .undecided: nil
    }
  }

  /// Whether the connection works; `nil` where the model cannot tell.
  package var isAllowed: Bool? {
    switch outcome {
    case .works: true
    case .openingLost, .refused, .answerLost, .continuationLost: false
    case .undecided: nil
    }
  }
}
