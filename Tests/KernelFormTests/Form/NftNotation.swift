import KernelForm
import Netfilter

/// Expressions and elements as `nft --debug=netlink` prints them.
enum NftNotation {
  /// The rules of the table, each a line an expression.
  static func rules(of table: KernelTable) -> [String] {
    table.chains.flatMap { chain in
      chain.rules.map { rule in
        rule.expressions.reduce("\(table.family.rawValue) \(table.name) \(chain.name)") {
          $0 + "\n  [ \(text($1)) ]"
        }
      }
    }
  }

  /// The elements of each set that has any, in the order of sets, a line an element.
  static func elements(of set: KernelSet) -> [String] {
    (0..<set.elements.count).map { index in
      let isEnd = set.elements.endsInterval(at: index)
      var line = "element \(words(set.elements.key(at: index), prefix: "")) : "
      if !isEnd {
        if !set.elements.verdicts.isEmpty {
          line += verdict(set.elements.verdicts[index]) + " "
        } else if set.dataLength > 0 {
          line += words(set.elements.value(at: index), prefix: "")
        }
      }
      return line + "\(isEnd ? 1 : 0) [end]"
    }
  }

  private static func words(_ bytes: some Collection<UInt8>, prefix: String = "0x") -> String {
    let bytes = Array(bytes)
    return stride(from: 0, to: bytes.count, by: 4).map { start in
      var word: UInt32 = 0
      for offset in 0..<4 where start + offset < bytes.count {
        word |= UInt32(bytes[start + offset]) << UInt32(8 * offset)
      }
      let digits = String(word, radix: 16)
      return prefix + String(repeating: "0", count: 8 - digits.count) + digits + " "
    }.joined()
  }

  private static func data(_ bytes: [UInt8]) -> String { words(bytes).dropLast().description }

  private static func verdict(_ verdict: Verdict) -> String {
    switch verdict {
    case .accept: "accept"
    case .drop: "drop"
    case .return: "return"
    case .jump(let chain): "jump -> \(chain)"
    case .goto(let chain): "goto -> \(chain)"
    }
  }

  private static func name(_ key: MetaKey) -> String {
    switch key {
    case .length: "len"
    case .etherType: "protocol"
    case .priority: "priority"
    case .mark: "mark"
    case .inputIndex: "iif"
    case .outputIndex: "oif"
    case .inputName: "iifname"
    case .outputName: "oifname"
    case .inputType: "iiftype"
    case .family: "nfproto"
    case .transport: "l4proto"
    case .inputBridge: "bri_iifname"
    case .outputBridge: "bri_oifname"
    case .packetType: "pkttype"
    }
  }

  private static func name(_ base: PayloadBase) -> String {
    switch base {
    case .linkLayer: "link"
    case .network: "network"
    case .transport: "transport"
    }
  }

  private static func name(_ comparison: Comparison) -> String {
    switch comparison {
    case .equal: "eq"
    case .notEqual: "neq"
    case .less: "lt"
    case .lessOrEqual: "lte"
    case .greater: "gt"
    case .greaterOrEqual: "gte"
    }
  }

  private static func unit(_ seconds: UInt64) -> String {
    switch seconds {
    case 1: "second"
    case 60: "minute"
    case 3600: "hour"
    case 86_400: "day"
    default: "\(seconds)"
    }
  }

  /// nft prints what it sends; a range of one is given once.
  private static func nat(_ nat: NAT) -> String {
    var result = "nat \(nat.side == .source ? "snat" : "dnat") \(nat.family == 2 ? "ip" : "ip6")"
    if let first = nat.firstAddress { result += " addr_min reg \(first.number)" }
    if let last = nat.lastAddress, last != nat.firstAddress {
      result += " addr_max reg \(last.number)"
    }
    if let first = nat.firstPort { result += " proto_min reg \(first.number)" }
    if let last = nat.lastPort, last != nat.firstPort {
      result += " proto_max reg \(last.number)"
    }
    // Ports from a map go without the flag; the kernel adds it.
    return result + (nat.flags == 0 ? "" : " flags 0x" + String(nat.flags, radix: 16))
  }

  private static func text(_ expression: Expression) -> String {
    switch expression {
    case .meta(let key, let register): "meta load \(name(key)) => reg \(register.number)"
    case .setMeta(let key, let register): "meta set \(name(key)) with reg \(register.number)"
    case .payload(let base, let offset, let length, let register):
      "payload load \(length)b @ \(name(base)) header + \(offset) => reg \(register.number)"
    case .setPayload(let base, let offset, let length, let register, let checksum):
      "payload write reg \(register.number) => \(length)b @ \(name(base)) header + \(offset) "
        + "csum_type \(checksum.type) csum_off \(checksum.offset) csum_flags 0x\(checksum.flags)"
    case .compare(let register, let comparison, let value):
      "cmp \(name(comparison)) reg \(register.number) \(data(value))"
    case .range(let register, let inverted, let from, let to):
      "range \(inverted ? "neq" : "eq") reg \(register.number) \(data(from)) \(data(to))"
    case .bitwise(let from, let into, let mask, let xor):
      "bitwise reg \(into.number) = ( reg \(from.number) & \(data(mask)) ) ^ \(data(xor))"
    case .lookup(let set, let key, let data, let inverted):
      "lookup reg \(key.number) set \(set.hasPrefix("__set") ? "__set%d" : set)"
        + (data.map { " dreg \($0.number)" } ?? "") + (inverted ? " 0x1" : "")
    case .dynamicSet(let update, let set, let key, _, let inner):
      "dynset \(update == .add ? "add" : "update") reg_key \(key.number) set \(set)"
        + inner.list.map { " expr [ \(text($0)) ]" }.joined()
    case .immediate(let register, let value):
      "immediate reg \(register.number) \(data(value))"
    case .verdict(let verdict): "immediate reg 0 \(self.verdict(verdict))"
    case .conntrack(let key, _, let register):
      "ct load \(key == .state ? "state" : key == .status ? "status" : "direction")"
        + " => reg \(register.number)"
    case .fib(_, let flags, let register):
      "fib \(flags == 1 ? "saddr" : "daddr") type => reg \(register.number)"
    case .route(_, let register): "rt load tcpmss => reg \(register.number)"
    case .nat(let nat): self.nat(nat)
    case .masquerade(let flags, let first, let last):
      "masq" + (first.map { " proto_min reg \($0.number)" } ?? "")
        + (last == first ? "" : last.map { " proto_max reg \($0.number)" } ?? "")
        + (flags == 0 ? "" : " flags 0x" + String(flags, radix: 16))
    case .reject(let type, let code): "reject type \(type) code \(code)"
    case .limit(let rate, let seconds, let burst, _, let flags):
      "limit rate \(rate)/\(unit(seconds)) burst \(burst) type packets flags 0x\(flags)"
    case .connectionLimit(let count, let flags): "connlimit count \(count) flags \(flags)"
    case .log(let prefix, _): "log prefix \(prefix)"
    case .counter: "counter pkts 0 bytes 0"
    case .setExtensionHeader(_, let type, let offset, let length, let register):
      "exthdr write tcpopt reg \(register.number) => \(length)b @ \(type) + \(offset)"
    case .byteOrder(let from, let into, _, let length, let size):
      "byteorder reg \(into.number) = hton(reg \(from.number), \(size), \(length))"
    case .extensionHeader, .other: "\(expression)"
    }
  }
}
