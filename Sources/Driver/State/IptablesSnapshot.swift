package import Host
import IptablesBackend
import NetworkTypes

/// A state of our chains in iptables, as it is kept.
///
/// In the file it is remarks, for saved states are scripts of nft: `#p` names the programs, and lines
/// after `#4 ` and `#6 ` are what iptables-save and ip6tables-save show of ours.
package struct IptablesSnapshot: Hashable, Sendable {
  let programs: IptablesPrograms
  let state: IptablesState

  init(programs: IptablesPrograms, state: IptablesState) {
    self.programs = programs
    self.state = state
  }

  /// - Throws: Where the entry holds something else.
  package init(_ entry: StateEntry) throws(HostError) {
    do throws(StateDamage) {
      try self.init(script: entry.script)
    } catch {
      throw HostError(
        error, in: "the state of \(entry.header.time)",
        mend: "choose another entry of `bridgeward history`")
    }
  }

  private init(script: [UInt8]) throws(StateDamage) {
    var texts: [AddressFamily: [UInt8]] = [:]
    var programs: IptablesPrograms?
    for line in script.split(separator: UInt8(ascii: "\n")) {
      let rest = line.dropFirst(Self.markLength)
      switch line.prefix(Self.markLength) {
      case Self.mark(.ipv4): texts[.ipv4, default: []] += rest + [UInt8(ascii: "\n")]
      case Self.mark(.ipv6): texts[.ipv6, default: []] += rest + [UInt8(ascii: "\n")]
      case Self.programMark[...]:
        let names = String(decoding: rest, as: UTF8.self).split(separator: " ")
        let words = names.compactMap { StateWord.plain(String($0)) }
        guard words.count == 2 else {
          throw .line(String(decoding: line.prefix(20), as: UTF8.self))
        }
        programs = IptablesPrograms(ipv4: words[0], ipv6: words[1])
      default: throw .line(String(decoding: line.prefix(20), as: UTF8.self))
      }
    }
    guard let programs else { throw .end }
    var rulesets: [OwnRuleset] = []
    for family in AddressFamily.allCases {
      guard let ruleset = try? readSaveText(texts[family] ?? [], family: family) else {
        throw .snapshot
      }
      rulesets.append(ruleset)
    }
    self.init(programs: programs, state: IptablesState(rulesets))
  }

  /// What the entry's script is.
  package var script: [UInt8] {
    let names = [programs.ipv4, programs.ipv6].map(StateWord.escaped)
    var text = Self.programMark + "\(names[0]) \(names[1])\n".utf8
    for ruleset in state.rulesets {
      for line in saveText(ruleset).split(separator: UInt8(ascii: "\n")) {
        text += Self.mark(ruleset.family) + line + [UInt8(ascii: "\n")]
      }
    }
    return text
  }

  private static let markLength = 3
  private static let programMark = Array("#p ".utf8)

  private static func mark(_ family: AddressFamily) -> ArraySlice<UInt8> {
    Array("#\(family.rawValue) ".utf8)[...]
  }
}

extension IptablesSnapshot {
  /// The chains that the programs act upon.
  var live: IptablesLive { IptablesLive(programs) }
}
