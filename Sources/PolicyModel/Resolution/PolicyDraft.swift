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

  init(files: SourceFiles) { self.files = files }
}

/// What the source says about a network beyond its ``Network`` value.
struct NetworkFacts {
  let declaration: NetworkDeclaration
  /// Whether the attachment in the model is the author's, not a stand-in after an error.
  var hasAttachment = false
  /// Whether an address of the network or its guests could not be read.
  var isDamaged = false
  /// Whether a masquerade could not be resolved.
  var isTranslationDamaged = false
  /// Whether the subnets are the guests' own addresses, for want of a `subnet` line.
  var hasDerivedSubnets = false
  /// The gateways that were written, rather than implied.
  var writtenGateways: [Sourced<IPAddress>] = []
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

/// A publish line as written, and what became of it.
struct PublishLine {
  let statement: PublishStatement
  /// The network that the line stands in.
  let network: Int?
  /// Which of `policy.publishes` are this line's.
  let publishes: Range<Int>
}
