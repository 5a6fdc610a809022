import Netfilter
import NetworkTypes

extension Evaluator {
  /// Takes what comes in by an interface of the host's own, bridges among them.
  mutating func receive(_ journey: Journey, by input: InterfaceName) -> [Trip] {
    var journey = journey
    journey.input = input
    if case .arp = journey.packet.content { return [journey.ends(.delivered)] }
    if let discard = topology.refusal(ofArriving: journey.packet, by: input) {
      return [journey.ends(.discarded(discard))]
    }
    if !journey.isHandedOver {
      let scene = Scene(hook: .prerouting, layer: .host, input: .interface(input))
      if let fate = pass(scene, &journey) { return [journey.ends(fate)] }
    }
    return route(journey, by: input)
  }

  private mutating func route(_ journey: Journey, by input: InterfaceName) -> [Trip] {
    switch topology.destination(of: journey.packet, by: input) {
    case .host: return [deliver(journey, by: input)]
    case .onward(let way): return forward(journey, by: input, way)
    case .group(let outputs):
      return outputs.flatMap { output in
        forward(
          journey, by: input,
          Way(interface: output, nextHop: journey.packet.destination, source: nil))
      } + [deliver(journey, by: input)]
    case .nowhere(let discard): return [journey.ends(.discarded(discard))]
    case .unknown(let missing): return [journey.ends(.undecided(missing))]
    }
  }

  private mutating func deliver(_ journey: Journey, by input: InterfaceName) -> Trip {
    var journey = journey
    let scene = Scene(hook: .input, layer: .host, input: .interface(input))
    if let fate = pass(scene, &journey) { return journey.ends(fate) }
    return journey.ends(.delivered)
  }

  private mutating func forward(
    _ journey: Journey, by input: InterfaceName, _ way: Way
  ) -> [Trip] {
    var journey = journey
    let scene = Scene(
      hook: .forward, layer: .host, input: .interface(input), output: .interface(way.interface))
    if let fate = pass(scene, &journey) { return [journey.ends(fate)] }
    return leave(journey, by: way)
  }

  /// Sends a packet of the host's own.
  mutating func leave(_ journey: Journey) -> [Trip] {
    var journey = journey
    var way: Way
    switch topology.wayOut(of: journey.packet) {
    case .success(let found): way = found
    case .failure(let reason): return [journey.ends(reason.fate)]
    }
    let dialled = journey.packet.destination
    let scene = Scene(hook: .output, layer: .host, output: .interface(way.interface))
    if let fate = pass(scene, &journey) { return [journey.ends(fate)] }
    if journey.packet.destination != dialled {
      switch topology.wayOut(of: journey.packet) {
      case .success(let found): way = found
      case .failure(let reason): return [journey.ends(reason.fate)]
      }
    }
    return leave(journey, by: way)
  }

  private mutating func leave(_ journey: Journey, by way: Way) -> [Trip] {
    var journey = journey
    // Kernels since 5.7 tell the incoming interface of forwarded packets here, older ones do not.
    let input: Face = journey.input == nil ? .absent : .unknown(.inputInterface)
    let scene = Scene(
      hook: .postrouting, layer: .host, input: input, output: .interface(way.interface))
    if let fate = pass(scene, &journey) { return [journey.ends(fate)] }
    guard let interface = topology.interface(way.interface) else {
      return [journey.ends(.undecided(.interface(way.interface)))]
    }
    journey.packet.sourceMAC = interface.hardwareAddress
    switch interface.kind {
    case .loopback: return receive(journey, by: interface.name)
    case .plain, .port: return [journey.ends(.sent(by: interface.name, port: nil))]
    case .bridge: return emit(journey, on: interface.name, for: way.nextHop)
    }
  }
}
