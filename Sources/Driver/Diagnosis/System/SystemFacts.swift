package import Host
import NetworkTypes

/// What the machine says of itself below `/proc`, `/sys` and `/etc`.
///
/// What cannot be read counts as not there: a check then has nothing to say.
package struct SystemFacts: Sendable {
  fileprivate let root: String
  private let store: FileStore

  /// - Parameter root: What stands for `/`.
  package init(root: String = "/", store: FileStore = FileStore(limit: 16 << 20)) {
    self.root = root.hasSuffix("/") ? root : root + "/"
    self.store = store
  }

  /// The text of a file, by its path below the root.
  func text(_ path: String) -> String? {
    guard let file = try? store.read(root + path) else { return nil }
    return String(decoding: file.bytes, as: UTF8.self)
  }

  /// The lines of a file, each as its words.
  func rows(_ path: String) -> [[Substring]] {
    (text(path) ?? "").split(separator: "\n").map { line in
      line.split { $0 == " " || $0 == "\t" }
    }
  }

  /// The names in a directory, sorted.
  func names(_ path: String) -> [String] { (try? Directory(root + path).names()) ?? [] }

  /// The value of a kernel setting, by its name with slashes.
  func setting(_ name: String) -> String? {
    text("proc/sys/\(name)").map { String($0.prefix { !$0.isWhitespace }) }
  }

  /// The network interfaces there are; `nil` where nobody knows.
  var interfaces: Set<String>? {
    guard let text = text("proc/net/dev") else { return nil }
    let names = text.split(separator: "\n").dropFirst(2).compactMap { line in
      line.split(separator: ":").first.map { name in String(name.drop { $0 == " " }) }
    }
    return Set(names)
  }

  /// The largest packet that an interface sends, in bytes.
  func mtu(_ interface: InterfaceName) -> Int? {
    // sysfs shows the namespace that it was mounted in, settings that of the reader; they need IPv6.
    let size =
      text("proc/sys/net/ipv6/conf/\(interface)/mtu") ?? text("sys/class/net/\(interface)/mtu")
    return size.flatMap { Int($0.prefix { $0.isNumber }) }
  }

  /// The addresses of the host itself; `nil` where nobody knows.
  var addresses: Set<IPAddress>? {
    guard let trie = text("proc/net/fib_trie") else { return nil }
    var result: Set<IPAddress> = []
    var last: IPAddress?
    for line in trie.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.first == "|--", words.count > 1 {
        last = IPAddress(String(words[1]))
      } else if words.first == "/32", words.contains("LOCAL"), let last {
        result.insert(last)
      }
    }
    for row in rows("proc/net/if_inet6") {
      if let digits = row.first, let bits = UInt128(digits, radix: 16) {
        result.insert(IPAddress(family: .ipv6, bits: bits))
      }
    }
    return result
  }

  /// The interfaces that default routes lead out by, in the order of the tables.
  var defaultRouteInterfaces: [InterfaceName] {
    var names: [String] = []
    for row in rows("proc/net/route") where row.count > 7 {
      if row[1] == "00000000", row[7] == "00000000" { names.append(String(row[0])) }
    }
    for row in rows("proc/net/ipv6_route") where row.count > 9 {
      // Unreachable routes lead to `lo`.
      if row[0].allSatisfy({ $0 == "0" }), row[1] == "00", row[9] != "lo" {
        names.append(String(row[9]))
      }
    }
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }.compactMap {
      try? InterfaceName(validating: $0)
    }
  }
}

extension SystemFacts {
  /// The numbers of the processes there are.
  var processes: [Int32] { names("proc").compactMap { Int32($0) } }

  /// What is known of a process.
  func process(_ number: Int32) -> ProcessEntry? { ProcessEntry(number, root: root + "proc") }
}
