import CNftnl
import Netfilter

extension TableFamily {
  /// The number of the family (linux/netfilter.h).
  var number: UInt8 {
    switch self {
    case .inet: UInt8(NFPROTO_INET)
    case .bridge: UInt8(NFPROTO_BRIDGE)
    }
  }

  init?(number: UInt8) {
    guard let family = Self.allCases.first(where: { $0.number == number }) else { return nil }
    self = family
  }
}

extension Hook {
  /// The number of the hook, the same for inet (`enum nf_inet_hooks`) and for bridges
  /// (linux/netfilter_bridge.h).
  var number: UInt32 {
    switch self {
    case .prerouting: 0
    case .input: 1
    case .forward: 2
    case .output: 3
    case .postrouting: 4
    }
  }

  init?(number: UInt32) {
    guard let hook = Self.allCases.first(where: { $0.number == number }) else { return nil }
    self = hook
  }
}
