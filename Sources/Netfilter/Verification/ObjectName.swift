/// Whether nft can read `name` back as the name of a chain, set or map.
func isObjectName(_ name: String) -> Bool {
  let bytes = Array(name.utf8)
  guard let first = bytes.first, bytes.count <= 127, isLetter(first) else { return false }
  let isPlain = bytes.allSatisfy { byte in
    isLetter(byte) || byte == UInt8(ascii: "-")
      || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
  }
  return isPlain && !wordsOfNft.contains(name)
}

private func isLetter(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "_"):
    true
  default: false
  }
}

/// The words that nft 1.0.6 refuses as names of chains or sets; it has no way to quote them.
private let wordsOfNft: Set<String> = [
  "accept", "add", "ah", "all", "and", "arp", "bridge", "chain", "comment", "comp", "constant",
  "counter", "create", "ct", "day", "dccp", "define", "delete", "describe", "destroy", "device",
  "dnat", "drop", "dst", "dup", "dynamic", "egress", "elements", "eq", "esp", "ether", "exists",
  "export", "fib", "flags", "flow", "flowtable", "flush", "frag", "fwd", "geneve", "get",
  "goto", "gre", "gretap", "gt", "handle", "hbh", "hook", "hour", "icmp", "icmpv6", "igmp",
  "iif", "iifname", "import", "include", "index", "inet", "insert", "interval", "ip", "ip6",
  "jhash", "jump", "last", "limit", "list", "ll", "log", "lt", "map", "mark", "masquerade",
  "meta", "meter", "mh", "missing", "monitor", "ne", "netdev", "nh", "not", "notrack", "numgen",
  "offload", "oif", "oifname", "or", "osf", "policy", "priority", "queue", "quota", "random",
  "redefine", "redirect", "reject", "replace", "reset", "return", "rt", "rt0", "rt2", "rt4",
  "rule", "sctp", "secmark", "set", "size", "snat", "socket", "srh", "symhash", "synproxy",
  "table", "tcp", "th", "time", "timeout", "tproxy", "type", "typeof", "udp", "udplite",
  "undefine", "update", "vlan", "vmap", "vxlan", "xor",
]
