import Driver
import Foundation
import Host
import ScratchFiles

/// A machine that consists of files and of what programs are made to print.
struct DoctorHost {
  let scratch: Scratch
  /// What commands print, by their words.
  var outputs: [String: String] = [:]

  init() throws { scratch = try Scratch() }

  /// Writes a file below the root.
  func file(_ path: String, _ text: String) throws { try scratch.write("root/\(path)", text) }

  func examine(_ policy: String) throws -> DoctorReport {
    let compilation = try Compiler().compile([.path(scratch.write("p.ward", policy))])
    let outputs = outputs
    let runner = CommandRunner { command, _ throws(HostError) in
      let words = ([command.program] + command.arguments).joined(separator: " ")
      if let output = outputs[words] { return CommandResult(status: 0, output: Array(output.utf8)) }
      throw HostError(.notFound, "run \(command.program)", advice: "it is not part of the test")
    }
    let doctor = Doctor(
      system: SystemFacts(root: scratch.path + "/root"), runner: runner,
      decode: { try? JSONDecoder().decode(JSONTree.self, from: Data($0)) })
    return doctor.examine(compilation)
  }

  func kinds(_ policy: String) throws -> [String] {
    try examine(policy).findings.map(\.kind.rawValue).filter { $0 != "foreign-unread" }
  }
}
