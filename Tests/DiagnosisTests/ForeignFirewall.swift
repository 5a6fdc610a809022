import Foundation
import Testing

/// The rules of somebody else, as a program would load them.
enum ForeignFirewall: String, CaseIterable, CustomTestStringConvertible {
  case none
  case ufwNft = "ufw through iptables-nft"
  case ufwLegacy = "ufw through iptables-legacy"
  case dockerNft = "Docker through iptables-nft"
  case dockerLegacy = "Docker through iptables-legacy"
  case firewalld
  case nft = "a table of nft"

  var testDescription: String { rawValue }

  /// The program that takes the rules, and their file.
  var loading: (program: [String], fixture: String)? {
    switch self {
    case .none: nil
    case .ufwNft: (["iptables-nft-restore"], "ufw.v4")
    case .ufwLegacy: (["iptables-legacy-restore"], "ufw.v4")
    case .dockerNft: (["iptables-nft-restore"], "docker.v4")
    case .dockerLegacy: (["iptables-legacy-restore"], "docker.v4")
    case .firewalld: (["nft", "-f", "-"], "firewalld.nft")
    case .nft: (["nft", "-f", "-"], "drop.nft")
    }
  }

  /// Whether it drops a published port, and a service of the host.
  var drops: (forward: Bool, input: Bool) {
    switch self {
    case .none: (false, false)
    case .ufwNft, .ufwLegacy: (true, true)
    case .dockerNft, .dockerLegacy: (true, false)
    // It lets through what was mapped.
    case .firewalld: (false, true)
    // 9000 is open there.
    case .nft: (true, false)
    }
  }

  /// Whether what doctor says to do needs no program that is not here.
  var canBeMended: Bool {
    switch self {
    case .none, .ufwNft, .ufwLegacy, .firewalld: false
    case .dockerNft, .dockerLegacy, .nft: true
    }
  }

  static func fixture(_ name: String) throws -> String {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "Fixtures").appending(path: name)
    return String(decoding: try Data(contentsOf: file), as: UTF8.self)
  }
}
