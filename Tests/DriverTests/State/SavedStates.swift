import Driver
import Foundation
import Host

/// States to save.
enum SavedStates {
  static let header = StateHeader(
    time: WallTime(seconds: 1_795_275_000), host: "alpha", backend: .nft,
    policies: ["/etc/bridgeward/a b.ward", "/etc/bridgeward/back\\slash\n.ward"],
    digest: SHA256Digest(of: Array("policy".utf8)),
    sysctls: [
      SysctlRecord(name: "net/ipv4/ip_forward", value: "1", before: nil),
      SysctlRecord(
        name: "net/ipv6/conf/all/forwarding", value: "1", before: "0",
        companions: [.init(name: "net/ipv6/conf/eth0.5/forwarding", value: "1")]),
    ])

  /// A state whose policy is told from others by `name`.
  static func state(
    _ name: String = "policy", script: String = "add table inet x\n", snapshot: Int = 100
  ) -> StateEntry {
    let header = StateHeader(
      time: header.time, host: header.host, backend: header.backend, policies: header.policies,
      digest: SHA256Digest(of: Array(name.utf8)), sysctls: header.sysctls)
    return StateEntry(
      header: header, script: Array(script.utf8),
      snapshot: (0..<snapshot).map { UInt8(truncatingIfNeeded: $0 &* 7) })
  }
}

extension StateEntry {
  /// What a file of these bytes is read as.
  static func read(_ bytes: [UInt8], in directory: String) throws(HostError) -> StateEntry {
    let path = "\(directory)/read.nft"
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    } catch {
      throw HostError(.other, "write \(path)", advice: "\(error)")
    }
    return try FileStore().readState(path, mend: "mend it")
  }
}
