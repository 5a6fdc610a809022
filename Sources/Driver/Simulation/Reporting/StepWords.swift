import Evaluation
import Netfilter

/// One step of a packet's way, for people.
struct StepWords {
  /// Where in the rules it was: `inet bridgeward, chain forward, rule 3`.
  let place: String
  /// What was done: `accept`, `destination becomes 172.18.0.11 port 80`.
  let effect: String

  init(_ step: Step) {
    let layer = step.layer == .bridge ? "bridge" : step.hook.rawValue
    var place = "\(layer): \(step.table), chain \(step.chain)"
    if !step.effects.contains(.policyDrop) { place += ", rule \(step.rule + 1)" }
    if let element = step.element { place += ", in \(element.map)" }
    self.place = place
    let effects = step.effects.map(Self.words)
    effect = effects.isEmpty ? "goes on" : effects.joined(separator: ", ")
  }

  private static func words(_ effect: Step.Effect) -> String {
    switch effect {
    case .verdict(let verdict): words(verdict)
    case .reject: "reject"
    case .destination(let address, let port):
      "destination becomes \(address)" + (port.map { " port \($0)" } ?? "")
    case .source(let address, let port):
      "source becomes \(address)" + (port.map { " port \($0)" } ?? "")
    case .mark(let bits): "mark becomes 0x" + String(bits, radix: 16)
    case .log(let prefix): prefix.isEmpty ? "log" : "log \"\(prefix)\""
    case .clampMSS: "segment size lowered"
    case .fixChecksum: "checksum made valid"
    case .remember(let set): "remembered in \(set)"
    case .policyDrop: "drop, the chain's policy"
    }
  }

  private static func words(_ verdict: Verdict) -> String {
    switch verdict {
    case .accept: "accept"
    case .drop: "drop"
    case .return: "return"
    case .jump(let chain): "jump \(chain)"
    case .goto(let chain): "goto \(chain)"
    }
  }
}

extension Passage.Fate {
  /// What became of the packet, as the rest of a sentence.
  var words: String {
    switch self {
    case .delivered: "arrives at the host itself"
    case .sent(let interface, let port):
      "leaves by \(interface)" + (port.map { ", port \($0)" } ?? "")
    case .dropped: "is dropped"
    case .rejected: "is refused, and the sender hears it"
    case .discarded(let why): "dies: \(why.words)"
    case .undecided(let missing): "cannot be followed: \(missing)"
    }
  }
}
