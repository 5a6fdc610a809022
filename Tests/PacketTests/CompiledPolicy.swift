import Diagnostics
import Driver
import Foundation
import Netfilter
import PolicyModel
import ScratchFiles
import TestSupport

/// What the compiler makes of a policy file.
struct CompiledPolicy {
  private let file: String
  private let compilation: Compilation
  let policy: Policy

  /// Compiles a policy that must have no errors.
  init(file: String) throws {
    self.file = file
    compilation = try Compiler().compile([.path(file)])
    try Self.check(compilation.log, of: file)
    guard let policy = compilation.policy else {
      throw PolicyRefused(file: file, reasons: ["no policy"])
    }
    self.policy = policy
  }

  /// The rules in no backend's words, for kernels that can do what `capabilities` says.
  func ruleset(assuming capabilities: Set<Capability>) throws -> Ruleset {
    let compilation =
      capabilities.isEmpty
      ? compilation : try Compiler(capabilities: capabilities).compile([.path(file)])
    guard let ruleset = compilation.ruleset else {
      throw PolicyRefused(file: file, reasons: ["no ruleset"])
    }
    return ruleset
  }

  private static func check(_ log: DiagnosticLog, of file: String) throws {
    let errors = log.sorted.filter { $0.severity == .error }
    guard errors.isEmpty else {
      throw PolicyRefused(file: file, reasons: errors.map { "[\($0.id.rawValue)] \($0.message)" })
    }
  }

  /// The rules for a tool, and the ids of all findings.
  ///
  /// - Parameters:
  ///   - other: the file of a policy that the host kept before, for tools that go on from there.
  ///   - scratch: for what tools write.
  func output(
    for tool: FirewallTool, after other: String, scratch: Scratch
  ) throws -> (program: FirewallProgram, ids: Set<DiagnosticID>) {
    var ids = Set(compilation.log.sorted.map(\.id))
    func text(_ name: String) throws -> String {
      guard let backend = Backend(rawValue: name), let output = backend.output(of: compilation)
      else { throw PolicyRefused(file: file, reasons: ["no output for \(name)"]) }
      try Self.check(output.log, of: file)
      ids.formUnion(output.log.sorted.map(\.id))
      return String(decoding: output.bytes, as: UTF8.self)
    }
    func iptables(_ variant: IptablesVariant) throws -> FirewallProgram {
      .iptables(
        variant, ipv4: try text("iptables"), ipv6: try text("ip6tables"),
        hooks: try text("iptables-hooks"))
    }
    let program: FirewallProgram
    switch tool {
    case .nft: program = .nft(try text("nft"))
    case .iptablesNft: program = try iptables(.nft)
    case .iptablesLegacy: program = try iptables(.legacy)
    case .apply: program = try applied([file], scratch)
    case .applyOnTop: program = try applied([other, file], scratch)
    }
    return (program, ids)
  }
}

extension CompiledPolicy {
  /// The program that was built with the tests.
  static let program = Bundle.main.bundleURL.appendingPathComponent("bridgeward").path

  /// Copies, because who may write a checkout is the user's choice.
  private func applied(_ files: [String], _ scratch: Scratch) throws -> FirewallProgram {
    var copies: [String] = []
    for (number, file) in files.enumerated() {
      let text = [UInt8](try Data(contentsOf: URL(filePath: file)))
      let copy = try scratch.write("policy-\(number).ward", text)
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: copy)
      copies.append(copy)
    }
    return .bridgeward(program: Self.program, policies: copies, directory: scratch.path)
  }
}

/// A policy that the compiler does not take.
struct PolicyRefused: Error, CustomStringConvertible {
  let file: String
  let reasons: [String]

  var description: String { "\(file): \(reasons.joined(separator: "; "))" }
}
