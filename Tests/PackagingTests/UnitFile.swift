import Foundation

/// A systemd unit of ours.
struct UnitFile {
  let text: String

  static let names = ["bridgeward-boot.service", "bridgeward.service"]

  init(_ name: String) throws {
    text = try String(
      contentsOfFile: "\(Script.root)/Packaging/systemd/\(name)", encoding: .utf8)
  }

  /// The values of a setting, in order.
  func values(of key: String) -> [String] {
    text.split(separator: "\n").filter { $0.hasPrefix("\(key)=") }
      .map { String($0.dropFirst(key.count + 1)) }
  }

  /// What both units are to have in common.
  var hardening: Substring {
    text[(text.range(of: "# The same in both units.")?.lowerBound ?? text.endIndex)...]
  }
}
