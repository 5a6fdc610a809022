import Netfilter
import NetworkTypes

extension TableReader {
  /// What differs from what is implied, network by network, then what holds everywhere.
  func settings() -> [SettingFact] {
    var gathered = GatheredSettings()
    for element in networkElements {
      guard case .interface(let interface)? = element.key.first else { continue }
      let name = names.words(interface)
      gathered.add(
        "network \(name)", "network \(name) on \(interface)", at: element.origin?.location)
    }
    for chain in table.chains {
      let name = chain.name
      if let stem = name.suffix(after: "from-") { addInner(chain, stem, &gathered) }
      if let stem = name.suffix(after: "within-") { addInner(chain, stem, &gathered) }
      if let stem = name.suffix(after: "to-") { addDirectAccess(chain, stem, &gathered) }
      if let stem = name.suffix(after: "antispoof-") { addAntispoof(chain, stem, &gathered) }
    }
    addRewrites(&gathered)
    addServed(&gathered)
    addEverywhere(&gathered)
    return gathered.facts
  }

  private func addInner(
    _ chain: Chain, _ stem: Substring, _ gathered: inout GatheredSettings
  ) {
    for rule in chain.rules {
      let placed = Placed(rule)
      switch placed.purpose {
      case "icc off", "internal", "isolation strict", "isolation off":
        guard let setting = placed.purpose else { continue }
        let key = setting.split(separator: " ").first ?? ""
        gathered.add(
          "\(network(stem)) \(key)", "network \(network(stem)): \(setting)", at: placed.location)
      default: continue
      }
    }
  }

  private func addDirectAccess(
    _ chain: Chain, _ stem: Substring, _ gathered: inout GatheredSettings
  ) {
    let rules = chain.rules.filter { Placed($0).purpose == "direct access" }
    guard let first = rules.first else { return }
    let sources = rules.map { SideWords($0.matches, of: .source, self).words }
      .filter { $0 != "any" && $0 != "world" }
    let from = sources.isEmpty ? "" : " from " + sources.joined(separator: ", ")
    gathered.add(
      "\(network(stem)) direct access", "network \(network(stem)): direct access on\(from)",
      at: Placed(first).location)
  }

  private func addAntispoof(
    _ chain: Chain, _ stem: Substring, _ gathered: inout GatheredSettings
  ) {
    let name = network(stem)
    for rule in chain.rules {
      let placed = Placed(rule)
      guard placed.location != nil else { continue }
      if placed.purpose == "antispoof" {
        gathered.add("\(name) antispoof", "network \(name): antispoof on", at: placed.location)
        continue
      }
      let source = SideWords(rule.matches, of: .source, self).words
      var mac = ""
      for case .sourceMAC(let address, false) in rule.matches { mac = " mac \(address)" }
      gathered.add(
        "\(name) antispoof \(source)", "network \(name): antispoof \(source)\(mac)",
        at: placed.location)
    }
  }

  /// `masquerade` and `snat`: networks side by side share rules, so ranges are what counts.
  private func addRewrites(_ gathered: inout GatheredSettings) {
    for rule in chains["to-world"]?.rules ?? [] {
      guard let action = rule.actions.last, action.isSourceRewrite else { continue }
      var conditions: [String] = []
      for case .outputInterface(.equals(let name)) in rule.matches {
        conditions.append(" via \(name)")
      }
      for case .transport(let transport) in rule.matches { conditions.append(" \(transport)") }
      for case .source(let match) in rule.matches {
        for range in ranges(match.operand).flatMap(names.parts) {
          let source = names.words([range])
          let placed = Placed(rule)
          let verb = placed.purpose?.hasPrefix("snat") == true ? "snat" : "masquerade"
          let what = "\(verb) \(source)\(action.rewriteWords)\(conditions.joined())"
          gathered.add("\(source)\(conditions.joined()) \(verb)", what, at: placed.location)
        }
      }
    }
  }

  private func addServed(_ gathered: inout GatheredSettings) {
    for rule in chains["input"]?.rules ?? [] where Placed(rule).purpose == "served" {
      let source = SideWords(rule.matches, of: .source, self).words
      for service in services(rule.matches) {
        gathered.add(
          "\(source) serve \(service)", "network \(source): serve \(service)",
          at: Placed(rule).location)
      }
    }
  }

  private func addEverywhere(_ gathered: inout GatheredSettings) {
    for rule in chains["denied"]?.rules ?? [] {
      var clauses = ClauseWords()
      clauses.read(rule)
      let limit = clauses.words.filter { $0.hasPrefix("limit") }
      guard rule.actions.contains(where: \.isLog) else { continue }
      gathered.add(
        "log denied", (["log denied"] + limit).joined(separator: " "), at: Placed(rule).location)
    }
    for rule in chains["mangle-forward"]?.rules ?? [] {
      for case .clampMSS(let bytes) in rule.actions {
        gathered.add(
          "mss", "mss clamp \(bytes.map { "\($0)" } ?? "pmtu")", at: Placed(rule).location)
      }
    }
  }
}

/// Facts by their keys, in the order in which they were found.
private struct GatheredSettings {
  private(set) var facts: [SettingFact] = []
  private var keys: Set<String> = []

  mutating func add(_ key: String, _ words: String, at location: String?) {
    guard keys.insert(key).inserted else { return }
    facts.append(SettingFact(key: key, words: words, location: location))
  }
}

extension String {
  /// What follows `prefix`; `nil` where the text does not start with it.
  fileprivate func suffix(after prefix: String) -> Substring? {
    hasPrefix(prefix) ? dropFirst(prefix.count) : nil
  }
}

extension Action {
  fileprivate var isLog: Bool { if case .log = self { true } else { false } }

  fileprivate var isSourceRewrite: Bool {
    switch self {
    case .sourceNAT, .masquerade: true
    case .counter, .log, .setMark, .verdict, .reject, .dispatch, .destinationNAT, .clampMSS,
      .fixChecksum, .remember, .learnOutputInterface:
      false
    }
  }

  fileprivate var rewriteWords: String {
    if case .sourceNAT(let translation) = self {
      let ports = translation.ports.map { " ports \($0)" } ?? ""
      return " as \(translation.addresses)\(ports)\(translation.order.clause)"
    }
    guard case .masquerade(let ports, let order) = self else { return "" }
    return "\(ports.map { " ports \($0)" } ?? "")\(order.clause)"
  }
}

extension SourcePortOrder {
  fileprivate var clause: String {
    switch self {
    case .kernel: ""
    case .random: " random"
    case .fullyRandom: " fully-random"
    }
  }
}
