import Netfilter
import NetworkTypes

/// How to let flows of a policy through the tables of others: our own rules still judge them.
struct ForeignMend {
  let table: ForeignTable
  let samples: [FlowSample]

  /// Sentences, and commands that start with `$ `.
  var lines: [String] {
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

  /// The bridges that flows come in by or leave by.
  private var bridges: (inputs: [InterfaceName], outputs: [InterfaceName]) {
    // Published and allowed flows go towards a network, the ways out come from one.
    let inward = samples.filter { $0.isTranslated || $0.output != $0.input }
    return (
      Set(inward.compactMap(\.input)).sorted(), Set(inward.compactMap(\.output)).sorted()
    )
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

  /// Whether the table drops the answers, too.
  private var answersAreDropped: Bool {
    !table.chains.contains { chain in
      chain.rules.contains { rule in
        rule.effect == .accept
          && rule.conditions.contains { condition in
            if case .state(let states, false) = condition {
              states.contains("established")
            } else {
              false
            }
          }
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

  private var firewalldForward: [String] {
    [
      "$ firewall-cmd --permanent --new-policy=bridgeward",
      "$ firewall-cmd --permanent --policy=bridgeward --set-target=ACCEPT "
        + "--add-ingress-zone=ANY --add-egress-zone=ANY",
      "$ firewall-cmd --reload",
    ]
  }

  private var firewalldInput: [String] {
    Set(samples.compactMap(\.input)).sorted().map { input in
      "$ firewall-cmd --permanent --zone=trusted --add-interface=\(input)"
    } + ["$ firewall-cmd --reload"]
  }

  private var nft: [String] {
    guard
      let hook = samples.first?.hook,
      let chain = table.chains.first(where: { $0.base?.hook == hook && dropsIn($0) })
        ?? table.chains.first(where: { $0.base?.hook == hook })
    else { return [] }
    return Set(samples.map { Pair(input: $0.input, output: $0.output) }).sorted().map { pair in
      let input = pair.input.map { " iifname \"\($0)\"" } ?? ""
      let output = pair.output.map { " oifname \"\($0)\"" } ?? ""
      return "$ nft 'insert rule \(table.name) \(chain.name)\(input)\(output) accept'"
    }
      + (answersAreDropped
        ? [
          "$ nft 'insert rule \(table.name) \(chain.name) ct state established,related accept'"
        ] : []) + ["and put the same into the file that the table is loaded from"]
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
