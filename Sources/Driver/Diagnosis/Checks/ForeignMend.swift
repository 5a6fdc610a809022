import Netfilter
import NetworkTypes

/// How to let flows of a policy through the tables of others: our own rules still judge them.
struct ForeignMend {
  let table: ForeignTable
  let samples: [FlowSample]
  /// The interfaces of the policy's networks.
  let networks: Set<InterfaceName>

  /// Sentences, and commands that start with `$ `.
  var lines: [String] {
    switch samples.first?.hook {
    case .prerouting, .output, .postrouting: return elsewhere
    case .input, .forward, nil: break
    }
    let isInput = samples.first?.hook == .input
    if table.chains.contains(where: { $0.name.hasPrefix("ufw") }) {
      return isInput ? ufwInput : ufwForward
    }
    if table.tool == .nft, table.name == "inet firewalld" {
      return isInput ? firewalldInput : firewalldForward
    }
    switch table.tool {
    case .nft: return nft
    case .iptablesNft, .iptablesLegacy:
      let isDocker = table.chains.contains { $0.name == "DOCKER-USER" }
      if isInput { return iptablesInput }
      return isDocker
        ? ["Docker keeps the chain `DOCKER-USER` for this:"] + iptables("DOCKER-USER")
        : iptables("FORWARD")
    }
  }

  /// At the other hooks flows are let through one by one: what is dropped there is dropped for more
  /// reasons than ours.
  private var elsewhere: [String] {
    if table.tool == .nft, table.name == "inet firewalld" {
      return ["let the flow pass in the policies of firewalld: see firewalld.policies(5)"]
    }
    if table.chains.contains(where: { $0.name.hasPrefix("ufw") }) {
      return samples.prefix(8).map { sample in
        let port = sample.port.map { " port \($0)" } ?? ""
        return "$ ufw allow out to \(sample.destination)\(port) proto \(sample.transport)"
      }
    }
    guard let hook = samples.first?.hook, let chain = base(at: hook) else { return [] }
    let opening = ForeignOpening(table: table, chain: chain.name, verdict: "accept")
    return samples.prefix(8).map(opening.line)
      + ["and put the same where the table is loaded from"]
  }

  /// The base chain at a hook, one that drops before others.
  private func base(at hook: Hook) -> ForeignChain? {
    table.chains.first { $0.base?.hook == hook && dropsIn($0) }
      ?? table.chains.first { $0.base?.hook == hook }
  }

  private var program: String {
    let name = samples.first?.family == .ipv6 ? "ip6tables" : "iptables"
    return table.tool == .iptablesLegacy ? "\(name)-legacy" : "\(name)-nft"
  }

  private func iptables(_ chain: String) -> [String] {
    Set(samples.map { Pair(input: $0.input, output: $0.output) }).sorted().map { pair in
      let input = pair.input.map { " -i \($0)" } ?? ""
      let output = pair.output.map { " -o \($0)" } ?? ""
      return "$ \(program) -I \(chain)\(input)\(output) -j ACCEPT"
    }
      + (answersAreDropped
        ? [
          "$ \(program) -I \(chain) -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"
        ] : [])
  }

  /// Whether the table may drop the answers, too: no rule of it accepts whatever belongs to a
  /// connection. Docker's do for its own bridges only.
  private var answersAreDropped: Bool {
    !table.chains.contains { chain in
      chain.rules.contains { rule in
        guard rule.effect == .accept, rule.conditions.count == 1,
          case .state(let states, false) = rule.conditions[0]
        else { return false }
        return states.contains("established")
      }
    }
  }

  private var iptablesInput: [String] {
    samples.prefix(8).map { sample in
      let input = sample.input.map { " -i \($0)" } ?? ""
      let port = sample.port.map { " --dport \($0)" } ?? ""
      return "$ \(program) -I INPUT\(input) -p \(sample.transport)\(port) -j ACCEPT"
    }
  }

  private var ufwForward: [String] {
    Set(samples.map { Pair(input: $0.input, output: $0.output) }).sorted().map { pair in
      let input = pair.input.map { " in on \($0)" } ?? ""
      let output = pair.output.map { " out on \($0)" } ?? ""
      return "$ ufw route allow\(input)\(output)"
    }
  }

  private var ufwInput: [String] {
    var seen: Set<String> = []
    return samples.compactMap { sample in
      let input = sample.input.map { " in on \($0)" } ?? ""
      let port = sample.port.map { " port \($0)" } ?? ""
      let line = "$ ufw allow\(input) to any\(port) proto \(sample.transport)"
      return seen.insert(line).inserted ? line : nil
    }
  }

  /// firewalld lets a zone's own traffic pass and little else; our rules judge what is left.
  private var firewalldForward: [String] { forwardPolicy + ["$ firewall-cmd --reload"] }

  private var forwardPolicy: [String] {
    let policy = "$ firewall-cmd --permanent --policy=bridgeward-fwd"
    return [
      "$ firewall-cmd --permanent --new-policy=bridgeward-fwd", "\(policy) --set-target=ACCEPT",
      "\(policy) --add-ingress-zone=ANY", "\(policy) --add-egress-zone=ANY",
    ]
  }

  /// Networks get a zone of their own, so that their services open for nobody else.
  private var firewalldInput: [String] {
    let inputs = Set(samples.compactMap(\.input)).sorted()
    let bridges = inputs.filter(networks.contains)
    var lines: [String] = []
    if !bridges.isEmpty {
      lines.append("$ firewall-cmd --permanent --new-zone=bridgeward")
      lines += bridges.map { "$ firewall-cmd --permanent --zone=bridgeward --add-interface=\($0)" }
      lines += forwardPolicy
    }
    var seen: Set<String> = []
    for sample in samples {
      guard let port = sample.port, let input = sample.input else { continue }
      let zone =
        networks.contains(input)
        ? "bridgeward" : "\"$(firewall-cmd --get-zone-of-interface=\(input))\""
      let line =
        "$ firewall-cmd --permanent --zone=\(zone) --add-port=\(port)/\(sample.transport)"
      if seen.insert(line).inserted { lines.append(line) }
    }
    return lines + ["$ firewall-cmd --reload"]
  }

  private var nft: [String] {
    guard let hook = samples.first?.hook, let chain = base(at: hook) else { return [] }
    let start = "$ nft 'insert rule \(table.name) \(chain.name)"
    var seen: Set<String> = []
    let openings = samples.map { sample in
      let input = sample.input.map { " iifname \"\($0)\"" } ?? ""
      let output = sample.output.map { " oifname \"\($0)\"" } ?? ""
      // What comes to the host itself is opened port by port: not all of it is ours to judge.
      let port = hook == .input ? sample.port.map { " \(sample.transport) dport \($0)" } : nil
      return "\(start)\(input)\(output)\(port ?? "") accept'"
    }.filter { seen.insert($0).inserted }
    let answers = answersAreDropped ? ["\(start) ct state established,related accept'"] : []
    return openings + answers + ["and put the same into the file that the table is loaded from"]
  }

  private func dropsIn(_ chain: ForeignChain) -> Bool {
    chain.base?.drops == true
      || chain.rules.contains { rule in
        if case .drop = rule.effect { true } else { false }
      }
  }

  private struct Pair: Hashable, Comparable {
    let input: InterfaceName?
    let output: InterfaceName?

    static func < (left: Self, right: Self) -> Bool {
      (left.input?.text ?? "", left.output?.text ?? "")
        < (right.input?.text ?? "", right.output?.text ?? "")
    }
  }
}
