/// The stable name of a kind of finding: the key of `explain`, of the docs and of machine output.
package enum DiagnosticID: String, CaseIterable, Hashable, Sendable {
  /// The text is not of the policy language.
  case syntaxError = "syntax-error"
  /// The file is not valid UTF-8 text, or holds a NUL byte.
  case textEncoding = "text-encoding"
  /// A name, comment or string holds a control that reorders or hides text.
  case textBidi = "text-bidi"
  /// Lines end with carriage return and line feed.
  case textCrlf = "text-crlf"
  /// A line is indented with tabs.
  case textTabs = "text-tabs"
  /// The file is larger than a policy may be.
  case fileTooLarge = "file-too-large"
  /// The policy says nothing.
  case fileEmpty = "file-empty"
  /// Somebody other than the owner can write the file.
  case fileWritable = "file-writable"
  /// The `language` line is missing its version, stands twice, or names one that is not known.
  case languageVersion = "language-version"
  /// An `include` names no file.
  case includeMissing = "include-missing"
  /// A file includes itself, directly or through others.
  case includeCycle = "include-cycle"
  /// A name that nothing declares.
  case nameUnknown = "name-unknown"
  /// A name of the wrong kind, such as a list where one container is needed.
  case nameKind = "name-kind"
  /// Two declarations share a name.
  case nameDuplicate = "name-duplicate"
  /// A container name that two networks declare, used without its network.
  case nameAmbiguous = "name-ambiguous"
  /// A declaration uses a word of the language as its name.
  case nameReserved = "name-reserved"
  /// A name holds characters that names cannot have.
  case nameInvalid = "name-invalid"
  /// A list or service that no line uses.
  case nameUnused = "name-unused"
  /// Two names differ only in case.
  case nameSimilar = "name-similar"
  /// An address, prefix or range that cannot be.
  case addressInvalid = "address-invalid"
  /// A prefix with host bits set.
  case addressHostBits = "address-host-bits"
  /// Families are mixed, or a value is of a family that its place cannot have.
  case addressFamily = "address-family"
  /// An address outside the subnet it must lie in.
  case addressOutside = "address-outside"
  /// The network, broadcast, gateway, unspecified or a multicast address as a container's.
  case addressSpecial = "address-special"
  /// Two containers share an address or a MAC.
  case addressDuplicate = "address-duplicate"
  /// A pool that is outside its subnet, empty or reversed.
  case addressPool = "address-pool"
  /// A container's fixed address lies in the DHCP pool.
  case addressPoolOverlap = "address-pool-overlap"
  /// A link-local address as a container's.
  case addressLinkLocal = "address-link-local"
  /// An address range that is set aside for documentation.
  case addressDocumentation = "address-documentation"
  /// A subnet that covers a range with a special use.
  case addressReservedRange = "address-reserved-range"
  /// Two networks overlap.
  case subnetOverlap = "subnet-overlap"
  /// A subnet overlaps an address that is meant to lie outside.
  case subnetUplink = "subnet-uplink"
  /// A subnet too small for what the network does with it.
  case subnetSmall = "subnet-small"
  /// A network that needs a subnet has none.
  case subnetMissing = "subnet-missing"
  /// A private subnet with neither `masquerade` nor `internal`.
  case subnetPrivate = "subnet-private"
  /// An interface name longer than 15 bytes.
  case interfaceLength = "interface-length"
  /// An interface name with characters that the kernel refuses.
  case interfaceCharacters = "interface-characters"
  /// One interface in two roles.
  case interfaceDuplicate = "interface-duplicate"
  /// A macvlan or ipvlan parent that is part of another network.
  case interfaceNested = "interface-nested"
  /// A network without a bridge or other attachment.
  case attachmentMissing = "attachment-missing"
  /// A setting that stands twice in one network.
  case settingDuplicate = "setting-duplicate"
  /// Port 0, a port above 65535, or a reversed range.
  case portRange = "port-range"
  /// Port ranges of different lengths are mapped onto each other.
  case portCount = "port-count"
  /// Ports with a protocol that has none, or an unknown protocol.
  case portProtocol = "port-protocol"
  /// Ports that a declared service already names.
  case portService = "port-service"
  /// Two publishes claim the same host address, port and protocol.
  case publishConflict = "publish-conflict"
  /// A publish on every address covers one on a specific address.
  case publishWildcardOverlap = "publish-wildcard-overlap"
  /// A published port in the range that the host's own clients use.
  case publishEphemeral = "publish-ephemeral"
  /// A publish hides a port of the host that another line opens.
  case publishPrivilegedDuplicate = "publish-privileged-duplicate"
  /// A publish that nobody could reach.
  case publishUnreachable = "publish-unreachable"
  /// A publish on 127.0.0.0/8 or ::1.
  case publishLoopback = "publish-loopback"
  /// A host address that cannot be published on.
  case publishAddress = "publish-address"
  /// A publish with a different inside port on a routed family.
  case publishRouted = "publish-routed"
  /// A publish covers one family of a container that has two.
  case publishFamilyGap = "publish-family-gap"
  /// A database-like port published for everybody.
  case publishWorld = "publish-world"
  /// A publish on every address without `from`.
  case publishOpen = "publish-open"
  /// A published range so large that it becomes a range map.
  case publishSize = "publish-size"
  /// A network without containers that publishes.
  case publishNoContainer = "publish-no-container"
  /// The port that `auto` takes.
  case publishAuto = "publish-auto"
  /// `icc off` with two or more containers and no `allow` among them.
  case iccNoAllow = "icc-no-allow"
  /// An `allow` between members of a network whose `icc` is on.
  case iccUselessAllow = "icc-useless-allow"
  /// A flow from a peer to itself.
  case flowSelf = "flow-self"
  /// Both directions are written where replies pass by themselves.
  case flowReplies = "flow-replies"
  /// A line that other lines make dead.
  case flowDead = "flow-dead"
  /// A line that another line already says.
  case flowRedundant = "flow-redundant"
  /// An `allow` and a `deny` of the very same flow.
  case flowContradiction = "flow-contradiction"
  /// A line that repeats the default.
  case flowDefaultSame = "flow-default-same"
  /// An `except` outside the flow it is cut from.
  case flowExceptUseless = "flow-except-useless"
  /// A flow that no packet can have.
  case flowImpossible = "flow-impossible"
  /// A flow between an internal network and the world.
  case flowNoPath = "flow-no-path"
  /// A flow from anyone to anyone.
  case flowAny = "flow-any"
  /// Two defaults for overlapping pairs.
  case defaultConflict = "default-conflict"
  /// Two source rewrites for one scope.
  case natTwice = "nat-twice"
  /// Global IPv6 addresses are masqueraded.
  case natIpv6Global = "nat-ipv6-global"
  /// A service on a network without the address it needs.
  case serveNoAddress = "serve-no-address"
  /// `antispoof on` and a container without `mac`.
  case antispoofNoMac = "antispoof-no-mac"
  /// A backend cannot check ARP.
  case antispoofArp = "antispoof-arp"
  /// A backend cannot see frames between ports of one bridge.
  case enforceBridge = "enforce-bridge"
  /// A rule that the host cannot enforce on this attachment.
  case enforceAttachment = "enforce-attachment"
  /// A rule that the chosen backend cannot say.
  case enforceBackend = "enforce-backend"
  /// List entries that other entries contain.
  case listOverlap = "list-overlap"
  /// A list without entries is used.
  case listEmpty = "list-empty"
  /// A very large list.
  case listSize = "list-size"
  /// A list that contains itself.
  case listCycle = "list-cycle"
  /// An unknown unit of a limit.
  case limitUnit = "limit-unit"
  /// A limit of zero, or one beyond what the kernel counts.
  case limitZero = "limit-zero"
  /// A log prefix too long or with control characters.
  case logPrefix = "log-prefix"
  /// An expectation that does not hold.
  case expectFailed = "expect-failed"
  /// An expectation that nobody can judge.
  case expectUndecided = "expect-undecided"
  /// An expectation with more packets than are tried.
  case expectPartial = "expect-partial"
  /// An expectation about an empty set.
  case expectVacuous = "expect-vacuous"
  /// An `on` part that is never selected.
  case hostUnknown = "host-unknown"
  /// Maps become linear rules in iptables.
  case backendIptables = "backend-iptables"

  /// The weight that findings of this kind have unless a check says otherwise.
  package var severity: Severity {
    switch self {
    case .syntaxError, .textEncoding, .textBidi, .fileTooLarge, .fileEmpty, .languageVersion,
      .includeMissing, .includeCycle, .nameUnknown, .nameKind, .nameDuplicate, .nameAmbiguous,
      .nameReserved, .nameInvalid, .addressInvalid, .addressFamily, .addressOutside,
      .addressSpecial, .addressDuplicate, .addressPool, .subnetOverlap, .subnetMissing,
      .interfaceLength, .interfaceCharacters, .interfaceDuplicate, .interfaceNested,
      .attachmentMissing, .settingDuplicate, .portRange, .portCount, .portProtocol,
      .publishConflict, .publishWildcardOverlap, .publishUnreachable, .publishAddress,
      .publishRouted, .flowSelf, .flowContradiction, .flowImpossible, .defaultConflict,
      .natTwice, .serveNoAddress, .enforceAttachment, .enforceBackend, .listCycle, .limitUnit,
      .limitZero, .logPrefix, .expectFailed:
      .error
    case .fileWritable, .addressHostBits, .addressPoolOverlap, .addressLinkLocal,
      .addressReservedRange, .subnetUplink, .subnetSmall, .subnetPrivate, .publishEphemeral,
      .publishLoopback, .publishFamilyGap, .publishOpen, .publishNoContainer, .iccNoAllow,
      .iccUselessAllow, .flowDead, .flowExceptUseless, .flowNoPath, .natIpv6Global,
      .antispoofNoMac, .antispoofArp, .enforceBridge, .listEmpty, .expectVacuous, .expectUndecided,
      .hostUnknown, .backendIptables:
      .warning
    case .textCrlf, .textTabs, .nameUnused, .nameSimilar, .addressDocumentation, .portService,
      .publishPrivilegedDuplicate, .publishWorld, .publishSize, .publishAuto, .flowReplies,
      .flowRedundant, .flowDefaultSame, .flowAny, .listOverlap, .listSize,
      .expectPartial:
      .note
    }
  }
}
