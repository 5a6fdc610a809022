/// A kernel setting that the policy needs, and what to put back when it does not any longer.
package struct SysctlRecord: Hashable, Sendable {
  /// The name below `/proc/sys`, with slashes.
  package let name: String
  /// What the policy needs.
  package let value: String
  /// What it was before we changed it; `nil` where it was right, or not there, so that there is
  /// nothing to put back.
  package let before: String?
  /// Settings that the kernel changes along with this one, as they were before.
  package let companions: [Companion]

  /// A setting that follows another.
  package struct Companion: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  package init(name: String, value: String, before: String?, companions: [Companion] = []) {
    self.name = name
    self.value = value
    self.before = before
    self.companions = companions
  }

  /// `NAME VALUE was BEFORE with NAME=VALUE…`; the last two parts where there is something to say.
  var text: String {
    var words = [name, value]
    if let before { words += ["was", before] }
    if !companions.isEmpty { words.append("with") }
    words = words.map(StateWord.escaped)
    words += companions.map { "\(StateWord.escaped($0.name))=\(StateWord.escaped($0.value))" }
    return words.joined(separator: " ")
  }

  /// Reads the form of ``text``.
  init?(_ text: String) {
    var words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)[...]
    guard words.count >= 2, let name = StateWord.plain(words.removeFirst()),
      let value = StateWord.plain(words.removeFirst())
    else { return nil }
    var before: String?
    if words.first == "was", words.count >= 2 {
      guard let old = StateWord.plain(words[words.startIndex + 1]) else { return nil }
      before = old
      words = words.dropFirst(2)
    }
    var companions: [Companion] = []
    if words.first == "with" {
      for word in words.dropFirst() {
        let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let name = StateWord.plain(parts[0]),
          let value = StateWord.plain(parts[1])
        else { return nil }
        companions.append(Companion(name: name, value: value))
      }
      words = []
    }
    guard words.isEmpty else { return nil }
    self.init(name: name, value: value, before: before, companions: companions)
  }
}
