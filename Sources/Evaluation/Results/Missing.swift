package import NetworkTypes

/// What the model would have to know to decide.
package enum Missing: Hashable, Sendable {
  /// The topology has no such interface.
  case interface(InterfaceName)
  /// Nobody said behind which port of the bridge the address is.
  case port(of: InterfaceName, IPAddress)
  /// A rule asks for the sender's hardware address, which is not known.
  case hardwareAddress(IPAddress)
  /// Whether the address is one of the host's: every interface has one of its own on its link.
  case linkLocal(IPAddress)
  /// A rule asks by which interface the packet came in, at a hook where kernels differ in it.
  case inputInterface
  /// A rule of somebody else's that is not understood, in its own words.
  case condition(String)
  /// A rule of somebody else's with an effect that is not understood.
  case effect(String)
  /// The rules name a chain, set or map that is not there.
  case object(String)
  /// More rules than any packet should meet: chains call each other in a ring.
  case end
}

extension Missing: CustomStringConvertible {
  /// What is missing, as the rest of a sentence that begins "cannot tell: ".
  package var description: String {
    switch self {
    case .interface(let name): "nothing is known of the interface \(name)"
    case .port(let bridge, let address):
      "nobody says behind which port of \(bridge) \(address) is"
    case .hardwareAddress(let address): "the hardware address of \(address) is not known"
    case .linkLocal(let address): "whether \(address) is one of the host's is not known"
    case .inputInterface: "kernels differ in what a rule here sees as the incoming interface"
    case .condition(let words): "the condition '\(words)' is not understood"
    case .effect(let words): "the effect '\(words)' is not understood"
    case .object(let name): "there is no chain, set or map '\(name)'"
    case .end: "the chains call each other in a ring"
    }
  }
}
