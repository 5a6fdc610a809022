import Host
import IptablesBackend
import Netfilter
import NetworkTypes

/// What there is of others' rules on this machine.
struct ForeignRules: Sendable {
  var tables: [ForeignTable] = []
  /// What could not be looked at, and why.
  var unread: [String] = []
  /// Whether iptables-legacy has rules, or a policy other than accept.
  var usesLegacy = false
  /// The tables of nf_tables, ours included, by their names.
  var nftTables: [String] = []
}

/// Reads others' rules through the programs that show them.
struct ForeignReader {
  let runner: CommandRunner
  let decode: JSONDecoding
  let system: SystemFacts

  func read() -> ForeignRules {
    var result = ForeignRules()
    readNft(into: &result)
    readLegacy(into: &result)
    return result
  }

  private func readNft(into result: inout ForeignRules) {
    guard let listing = json(["list", "tables"], &result) else { return }
    for object in listing["nftables"]?.array ?? [] {
      guard let table = object["table"], let family = table["family"]?.text,
        let name = table["name"]?.text
      else { continue }
      result.nftTables.append("\(family) \(name)")
      guard ["ip", "ip6", "inet"].contains(family), name != "bridgeward" else { continue }
      guard let listing = json(["list", "table", family, name], &result) else { continue }
      let texts = ruleTexts(output("nft", ["-a", "list", "table", family, name], &result) ?? [])
      let isIptables = family != "inet" && Self.iptablesTables.contains(name)
      var reader = NftTableReader(
        isIptables ? .iptablesNft : .nft, family: family, table: name, texts: texts)
      let foreign = reader.table(listing)
      result.tables.append(isIptables ? merged(foreign, family, &result) : foreign)
    }
  }

  private static let iptablesTables: Set<String> = ["filter", "nat", "mangle", "raw", "security"]

  /// Rules of iptables-nft as iptables shows them: nft cannot read all of their conditions. Others
  /// may have put rules of nft between them, which iptables shows wrongly.
  private func merged(
    _ table: ForeignTable, _ family: String, _ result: inout ForeignRules
  ) -> ForeignTable {
    let own: AddressFamily = family == "ip" ? .ipv4 : .ipv6
    let program = own == .ipv4 ? "iptables-nft-save" : "ip6tables-nft-save"
    let name = String(table.name.dropFirst(family.count + 1))
    guard let text = output(program, ["-t", name], &result) else { return table }
    guard let saved = try? foreignTables(text, own, .iptablesNft).first else {
      result.unread.append("\(program) shows nothing of the table `\(name)`")
      return table
    }
    var merged = table
    merged.own = saved.own
    let chains = Dictionary(saved.chains.map { ($0.name, $0) }) { first, _ in first }
    for index in merged.chains.indices {
      guard let other = chains[merged.chains[index].name],
        other.rules.count == merged.chains[index].rules.count
      else { continue }
      for number in other.rules.indices {
        let rule = merged.chains[index].rules[number]
        if rule.conditions.contains(.unknown("xt")) || rule.says(other.rules[number]) {
          merged.chains[index].rules[number] = other.rules[number]
        }
      }
    }
    return merged
  }

  /// Looks at ip_tables only where it is in use, for looking loads its module.
  private func readLegacy(into result: inout ForeignRules) {
    for family in AddressFamily.allCases {
      let list = family == .ipv4 ? "proc/net/ip_tables_names" : "proc/net/ip6_tables_names"
      guard system.text(list)?.contains(where: { !$0.isWhitespace }) == true else { continue }
      let program = family == .ipv4 ? "iptables-legacy-save" : "ip6tables-legacy-save"
      guard let text = output(program, [], &result) else { continue }
      guard let tables = try? foreignTables(text, family, .iptablesLegacy) else {
        result.unread.append("what \(program) shows cannot be read")
        continue
      }
      result.tables += tables
      result.usesLegacy =
        result.usesLegacy
        || tables.contains { table in
          table.chains.contains { !$0.rules.isEmpty || $0.base?.drops == true }
        }
    }
  }

  private func json(_ arguments: [String], _ result: inout ForeignRules) -> JSONTree? {
    guard let bytes = output("nft", ["-j"] + arguments, &result) else { return nil }
    guard let tree = decode(bytes) else {
      result.unread.append("what `nft -j \(arguments.joined(separator: " "))` shows is no JSON")
      return nil
    }
    return tree
  }

  private func output(
    _ program: String, _ arguments: [String], _ result: inout ForeignRules
  ) -> [UInt8]? {
    do {
      let outcome = try runner.run(Command(program, arguments), [])
      if outcome.status == 0 { return outcome.output }
      result.unread.append("\(program) failed: \(outcome.complaint)")
    } catch {
      result.unread.append("\(error)")
    }
    return nil
  }
}

/// Reads JSON; `nil` for what is none.
package typealias JSONDecoding = @Sendable ([UInt8]) -> JSONTree?

extension ForeignRule {
  /// Whether the two mean the same, as far as they are understood.
  fileprivate func says(_ other: ForeignRule) -> Bool {
    effect == other.effect && Set(conditions) == Set(other.conditions)
  }
}
