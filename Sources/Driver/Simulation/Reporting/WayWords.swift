import Evaluation
import Netfilter

/// The way of a packet in one line.
struct WayWords: CustomStringConvertible {
  let description: String

  /// Steps that do nothing but count are left out.
  init(_ passage: Passage) {
    let steps = passage.steps.filter { !$0.effects.isEmpty }.map { step in
      "\(step.chain)[\(step.rule + 1)] \(StepWords(step).effect)"
        + (step.comment.map { " (\($0))" } ?? "")
    }
    description = (steps + ["it \(passage.fate.words)"]).joined(separator: "; ")
  }
}
