import Diagnostics
import Driver
import HeaderSpace
import Host
import Netfilter

extension Diff {
  /// Compares what connections come to.
  func compareFlows() throws {
    let report = try policies.count == 2 ? flowsOfTwo() : flowsOfKernel()
    switch format {
    case .text:
      let text = FlowDifferenceText(report, isColored: color.isOn(for: .output)).text
      try StandardStream.output.write(text)
    case .json: try StandardStream.output.write(JSONText.text(report))
    }
    if !report.same { throw ExitStatus.findings }
  }

  private func flowsOfTwo() throws -> FlowDifferenceReport {
    let before = try FlowInput([policies[0]], hostOption, assumed.capabilities, color)
    let after = try FlowInput([policies[1]], hostOption, assumed.capabilities, color)
    return FlowDifferenceReport(
      FlowDifference(from: before.installation, to: after.installation), from: before.name,
      to: after.name)
  }

  private func flowsOfKernel() throws -> FlowDifferenceReport {
    let (result, kernel) = try compiledBesideKernel(policies[0])
    let after = try FlowInput([policies[0]], result, color)
    let live = try kernel.get()
    guard let before = Installation(live: live, on: after.compilation) else {
      throw ExitStatus.mistake
    }
    if live.unreadObjects > 0 {
      try StandardStream.error.write(
        "bridgeward: what somebody else put into our tables is not taken into account; "
          + "`diff` shows it\n")
    }
    return FlowDifferenceReport(
      FlowDifference(from: before, to: after.installation), from: "live", to: after.name)
  }
}

/// A policy whose flows are asked for.
struct FlowInput {
  let name: String
  let compilation: Compilation
  let installation: Installation

  init(
    _ files: [String], _ host: HostOption, _ capabilities: Set<Capability>, _ color: ColorOption
  ) throws {
    let compiler = Compiler(host: host.host, capabilities: capabilities)
    let result = try compiler.compileForTool(files.map { PolicyInput(argument: $0) })
    try self.init(files, result, color)
  }

  /// Errors of the policy are shown and end the command. Of warnings `check` speaks.
  init(_ files: [String], _ result: Compilation, _ color: ColorOption) throws {
    guard let installation = Installation(result) else {
      try Findings(log: result.log, sources: result.sources).write(to: .error, color: color)
      throw ExitStatus.mistake
    }
    name = files.joined(separator: " ")
    compilation = result
    self.installation = installation
  }
}
