import Foundation
import ScratchFiles
import TestSupport

/// The process that does to rules what others do: flushes them, has tables of its own, edits ours.
struct Adversary {
  /// Something that it did.
  struct Act {
    let span: SoakSpan
    let kind: String
    /// Whether our tables are no longer what the last `apply` made of them.
    let isOnOurs: Bool
  }

  private let process: RunningCommand
  private let path: String

  static func start(in network: SoakNetwork, seed: UInt64) throws -> Adversary {
    let path = "\(network.host.scratch.path)/adversary"
    return Adversary(
      process: try network.lab.python(
        file: "Soak/adversary.py", [path, "0.12", "\(seed)"], in: network.host.namespace),
      path: path)
  }

  /// Runs `body` while it rests; hands over what its tables are, by family and name.
  func rest(_ body: ([String: String]) throws -> Void) throws {
    SignalFile.create("\(path)-pause")
    defer { SignalFile.remove("\(path)-pause") }
    try SignalFile.wait(for: "\(path)-paused")
    try body(Listing.tables(try String(contentsOfFile: "\(path)-paused", encoding: .utf8)))
    SignalFile.remove("\(path)-pause")
    try SignalFile.wait(for: "\(path)-paused", exists: false)
  }

  /// Ends it, and returns what it did, and whose tables it found changed.
  func stop() throws -> (acts: [Act], touched: [String]) {
    SignalFile.create("\(path)-stop")
    var acts: [Act] = []
    var touched: [String] = []
    for line in try process.succeed().split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      if words[0] == "touched" { touched.append(String(line)) }
      guard words.count == 6, words[5] == "done", let begin = Int64(words[1]),
        let end = Int64(words[2])
      else { continue }
      acts.append(
        Act(
          span: SoakSpan(begin: SoakTime(begin), end: SoakTime(end)), kind: words[3],
          isOnOurs: words[4] != "others"))
    }
    return (acts, touched)
  }
}

/// What nft lists.
enum Listing {
  /// The tables of a listing, by family and name.
  static func tables(_ text: String) -> [String: String] {
    var result: [String: String] = [:]
    var name: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("table ") {
        name = line.split(separator: " ").dropFirst().prefix(2).joined(separator: " ")
      }
      if let name { result[name, default: ""] += "\(line)\n" }
      if line == "}" || line.hasPrefix("} #") { name = nil }
    }
    return result
  }

  /// What is in a table, in an order that does not depend on what was made first.
  static func blocks(_ table: String) -> [String] {
    var result: [String] = []
    var block = ""
    for line in table.split(separator: "\n") {
      block += "\(line)\n"
      if line == "\t}" || !line.hasPrefix("\t") {
        result.append(block)
        block = ""
      }
    }
    return result.sorted()
  }
}
