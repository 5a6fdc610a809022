import Foundation
import ScratchFiles

/// What changes leave behind, and what that may be at most.
struct Residue {
  /// The most entries of the history and files of elements that there were.
  private(set) var entries = 0
  private(set) var elementFiles = 0
  /// The most bytes of all files of the states.
  private(set) var bytes = 0
  /// Kilobytes and descriptors of the processes that watch over changes, one after the other.
  private(set) var keepers: [(kilobytes: Int, descriptors: Int)] = []
  private(set) var failures: [String] = []

  /// The limit of the history, and the accepted entry.
  private static let entryLimit = 21
  /// Maps whose elements a change has kept that was killed before it was written down; the next
  /// change clears them away.
  private static let unfinishedLimit = 4

  mutating func measureStates(of host: LiveHost) throws {
    let states = try names(host.stateDirectory)
    let history = try names("\(host.stateDirectory)/history")
    let elements = try names("\(host.stateDirectory)/elements")
    let running = try names("\(host.scratch.path)/run")
    entries = max(entries, history.count)
    elementFiles = max(elementFiles, elements.count)
    let unused = Set(elements.map { $0.prefix { $0 != "." } })
      .subtracting(try elementsInUse(by: history, of: host))
    let isBounded = history.count <= Self.entryLimit && unused.count <= Self.unfinishedLimit
    let isClean =
      states.allSatisfy { [".keep", "history", "elements", "accepted.nft"].contains($0) }
      && running.allSatisfy { [".keep", "lock", "known", "sysctls"].contains($0) }
      && (history + elements).allSatisfy { $0.hasSuffix(".nft") || $0.hasSuffix(".set") }
    if !isBounded || !isClean {
      failures.append("files left behind: \(states) \(history) \(elements) \(running)")
    }
    bytes = max(bytes, try size(host.stateDirectory))
  }

  /// The names of the elements that entries of the history speak of.
  private func elementsInUse(by history: [String], of host: LiveHost) throws -> Set<Substring> {
    var result: Set<Substring> = []
    for name in history {
      let path = "\(host.stateDirectory)/history/\(name)"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      for line in text.split(separator: "\n").prefix(100) where line.hasPrefix("# elements ") {
        let words = line.split(separator: " ")
        if words.count > 5 { result.insert(Substring(String(words[5]))) }
      }
    }
    return result
  }

  /// Looks at the process that watches over a change.
  mutating func measureKeeper(of host: LiveHost) throws {
    let processes = try Self.processes(naming: host.stateDirectory)
    guard let keeper = processes.first, processes.count == 1 else {
      return failures.append("\(processes.count) processes watch over a change")
    }
    let status = try String(contentsOfFile: "/proc/\(keeper)/status", encoding: .utf8)
    let resident = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    let kilobytes = resident?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    keepers.append((kilobytes ?? 0, try names("/proc/\(keeper)/fd").count))
  }

  mutating func measureEnd(of host: LiveHost) throws {
    for _ in 0..<40 {
      if try Self.processes(naming: host.stateDirectory).isEmpty { break }
      usleep(50_000)
    }
    let left = try Self.processes(naming: host.stateDirectory)
    if !left.isEmpty { failures.append("processes left behind: \(left)") }
    if let first = keepers.first,
      keepers.contains(where: {
        $0.descriptors > first.descriptors || $0.kilobytes > first.kilobytes * 3 / 2
      })
    {
      failures.append("processes that watch over changes grow: \(keepers)")
    }
  }

  private static func processes(naming path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
      guard Int(name) != nil,
        let words = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
      else { return false }
      return String(decoding: words, as: UTF8.self).contains(path)
    }
  }

  private func names(_ folder: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder)
  }

  private func size(_ folder: String) throws -> Int {
    try FileManager.default.subpathsOfDirectory(atPath: folder).reduce(0) { total, name in
      let file = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
      return total + (file[.size] as? Int ?? 0)
    }
  }
}
