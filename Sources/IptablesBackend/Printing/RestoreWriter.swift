import Netfilter
import NetworkTypes

/// Writes rules as `iptables-restore` reads them.
struct RestoreWriter {
  var text: TextBuffer
  let family: AddressFamily

  /// XT_MAX_COMMENT_LEN, the closing NUL excluded.
  static let commentLimit = 255
  /// What the LOG target takes (`struct xt_log_info`), the closing NUL excluded.
  static let logPrefixLimit = 29

  init(family: AddressFamily, capacity: Int) {
    self.family = family
    text = TextBuffer(capacity: capacity)
  }

  mutating func writeComment(_ line: String) {
    text.append("# ")
    text.append(quotable: line, limit: 1000)
    text.append(UInt8(ascii: "\n"))
  }

  mutating func write(_ table: IptablesTable) {
    text.append("*\(table.name.rawValue)\n")
    for chain in table.chains { text.append(":\(chain.name) - [0:0]\n") }
    for chain in table.chains {
      let start = Array("-A \(chain.name)".utf8)
      for rule in chain.rules {
        text.append(start)
        writeRule(rule)
        text.append(UInt8(ascii: "\n"))
      }
    }
    text.append("COMMIT\n")
  }

  /// The rule without its chain, a space before each word.
  mutating func writeRule(_ rule: IptablesRule) {
    writeHeaders(rule.matches)
    let transport = rule.matches.transport
    for match in rule.matches { writeModule(match, transport) }
    writeRemark(rule)
    write(rule.target)
  }

  private mutating func writeRemark(_ rule: IptablesRule) {
    guard rule.origin != nil || rule.comment != nil else { return }
    text.append(" -m comment --comment \"")
    writeRemarkText(rule)
    text.append(UInt8(ascii: "\""))
  }

  /// Where the rule comes from and what it is for.
  mutating func writeRemarkText(_ rule: IptablesRule) {
    var room = Self.commentLimit
    if let origin = rule.origin {
      room -= text.append(quotable: origin, limit: room)
      if rule.comment != nil { room -= text.append(quotable: ": ", limit: room) }
    }
    if let comment = rule.comment { text.append(quotable: comment, limit: room) }
  }
}

extension [IptablesMatch] {
  /// The protocol that is asked for, if one is.
  var transport: TransportProtocol? {
    for case .transport(let transport) in self { return transport }
    return nil
  }
}
