import Diagnostics
import Driver
import Syntax

/// A place of a policy that holds text of its author's choice.
enum HostilePosition: String, CaseIterable, Sendable {
  case network, container, vm, list, service, attachment, uplink, port, via
  case logPrefix, comment, fileName, hostName, serveWord, limitUnit, icmpType

  /// Whether no text but words of the language may stand there.
  var isClosed: Bool {
    switch self {
    case .serveWord, .limitUnit, .icmpType: true
    case .network, .container, .vm, .list, .service, .attachment, .uplink, .port, .via, .logPrefix,
      .comment, .fileName, .hostName:
      false
    }
  }

  /// A policy of which one text, with harmless letters around, is `text`.
  func compilation(_ text: HostileText) -> Compilation {
    let whole = Array("m".utf8) + text.bytes + Array("x".utf8)
    let name = self == .fileName ? String(decoding: whole, as: UTF8.self) + ".ward" : "policy.ward"
    var sources = PolicySources()
    let file = sources.sources.add(name: name, bytes: policy(whole))
    checkText(sources.sources[file], log: &sources.log)
    sources.isComplete = !sources.log.sorted.contains { $0.id == .textEncoding }
    if sources.isComplete { sources.trees = [parse(sources.sources[file], log: &sources.log)] }
    let spoken = Array("m".utf8) + text.unescaped.bytes + Array("x".utf8)
    let host = self == .hostName ? String(decoding: spoken, as: UTF8.self) : "mx"
    return Compiler(host: host).compile(sources)
  }

  private func policy(_ whole: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for piece in Self.template.split(separator: "§", omittingEmptySubsequences: false) {
      if let position = HostilePosition(rawValue: String(piece)) {
        result += position == self ? whole : Array(position.harmless.utf8)
      } else {
        result += Array(piece.utf8)
      }
    }
    return result
  }

  /// What stands there while another place is tried.
  private var harmless: String {
    switch self {
    case .network, .container, .vm, .list, .service, .logPrefix, .comment, .fileName, .hostName:
      "m-\(rawValue)".lowercased()
    case .attachment: "br-one"
    case .uplink, .via: "eth0"
    case .port: "eth7"
    case .serveWord: "dns"
    case .limitUnit: "minute"
    case .icmpType: "echo-request"
    }
  }

  private static let template = """
    language 1  # §comment§
    uplink "§uplink§"
    list "§list§" { 203.0.113.0/24 }
    service "§service§" = tcp 5432
    network "§network§" {
        bridge "§attachment§"
        subnet 172.18.0.0/16
        masquerade
        serve "§serveWord§"
        container "§container§" 172.18.0.10
        publish tcp 8080 -> "§container§":80 from "§list§"
        publish tcp 8081 -> "§container§":81 from "§list§" via "§via§"
    }
    network zz {
        bridge br-two ports "§port§"
        subnet 172.19.0.0/16
        icc off
        vm "§vm§" 172.19.0.10
    }
    allow "§network§" -> "§vm§" "§service§" log "§logPrefix§"
    allow "§list§" -> host icmp "§icmpType§" limit 10/"§limitUnit§"
    on "§hostName§", mx { deny "§container§" -> 198.51.100.7 }
    """
}
