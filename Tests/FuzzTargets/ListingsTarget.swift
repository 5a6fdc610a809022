import Diagnostics
import Driver
import Foundation
import Host
import Syntax

/// Whatever the system's programs show of others' rules, doctor has an answer.
///
/// Bytes up to one of 0xFF are what nft shows, those after it what iptables-save shows.
func checkListings(_ bytes: [UInt8]) throws(BrokenLaw) {
  let parts = bytes.split(separator: 0xFF, maxSplits: 1, omittingEmptySubsequences: false)
  let listing = Array(parts.first ?? [])
  let save = parts.count > 1 ? Array(parts[1]) : []
  let table = save.isEmpty ? ownTable : iptablesTable
  let runner = CommandRunner { command, _ in
    guard command.program == "nft" else { return CommandResult(status: 0, output: save) }
    let asksForTables = command.arguments == ["-j", "list", "tables"]
    return CommandResult(status: 0, output: asksForTables ? Array(table.utf8) : listing)
  }
  let doctor = Doctor(
    system: SystemFacts(root: "/nonexistent"), runner: runner,
    decode: { try? JSONDecoder().decode(JSONTree.self, from: Data($0)) })
  let examined = examinedPolicy()
  try require(examined.policy != nil, "the policy that is examined has no errors")
  for finding in doctor.examine(examined).findings {
    try require(!finding.what.isEmpty, "findings say something")
  }
}

private let ownTable = #"{"nftables": [{"table": {"family": "inet", "name": "fuzz"}}]}"#
private let iptablesTable = #"{"nftables": [{"table": {"family": "ip", "name": "filter"}}]}"#

/// A policy whose flows meet the rules of others.
private func examinedPolicy() -> Compilation {
  let text = """
    language 1
    uplink eth0
    network front {
        bridge br-front
        subnet 172.18.0.0/16, fd00:18::/64
        masquerade
        container web 172.18.0.10, fd00:18::10
        publish tcp 80 -> web from 203.0.113.0/24
        publish udp 53 -> web:5353
    }
    allow world -> host tcp 22
    """
  var sources = PolicySources()
  let file = sources.sources.add(name: "fuzz.ward", bytes: Array(text.utf8))
  sources.trees = [parse(sources.sources[file], log: &sources.log)]
  return Compiler().compile(sources)
}
