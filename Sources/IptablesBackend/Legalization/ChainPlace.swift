import Netfilter

/// The built-in chain of iptables that stands for a base chain.
struct ChainPlace: Hashable {
  let table: TableName
  let builtin: BuiltinChain

  /// The place that is called when `base` would be: between conntrack (-200), mangle (-150), nat
  /// (-100 and 100) and filter (0) nothing may be reordered. `nil` where there is none.
  init?(_ base: BaseChain) {
    builtin = BuiltinChain(base.hook)
    switch base.purpose {
    case .nat:
      if base.hook == .forward { return nil }
      table = .nat
    case .filter:
      guard let table = Self.filterTable(base.hook, base.priority) else { return nil }
      self.table = table
    }
  }

  private static func filterTable(_ hook: Hook, _ priority: Int32) -> TableName? {
    switch hook {
    case .prerouting:
      if priority < -200 { return .raw }
      return priority < HookPriority.destinationNAT ? .mangle : nil
    case .output:
      if priority < -200 { return .raw }
      return priority < HookPriority.destinationNAT ? .mangle : .filter
    case .input, .forward: return priority < HookPriority.filter ? .mangle : .filter
    case .postrouting: return priority < HookPriority.sourceNAT ? .mangle : nil
    }
  }
}

extension BuiltinChain {
  init(_ hook: Hook) {
    switch hook {
    case .prerouting: self = .prerouting
    case .input: self = .input
    case .forward: self = .forward
    case .output: self = .output
    case .postrouting: self = .postrouting
    }
  }

  /// Whether packets here still have the interface they came in by.
  var knowsInput: Bool {
    switch self {
    case .prerouting, .input, .forward: true
    case .output, .postrouting: false
    }
  }

  /// Whether packets here have the interface they will leave by.
  var knowsOutput: Bool {
    switch self {
    case .forward, .output, .postrouting: true
    case .prerouting, .input: false
    }
  }
}
