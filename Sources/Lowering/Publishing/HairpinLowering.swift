import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// The mark that tells bridge rules of a packet whose destination was rewritten: where bridged
/// frames are handed to IP rules, a hairpin goes on as a frame.
let translatedMark = PacketMark(value: 0x4000_0000, mask: 0x4000_0000)

/// Marks rewritten packets of bridges on which frames between ports are dropped.
func lowerTranslatedMark(_ context: LoweringContext, into table: inout TableBuilder) {
  guard context.hasTranslatedPublish else { return }
  let rules = context.bridgedNetworks.map { index in
    Rule(
      [
        .inputInterface(.equals(context.interface(index))), .destinationTranslated(true),
      ], [.setMark(translatedMark)], comment: "published, for the bridge table")
  }
  table.addBase(
    "mark-translated", BaseChain(.filter, .prerouting, priority: HookPriority.translated), rules)
}

/// The source is rewritten exactly where the reply would otherwise pass the host by: between
/// members of one network, and from loopback.
func lowerHairpin(_ context: LoweringContext, into table: inout TableBuilder) -> [Rule] {
  var elements: [VerdictMap.Element] = []
  for index in context.seenNetworks where context.hasTranslatedPublish(into: index) {
    let name = "hairpin-\(context.names[index])"
    table.addChain(name, hairpinRules(index, context))
    elements.append(
      VerdictMap.Element([.interface(context.interface(index))], .jump(name)))
  }
  guard !elements.isEmpty else { return [] }
  table.add(VerdictMap("hairpin", [.outputInterface], elements: elements))
  return [
    Rule(
      [.destinationTranslated(true)], [.dispatch([.outputInterface], map: "hairpin")],
      comment: "published ports used from inside")
  ]
}

private func hairpinRules(_ index: Int, _ context: LoweringContext) -> [Rule] {
  let network = context.network(index)
  var rules: [Rule] = []
  for subnet in network.subnets where network.isTranslated(subnet.value.family) {
    rules.append(
      Rule(
        [.source(AddressMatch(subnet.value))], [.masquerade(ports: nil, .kernel)],
        comment: "hairpin"))
  }
  if network.isTranslated(.ipv4), context.publishesOnLoopback {
    let loopback = AddressPrefix(masking: IPAddress(family: .ipv4, bits: 127 << 24), length: 8)
    rules.append(
      Rule(
        [.source(AddressMatch(loopback))], [.masquerade(ports: nil, .kernel)],
        comment: "from the host's loopback"))
  }
  return rules
}
