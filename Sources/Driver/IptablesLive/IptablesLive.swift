import Host
import IptablesBackend
package import Netfilter
package import NetworkTypes

/// The iptables of this machine: what of ours is in it, and how it comes to be what is wanted.
///
/// Only chains of ours and the calls of them are ever touched.
package struct IptablesLive: Sendable {
  let programs: IptablesPrograms
  private let runner: CommandRunner

  package init(_ programs: IptablesPrograms = IptablesPrograms(), runner: CommandRunner = .system) {
    self.programs = programs
    self.runner = runner
  }

  /// The variant that the programs are of.
  package func variant(_ family: AddressFamily) throws(IptablesError) -> IptablesPrograms.Variant {
    let program = programs.command(family)
    let result = try run(program, ["--version"])
    return IptablesPrograms.Variant(version: String(decoding: result.output, as: UTF8.self))
  }

  /// What is there of ours now.
  package func read() throws(IptablesError) -> IptablesState {
    var rulesets: [OwnRuleset] = []
    for family in AddressFamily.allCases { rulesets.append(try read(family)) }
    return IptablesState(rulesets)
  }

  /// What `iptables-save -c` and `ip6tables-save -c` show.
  func counted() throws(IptablesError) -> [[UInt8]] {
    var texts: [[UInt8]] = []
    for family in AddressFamily.allCases {
      texts.append(try run(programs.save(family), ["-c"]).output)
    }
    return texts
  }

  /// What differs between what is there and what `ruleset` needs.
  ///
  /// - Requires: `verify(ruleset)` finds nothing.
  package func compare(_ ruleset: Ruleset) throws(IptablesError) -> IptablesComparison {
    IptablesComparison(from: try read(), to: IptablesState(of: ruleset))
  }

  /// Makes the machine's chains those of `ruleset`; runs nothing where they are.
  ///
  /// If one family fails, what was done to the other is put back.
  /// - Requires: `verify(ruleset)` finds nothing.
  /// - Returns: what was different.
  @discardableResult
  package func apply(_ ruleset: Ruleset) throws(IptablesError) -> IptablesComparison {
    try become(IptablesState(of: ruleset))
  }

  /// Takes out our chains and the calls of them, and nothing else.
  ///
  /// - Returns: what was there.
  @discardableResult
  package func remove() throws(IptablesError) -> IptablesComparison { try become(.none) }

  /// Makes the machine's chains those of `state`, as ``read()`` once gave it.
  ///
  /// - Returns: what was different.
  @discardableResult
  package func become(_ wanted: IptablesState) throws(IptablesError) -> IptablesComparison {
    var attempts = 0
    while true {
      attempts += 1
      let live = try read()
      let comparison = IptablesComparison(from: live, to: wanted)
      do {
        try change(live, to: wanted)
        return comparison
      } catch {
        // Somebody else may have changed our chains in between: then numbers were wrong.
        guard case .refused(_, _, let aftermath) = error, aftermath != .broken(""),
          attempts < Self.mostAttempts, let now = try? read(), now != live
        else { throw error }
      }
    }
  }

  private static let mostAttempts = 3

  private func read(_ family: AddressFamily) throws(IptablesError) -> OwnRuleset {
    let program = programs.save(family)
    let text = try run(program, []).output
    do {
      return try readSaveText(text, family: family)
    } catch {
      throw .unreadable(program: program, error)
    }
  }

  private func change(
    _ live: IptablesState, to wanted: IptablesState
  ) throws(IptablesError) {
    // Both before the first is made: where memory is short, that ends here and not between them.
    let patches = zip(live.rulesets, wanted.rulesets).map { restorePatch(from: $0, to: $1) }
    for (index, patch) in patches.enumerated() {
      if patch.isEmpty { continue }
      do {
        try restore(patch, wanted.rulesets[index].family)
      } catch {
        throw error.leaving(putBack(live, families: 0...index))
      }
    }
  }

  /// Undoes what the families may have suffered; the last of them may be half done, for each table
  /// is a transaction of its own.
  private func putBack(
    _ state: IptablesState, families: ClosedRange<Int>
  ) -> IptablesError.Aftermath {
    var result = IptablesError.Aftermath.untouched
    for index in families {
      let wanted = state.rulesets[index]
      do {
        let patch = restorePatch(from: try read(wanted.family), to: wanted)
        if patch.isEmpty { continue }
        try restore(patch, wanted.family)
        if result == .untouched { result = .restored }
      } catch {
        result = .broken("\(error)")
      }
    }
    return result
  }

  private func restore(_ patch: [UInt8], _ family: AddressFamily) throws(IptablesError) {
    _ = try run(programs.restore(family), ["--noflush", "-w", "10"], input: patch)
  }

  private func run(
    _ program: String, _ arguments: [String], input: [UInt8] = []
  ) throws(IptablesError) -> CommandResult {
    let result: CommandResult
    do {
      result = try runner.run(Command(program, arguments), input)
    } catch {
      throw .host(error)
    }
    guard result.status == 0 else {
      throw .refused(program: program, complaint: result.complaint, .untouched)
    }
    return result
  }
}
