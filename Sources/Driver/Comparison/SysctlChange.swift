import Lowering
import PolicyModel

/// A kernel setting that has another value than a policy needs.
package struct SysctlChange: Hashable, Sendable {
  /// The name below `/proc/sys`, with slashes.
  package let name: String
  /// `nil` where it is not known, or there is no such setting (yet).
  package let before: String?
  package let after: String
  /// What it is for, in a few words.
  package let reason: String

  package init(name: String, before: String?, after: String, reason: String) {
    self.name = name
    self.before = before
    self.after = after
    self.reason = reason
  }
}

extension Policy {
  /// The settings that the policy needs and that have another value now, in the order in which they
  /// are to be made.
  ///
  /// - Parameter current: the value of a setting, by its name with slashes; `nil` where there is none.
  package func sysctlChanges<Failure>(
    current: (String) throws(Failure) -> String?
  ) throws(Failure) -> [SysctlChange] {
    var result: [SysctlChange] = []
    for setting in requiredSysctls(self) {
      // What has no interface yet is set when that appears.
      guard let value = try current(setting.name), value != setting.value else { continue }
      result.append(
        SysctlChange(
          name: setting.name, before: value, after: setting.value, reason: setting.reason))
    }
    return result
  }

  /// The settings that the policy needs and `other` does not.
  func sysctlChanges(from other: Policy) -> [SysctlChange] {
    let known = Set(requiredSysctls(other).map(\.name))
    return requiredSysctls(self).filter { !known.contains($0.name) }.map {
      SysctlChange(name: $0.name, before: nil, after: $0.value, reason: $0.reason)
    }
  }
}
