import Diagnostics
import NetworkTypes
import Syntax

/// The policy as far as it is resolved, and what checks need besides: the lines as written.
struct PolicyDraft {
  let files: SourceFiles
  var policy = Policy()
  /// As `policy.networks`, one for one.
  var networks: [NetworkFacts] = []
  /// As `policy.lists`, one for one.
  var lists: [ListFacts] = []
  var services: [ServiceFacts] = []
  /// All `allow`, `deny`, `reject`, `default` and `expect` lines that could be resolved.
  var flows: [FlowLine] = []
  /// All `publish` lines that could be resolved.
  var publishLines: [PublishLine] = []
  /// The `publish` lines outside of networks, as written.
  var outerPublishes: [PublishStatement] = []

  init(files: SourceFiles) { self.files = files }

  /// A publish line as written.
  func statement(of line: PublishLine) -> PublishStatement {
    guard let network = line.network else { return outerPublishes[line.place] }
    guard case .publish(let node) = networks[network].statements[line.place] else {
      preconditionFailure("invariant: the place of a publish line is that of its statement")
    }
    return node
  }
}

/// What the source says about a network beyond its ``Network`` value.
struct NetworkFacts {
  let name: Identifier
  let span: SourceSpan
  let statements: [Statement]
  /// The indices in `statements` of containers and VMs; their own index is their guest's.
  private(set) var guestPlaces: [Int] = []
  private(set) var publishPlaces: [Int] = []
  /// The statements but guests and publishes, of which there may be very many.
  private(set) var settings: [Statement] = []
  /// As the network's guests, one for one: the families that each has addresses of.
  var guestFamilies: [FamilySet] = []
  /// Whether the attachment in the model is the author's, not a stand-in after an error.
  var hasAttachment = false
  /// Whether an address of the network or its guests could not be read.
  var isDamaged = false
  /// Whether a masquerade could not be resolved.
  var isTranslationDamaged = false
  /// Whether the subnets are the guests' own addresses, for want of a `subnet` line.
  var hasDerivedSubnets = false
  /// Whether a guest's name has a capital letter, so that others may differ in case only.
  var hasCapitals = false
  /// The gateways that were written, rather than implied.
  var writtenGateways: [Sourced<IPAddress>] = []

  init(_ node: NetworkDeclaration) {
    name = node.name
    span = node.span
    statements = node.statements
    for index in statements.indices {
      switch statements[index] {
      case .guest: guestPlaces.append(index)
      case .publish: publishPlaces.append(index)
      case .malformed(let span):
        isDamaged = true
        settings.append(.malformed(span))
      case .attachment, .subnet, .gateway, .pool, .masquerade, .snat, .icc, .isolation, .internal,
        .directAccess, .serve, .antispoof, .access:
        settings.append(statements[index])
      }
    }
  }

  /// The declaration of a guest, by its index.
  func guest(_ index: Int) -> GuestStatement {
    guard case .guest(let node) = statements[guestPlaces[index]] else {
      preconditionFailure("invariant: the place of a guest is that of its statement")
    }
    return node
  }
}

/// What the source says about a list beyond its ``AddressList`` value.
struct ListFacts {
  let declaration: DeclarationTable.List
  /// The ranges of the entries that are addresses, as written.
  var entries: [Sourced<AddressRange>] = []
  var isDamaged = false
  /// The places that name the list.
  var uses: [SourceSpan] = []
}

/// A service, resolved.
struct ServiceFacts {
  let declaration: DeclarationTable.Service
  var matches: [ServiceMatch] = []
  /// The first line that names the service.
  var firstUse: SourceSpan?
}

/// A flow line as written and as resolved.
struct FlowLine {
  enum Kind { case access, `default`, expectation }

  let kind: Kind
  let rule: AccessRule
  let statement: AccessStatement
  /// The network that the line stands in.
  let network: Int?
  /// Whether an empty list is among the peers.
  let namesEmptyList: Bool
}

/// A publish line, and what became of it; small, since there may be very many.
struct PublishLine {
  /// What a line says besides ports and target.
  struct Traits: OptionSet {
    let rawValue: UInt8

    static let hostAddress = Traits(rawValue: 1)
    static let automaticPort = Traits(rawValue: 2)
    static let clauses = Traits(rawValue: 4)
    /// `from`
    static let sources = Traits(rawValue: 8)
  }

  private let networkIndex: Int32
  private let placeIndex: Int32
  private let first: Int32
  private let end: Int32
  let span: SourceSpan
  private let traits: Traits

  init(
    network: Int?, place: Int, span: SourceSpan, publishes: Range<Int>, traits: Traits
  ) {
    networkIndex = network.map { Int32($0) } ?? -1
    placeIndex = Int32(place)
    first = Int32(publishes.lowerBound)
    end = Int32(publishes.upperBound)
    self.span = span
    self.traits = traits
  }

  /// The network that the line stands in.
  var network: Int? { networkIndex < 0 ? nil : Int(networkIndex) }
  /// The index of its statement in the network, or among those outside.
  var place: Int { Int(placeIndex) }
  /// Which of `policy.publishes` are this line's.
  var publishes: Range<Int> { Int(first)..<Int(end) }
  var hasHostAddress: Bool { traits.contains(.hostAddress) }
  var hasAutomaticPort: Bool { traits.contains(.automaticPort) }
  var hasClauses: Bool { traits.contains(.clauses) }
  var hasSources: Bool { traits.contains(.sources) }
}
