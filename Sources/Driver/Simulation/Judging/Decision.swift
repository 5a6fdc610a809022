import Diagnostics
import Evaluation
import Netfilter

/// What decided about a packet.
struct Decision: Hashable, Sendable {
  /// In words: the rule's own reason, or what the kernel does without one.
  let reason: String
  /// The line of the policy; `nil` where no single line asked for it.
  let span: SourceSpan?

  init(reason: String, span: SourceSpan? = nil) {
    self.reason = reason
    self.span = span
  }

  /// - Parameter line: Where the line is that a rule names.
  init(_ exchange: Exchange, _ line: (Origin) -> SourceSpan?) {
    switch exchange.outcome {
    case .works: self.init(admitting: exchange.opening, line)
    case .openingLost, .refused: self.init(ending: exchange.opening, line, what: nil)
    case .answerLost:
      if let answer = exchange.answer {
        self.init(ending: answer, line, what: "the first packet arrives, but not the answer")
      } else {
        self.init(reason: "the first packet arrives, but nobody there answers it")
      }
    case .continuationLost:
      if let next = exchange.continuation {
        self.init(
          ending: next, line, what: "first packet and answer arrive, but not the next packet")
      } else {
        self.init(reason: "first packet and answer arrive, but nothing follows")
      }
    case .undecided(let missing): self.init(reason: missing.words)
    }
  }

  /// The line that a packet passes by.
  init(admitting passage: Passage, _ line: (Origin) -> SourceSpan?) {
    if let step = passage.steps.first(where: { $0.rewritesDestination && $0.origin != nil }) {
      self.init(step, line, else: "published")
      return
    }
    let accepting = passage.steps.last { step in
      step.hook != .prerouting && step.hook != .postrouting
        && step.effects.contains(.verdict(.accept))
    }
    if let accepting {
      let words = accepting.origin == nil ? "a rule accepts it" : "this line"
      self.init(accepting, line, else: words)
    } else {
      self.init(reason: "no rule refuses it")
    }
  }

  /// What ended a packet's way.
  init(ending passage: Passage, _ line: (Origin) -> SourceSpan?, what: String?) {
    let prefix = what.map { $0 + ": " } ?? ""
    switch passage.fate {
    case .dropped, .rejected:
      guard let step = passage.steps.last else { fallthrough }
      let isPolicy = step.effects.contains(.policyDrop)
      let words =
        isPolicy ? "the policy of \(step.table) \(step.chain) is drop" : "a rule refuses it"
      let decided = Decision(step, line, else: step.origin == nil ? words : "this line")
      // A rule for all that comes to its chain: whatever led there is what it is about.
      let sender = passage.steps.last { $0.origin != nil && $0.leads(to: step.chain) }
      self.init(reason: prefix + decided.reason, span: decided.span ?? sender?.origin.flatMap(line))
    case .delivered, .sent: self.init(reason: prefix + "it goes astray")
    case .discarded(let why): self.init(reason: prefix + why.words)
    case .undecided(let missing): self.init(reason: prefix + missing.words)
    }
  }

  private init(_ step: Step, _ line: (Origin) -> SourceSpan?, else words: String) {
    let span = step.origin.flatMap(line)
    // A line that nobody can show is named.
    let place = span == nil ? step.origin.map { " (\($0.location))" } ?? "" : ""
    self.init(reason: (step.comment ?? words) + place, span: span)
  }
}

extension Step {
  /// Whether the step sent the packet to a chain of its own table.
  func leads(to chain: String) -> Bool {
    effects.contains(.verdict(.jump(chain))) || effects.contains(.verdict(.goto(chain)))
  }

  /// Whether the step gave the packet another receiver.
  var rewritesDestination: Bool {
    effects.contains { if case .destination = $0 { true } else { false } }
  }
}

extension Missing {
  /// What is missing, as a sentence without its end.
  var words: String {
    switch self {
    case .condition(let rule), .effect(let rule):
      "the \(rule) is not understood; the packet may be dropped there"
    case .interface, .port, .hardwareAddress, .linkLocal, .inputInterface, .object, .end: "\(self)"
    }
  }
}

extension Passage.Discard {
  /// Why the packet dies, as a sentence without its end.
  var words: String {
    switch self {
    case .noRoute: "the host has no route there"
    case .forwardingOff: "the host does not forward packets (net.ipv4.ip_forward and its kin)"
    case .impossibleSource: "the host takes nothing from such a source"
    case .reversePath:
      "the host would answer by another interface (net.ipv4.conf.INTERFACE.rp_filter)"
    case .impossibleDestination: "a loopback address is reached by the host itself only"
    case .linkLocal: "a link-local address is reached on its own link only"
    case .samePort: "a bridge sends no frame back by the port that it came in by"
    case .nothingToMasqueradeWith: "the interface that it leaves by has no address for it"
    case .notForHost: "the host neither carries the group on nor listens to it"
    }
  }
}
