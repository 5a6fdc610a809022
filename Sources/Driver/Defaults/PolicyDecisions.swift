import Diagnostics
import PolicyModel

extension DecisionCollector {
  /// What the policy as a whole leaves open.
  mutating func addPolicy() {
    let subject = "policy"
    for file in written.filesWithoutLanguage {
      let start = SourceSpan(file: file, start: 0, end: 0)
      add("language", "1", "the file is read as version 1", of: subject, at: start)
    }
    if policy.uplinks.isEmpty {
      add(
        "uplink", "every other interface",
        "whatever is no network's interface leads to the world", of: subject)
    }
    if !written.hasSysctl {
      add("sysctl", "manage", "applying the policy turns forwarding on", of: subject)
    }
    if policy.mssClamp == nil {
      add("mss clamp", "none", "TCP segment sizes are left as they are", of: subject)
    }
    if policy.deniedLog == nil {
      add("log denied", "none", "what is dropped is dropped without a trace", of: subject)
    }
    add(
      "default host -> container", "allow", "the host reaches its containers", of: subject)
    add(
      "default container -> host", "as the host says",
      "the host's own firewall decides, unless `deny` or `default deny` does", of: subject)
  }
}
