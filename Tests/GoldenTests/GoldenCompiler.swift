import Diagnostics
import Driver
import Foundation
import HeaderSpace
import Netfilter
import Syntax

/// One case, compiled by the way that the program takes.
struct GoldenCompiler {
  private let golden: GoldenCase
  let compilation: Compilation

  init(_ golden: GoldenCase) throws {
    self.golden = golden
    let compiler = Compiler(host: golden.options.host, capabilities: golden.options.assumed)
    let read = try compiler.read([.path(golden.policy.path)])
    let folder = golden.policy.deletingLastPathComponent().path + "/"
    compilation = compiler.compile(
      read.renamed { $0.hasPrefix(folder) ? String($0.dropFirst(folder.count)) : $0 })
  }

  var hasErrors: Bool { compilation.log.hasErrors }

  /// Whether there is an output of `backend`.
  func prints(for backend: Backend) -> Bool {
    backend.output(of: compilation).map { !$0.log.hasErrors } ?? false
  }

  /// Every output that there is.
  func outputs() -> [GoldenOutput: String] {
    var result: [GoldenOutput: String] = [:]
    var log = compilation.log
    for backend in Backend.allCases {
      guard let output = backend.output(of: compilation) else { continue }
      for finding in output.log.sorted { log.add(finding) }
      if !output.log.hasErrors, golden.isWorthKeeping(backend) {
        result[GoldenOutput(backend)] = String(decoding: output.bytes, as: UTF8.self)
      }
    }
    result[.ruleset] = compilation.ruleset.map { dump($0) }
    if golden.isExample { result[.exposure] = exposure() }
    if !log.isEmpty {
      result[.diagnostics] = TextRenderer(compilation.sources, isColored: false).render(log)
    }
    return result
  }
}

extension GoldenCompiler {
  private func exposure() -> String? {
    guard let policy = compilation.policy, let installation = Installation(compilation) else {
      return nil
    }
    return ExposureText(ExposureReport(installation, of: policy, named: golden.name)).text
  }
}

extension PolicySources {
  /// The same files by other names.
  func renamed(_ name: (String) -> String) -> PolicySources {
    var result = PolicySources()
    result.isComplete = isComplete
    result.log = log
    for file in sources.files {
      let index = result.sources.add(name: name(file.name), bytes: file.bytes)
      // What there is to say about the text is in `log` already.
      var log = DiagnosticLog()
      result.trees.append(parse(result.sources[index], log: &log))
    }
    return result
  }
}

extension GoldenOutput {
  /// The file that holds what `backend` prints.
  init(_ backend: Backend) {
    guard let output = GoldenOutput(rawValue: "output.\(backend.rawValue)") else {
      preconditionFailure("GoldenOutput needs a case for \(backend)")
    }
    self = output
  }
}

extension GoldenCase {
  /// The calls from built-in chains say little that the chains do not: examples show them.
  fileprivate func isWorthKeeping(_ backend: Backend) -> Bool {
    switch backend {
    case .nft, .iptables, .ip6tables: true
    case .iptablesHooks: name.hasPrefix("\(Self.exampleNoun)/")
    }
  }
}
