package import Host
package import Lowering

/// Settings of interfaces that come later.
///
/// systemd's udev rule runs systemd-sysctl for each interface that appears, which makes the settings
/// of `sysctl.d` for it: so that is where they are put. What `conf.default` says would hold for
/// everybody's interfaces, and is left alone.
package struct DeferredSysctls: Hashable, Sendable {
  /// Where systemd reads what holds until the next boot.
  package static let standardDirectory = "/run/sysctl.d"

  private let directory: String
  private var path: String { "\(directory)/60-bridgeward.conf" }

  package init(directory: String = Self.standardDirectory) { self.directory = directory }

  /// Makes the settings of interfaces among `settings` hold for these whenever they appear; with
  /// none among them, the file goes.
  package func write(_ settings: [SysctlSetting]) throws(HostError) {
    let lines = settings.filter { Self.interface(of: $0.name) != nil }.map {
      "# \($0.reason)\n\($0.name) = \($0.value)\n"
    }
    if lines.isEmpty { return try OutputFile(path).remove() }
    try Directory(directory).make()
    try OutputFile(path).write(
      Array("# Made by bridgeward for the policy that is applied.\n\(lines.joined())".utf8))
  }

  /// The interface that a setting is of; `nil` for settings of all of them.
  package static func interface(of name: String) -> String? {
    let parts = name.split(separator: "/")
    guard parts.count == 5, parts[0] == "net", parts[2] == "conf", parts[3] != "all",
      parts[3] != "default"
    else { return nil }
    return String(parts[3])
  }

  /// What a setting of an interface that does not exist would be once it does, but for us.
  static func laterValue(of name: String, in store: SysctlStore) throws(HostError) -> String? {
    guard interface(of: name) != nil else { return nil }
    var parts = name.split(separator: "/").map(String.init)
    parts[3] = "default"
    return try store.valueIfPresent(of: parts.joined(separator: "/"))
  }
}
