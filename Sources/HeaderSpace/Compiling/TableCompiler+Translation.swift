import Netfilter
import NetworkTypes

extension TableCompiler {
  /// What becomes of packets whose destination is rewritten; `next` where it is not.
  func translation(
    _ target: DestinationNAT, _ reason: Reason, _ space: inout FlowSpace
  ) -> Diagram {
    guard let after = afterTranslation else { return space.next }
    switch target {
    case .address(let address):
      guard address.family == space.family else { return space.next }
      let part = arrival(after, address, &space)
      return mapped(part, Target(address, shift: 0), reason, &space)
    case .map(let name):
      guard let map = addressMaps[name], map.family == space.family else { return space.next }
      return translation(map, after, &space)
    }
  }

  /// What is left of `after` for packets to `address`.
  private func arrival(_ after: Diagram, _ address: IPAddress, _ space: inout FlowSpace) -> Diagram
  {
    let isLocal = ownAddresses.contains(address)
    let part = space.store.descend(after, HeaderField.local, isLocal ? 1 : 0)
    return space.store.descend(part, HeaderField.destination, address.bits)
  }

  /// One box an element and stretch of ports on which the same follows.
  private func translation(
    _ map: AddressMap, _ after: Diagram, _ space: inout FlowSpace
  ) -> Diagram {
    guard let order = KeyOrder(map.fields, space.family) else { return space.next }
    let hasTransport = order.fields.contains(HeaderField.transport)
    let fields =
      order.fields.filter { $0 < HeaderField.transport } + [HeaderField.transport]
      + [HeaderField.port]
    var list = BoxList(fields: fields)
    for element in map.elements {
      guard var box = order.box(element.key, self, &space), let ports = element.key.ports else {
        continue
      }
      let transports =
        hasTransport
        ? element.key.transport.map { [$0] } ?? []
        : map.transport.map { [$0] } ?? TransportProtocol.withPorts
      box = box.dropLast(hasTransport ? 2 : 1)
      for transport in transports {
        append(element, ports, transport, prefix: box, after, to: &list, &space)
      }
    }
    return space.store.boxes(list, else: space.next)
  }

  private func append(
    _ element: AddressMap.Element, _ ports: PortRange, _ transport: TransportProtocol,
    prefix: [Interval], _ after: Diagram, to list: inout BoxList, _ space: inout FlowSpace
  ) {
    let first = element.port ?? ports.lower
    let inside = Interval(UInt128(first), UInt128(first) + UInt128(ports.count - 1))
    let number = UInt128(transport.number)
    let arrived = space.store.descend(
      arrival(after, element.address, &space), HeaderField.transport, number)
    let target = Target(element.address, shift: first &- ports.lower)
    let reason = Reason(origin: element.origin, comment: nil)
    for branch in space.store.branches(arrived, HeaderField.port, in: inside) {
      let lower = branch.interval.lower - inside.lower + UInt128(ports.lower)
      let upper = branch.interval.upper - inside.lower + UInt128(ports.lower)
      list.append(
        prefix + [Interval(number), Interval(lower, upper)],
        mapped(branch.child, target, reason, &space))
    }
  }

  /// `part` for packets that were rewritten; no later rule of the base chain sees them.
  private func mapped(
    _ part: Diagram, _ target: Target, _ reason: Reason, _ space: inout FlowSpace
  ) -> Diagram {
    let (target, mapping) = (space.outcomes.number(of: target), space.outcomes.number(of: reason))
    return space.changed(part) { _, outcome in
      guard outcome.isOpen else { return outcome }
      var result = outcome
      result.step = .done
      result.target = target
      result.mapping = mapping
      return result
    }
  }
}

extension TransportProtocol {
  fileprivate static var withPorts: [TransportProtocol] {
    named.map(\.value).filter(\.hasPorts)
  }
}
