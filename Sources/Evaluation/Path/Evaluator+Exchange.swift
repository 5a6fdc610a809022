import Netfilter
import NetworkTypes

extension Evaluator {
  /// Who is at the other end of a connection.
  package enum Responder: Hashable, Sendable {
    /// Somebody who answers.
    case service
    /// A machine where nobody listens: it refuses.
    case nobody
  }

  /// Tries a connection that `packet` opens.
  ///
  /// - Parameter staysOpen: whether a TCP connection that works is still there afterwards. Flows of
  ///   other protocols always are.
  /// - Requires: `packet` is for one receiver.
  package mutating func exchange(
    _ packet: Packet, from ingress: Ingress, with responder: Responder = .service,
    staysOpen: Bool = false
  ) -> Exchange {
    guard let opening = trips(of: packet, from: ingress).first else {
      preconditionFailure("every packet has a fate")
    }
    let passage = opening.passage
    let exchange: Exchange
    switch passage.fate {
    case .undecided(let missing):
      exchange = Exchange(outcome: .undecided(missing), opening: passage)
    case .dropped, .discarded: exchange = Exchange(outcome: .openingLost, opening: passage)
    case .rejected(let rejection):
      exchange = refusal(rejection, of: opening, sent: packet, from: ingress)
    case .delivered, .sent:
      exchange = conversation(after: passage, packet, ingress, responder)
    }
    if !staysOpen, case .tcp = packet.content, let tuple = FlowTuple(packet) {
      memory.connections.remove(tuple)
    }
    return exchange
  }

  /// Ends the TCP connection that `packet` opened.
  package mutating func close(_ packet: Packet) {
    if let tuple = FlowTuple(packet) { memory.connections.remove(tuple) }
  }

  private mutating func conversation(
    after opening: Passage, _ packet: Packet, _ ingress: Ingress, _ responder: Responder
  ) -> Exchange {
    let arrived = opening.packet
    guard let reply = responder == .service ? arrived.answer : arrived.complaint else {
      return Exchange(outcome: .works, opening: opening)
    }
    let back = opening.fate.wayBack
    let answer = self.send(known(reply, from: back), from: back)[0]
    if case .undecided(let missing) = answer.fate {
      return Exchange(outcome: .undecided(missing), opening: opening, answer: answer)
    }
    guard answer.fate.isBack(at: ingress), answer.packet.isAnswer(to: packet) else {
      return Exchange(outcome: .answerLost, opening: opening, answer: answer)
    }
    guard responder == .service else {
      return Exchange(outcome: .refused, opening: opening, answer: answer)
    }
    return continued(opening, answer, packet, ingress)
  }

  private mutating func continued(
    _ opening: Passage, _ answer: Passage, _ packet: Packet, _ ingress: Ingress
  ) -> Exchange {
    let continuation = send(packet.next, from: ingress)[0]
    let outcome: Exchange.Outcome
    if case .undecided(let missing) = continuation.fate {
      outcome = .undecided(missing)
    } else {
      let isThere =
        continuation.fate == opening.fate
        && FlowTuple(continuation.packet) == FlowTuple(opening.packet)
      outcome = isThere ? .works : .continuationLost
    }
    return Exchange(
      outcome: outcome, opening: opening, answer: answer, continuation: continuation)
  }

  /// The host's own answer to what a rule refuses.
  private mutating func refusal(
    _ rejection: Rejection, of opening: Trip, sent packet: Packet, from ingress: Ingress
  ) -> Exchange {
    let refused = opening.passage.packet
    var journey = Journey(refused.refusal(rejection, by: hostAddress(refused)))
    // The answer belongs to the connection that there will not be.
    if var membership = opening.tracking.membership {
      membership.direction = .reply
      membership.state = rejection == .tcpReset ? .established : .related
      journey.tracking = .member(membership)
    }
    let answer = leave(journey)[0].passage
    let outcome: Exchange.Outcome =
      if case .undecided(let missing) = answer.fate { .undecided(missing) } else {
        answer.fate.isBack(at: ingress) && answer.packet.destination == packet.source
          ? .refused : .openingLost
      }
    return Exchange(outcome: outcome, opening: opening.passage, answer: answer)
  }

  private func hostAddress(_ packet: Packet) -> IPAddress {
    if topology.isOwn(packet.destination) == true { return packet.destination }
    return topology.sourceAddress(for: packet.source) ?? packet.destination
  }

  /// The packet with the hardware address of its sender, where the topology tells it.
  private func known(_ packet: Packet, from ingress: Ingress) -> Packet {
    guard case .interface(let name, _) = ingress else { return packet }
    var result = packet
    result.sourceMAC = topology.neighbor(packet.source, behind: name)?.hardwareAddress
    return result
  }
}

extension Passage.Fate {
  /// Where an answer to what came this far comes in.
  fileprivate var wayBack: Ingress {
    switch self {
    case .sent(let interface, let port): .interface(port ?? interface)
    case .delivered, .dropped, .rejected, .discarded, .undecided: .host
    }
  }

  /// Whether the packet came to whoever sends at `ingress`.
  fileprivate func isBack(at ingress: Ingress) -> Bool {
    switch (self, ingress) {
    case (.delivered, .host): true
    case (.sent(let interface, let port), .interface(let name, _)): (port ?? interface) == name
    case (.sent, .host), (.delivered, .interface), (.dropped, _), (.rejected, _),
      (.discarded, _), (.undecided, _):
      false
    }
  }
}
