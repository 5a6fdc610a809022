package import Host
package import IptablesBackend

/// Why the machine's iptables could not be read or changed.
package enum IptablesError: Error, Sendable {
  /// A program cannot be run.
  case host(HostError)
  /// A program ended with an error.
  case refused(program: String, complaint: String, Aftermath)
  /// What a program printed is not what iptables-save prints.
  case unreadable(program: String, SaveTextError)
  /// The rules for iptables would leave the host more open than the policy says.
  case inexpressible

  /// What is left after a change that was refused.
  package enum Aftermath: Hashable, Sendable {
    /// Nothing was changed.
    case untouched
    /// What was changed was put back.
    case restored
    /// What was changed could not be put back; the payload says why.
    case broken(String)
  }
}

extension IptablesError {
  /// The same error of a change, with what is left after it.
  func leaving(_ aftermath: Aftermath) -> Self {
    switch (self, aftermath) {
    case (.refused(let program, let complaint, _), _):
      .refused(program: program, complaint: complaint, aftermath)
    // Its own words say what to do where nothing is left of the change.
    case (.host(let cause), .broken):
      .refused(program: "iptables", complaint: "\(cause)", aftermath)
    case (.host, .untouched), (.host, .restored), (.unreadable, _), (.inexpressible, _): self
    }
  }
}

extension IptablesError: CustomStringConvertible {
  /// One sentence, with what to do.
  package var description: String {
    switch self {
    case .host(let error): "\(error)"
    case .refused(let program, let complaint, let aftermath):
      "\(program) failed: \(complaint); \(Self.words(aftermath))"
    case .unreadable(let program, let error): "cannot understand what \(program) shows: \(error)"
    case .inexpressible: "iptables cannot keep this policy; see the errors"
    }
  }

  private static func words(_ aftermath: Aftermath) -> String {
    switch aftermath {
    case .untouched: "nothing was changed; \(mend)"
    case .restored: "what was changed has been put back; \(mend)"
    case .broken(let reason):
      "what was changed could not be put back (\(reason)): apply again, or remove"
    }
  }

  private static let mend =
    "try again; where it stays so, the kernel's log (dmesg) may say why"
}
