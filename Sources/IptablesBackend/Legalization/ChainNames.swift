/// Names for iptables: short, unique, and the same for the same ruleset in every run.
struct ChainNames {
  /// The longest name that `iptables-restore` takes, in bytes (XT_EXTENSION_MAXNAMELEN).
  static let limit = 28

  private var names: [String: String] = [:]
  private var taken: Set<String> = []
  private var serials: [String: Int] = [:]

  /// The name of the chain that the ruleset calls `name`.
  mutating func own(_ name: String) -> String {
    if let known = names[name] { return known }
    let result = unique("BW-" + name)
    names[name] = result
    return result
  }

  /// A name for a chain that is needed to say what `parent` says.
  mutating func auxiliary(of parent: String) -> String {
    serials[parent, default: 0] += 1
    return unique("\(parent).\(serials[parent, default: 0])")
  }

  private mutating func unique(_ wanted: String) -> String {
    var name = wanted.utf8.count <= Self.limit ? wanted : Self.shortened(wanted, salt: 0)
    var salt: UInt32 = 0
    while !taken.insert(name).inserted {
      salt += 1
      name = Self.shortened(wanted, salt: salt)
    }
    return name
  }

  /// The beginning of `name`, and what tells it from others that begin so.
  private static func shortened(_ name: String, salt: UInt32) -> String {
    String(name.prefix(limit - 9)) + "-" + fingerprint("\(name) \(salt)")
  }
}

/// Eight hexadecimal digits that depend on `text` alone (FNV-1a, 32 bits).
func fingerprint(_ text: String) -> String {
  var hash: UInt32 = 0x811C_9DC5
  for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
  let digits = String(hash, radix: 16)
  return String(repeating: "0", count: 8 - digits.count) + digits
}
