import Diagnostics
import Driver
import Testing

/// Text of a policy's author stays text: whatever stands in a name, a comment or a prefix, the tools
/// make the objects of the harmless twin.
struct HostilePolicyTests {
  /// What one text became.
  private struct Emission {
    let text: HostileText
    let outputs: [Backend: [UInt8]]
  }

  /// Words of the language are all that may stand in some places.
  @Test(arguments: HostilePosition.allCases.filter(\.isClosed))
  func closedPlacesTakeNothingElse(_ position: HostilePosition) {
    for text in HostileText.singleBytes + HostileText.sequences {
      for variant in [text, text.escaped] {
        let result = position.compilation(variant)
        #expect(result.ruleset == nil && result.log.hasErrors, "\(text)")
      }
    }
  }

  @Test(arguments: HostilePosition.allCases.filter { !$0.isClosed })
  func textsStayTexts(_ position: HostilePosition) throws {
    let twin = try #require(emission(position, HostileText("o")), "the harmless twin compiles")
    var emissions: [Emission] = []
    for text in HostileText.singleBytes + HostileText.sequences {
      for variant in Set([text, text.escaped]) {
        if let emission = emission(position, variant) { emissions.append(emission) }
      }
    }
    // Letters, digits and `-` at the least are fine anywhere.
    #expect(emissions.count >= 63)
    for emission in emissions {
      expectText(emission, position)
      #expect(hookScript(emission) == hookScript(twin), "\(emission.text)")
    }
    let distinct = distinct(emissions, twin)
    for loader in Loader.allCases {
      let shown = try loader.shown([twin.outputs] + distinct.map(\.outputs))
      try #require(shown.count == distinct.count + 1)
      let expected = loader.objects(in: shown[0], replacing: [:])
      #expect(expected.count > 30, "\(shown[0])")
      for (emission, shown) in zip(distinct, shown.dropFirst()) {
        let replacements = replacements(position, emission.text, loader)
        let found = loader.objects(in: shown, replacing: replacements)
        let difference = found.difference(from: expected)
        #expect(difference.isEmpty, "\(loader.rawValue) with \(emission.text): \(difference)")
      }
    }
  }

  /// `nil` where the policy is refused, which has to be said.
  private func emission(_ position: HostilePosition, _ text: HostileText) -> Emission? {
    let result = position.compilation(text)
    #expect((result.ruleset == nil) == result.log.hasErrors, "\(position), \(text)")
    #expect(result.defects.isEmpty, "\(position), \(text)")
    var outputs: [Backend: [UInt8]] = [:]
    for backend in Backend.allCases {
      guard let output = backend.output(of: result), !output.log.hasErrors else { return nil }
      outputs[backend] = output.bytes
    }
    return Emission(text: text, outputs: outputs)
  }

  /// The one output that a shell runs, without the names of our chains, which are plain words.
  private func hookScript(_ emission: Emission) -> String {
    String(decoding: emission.outputs[.iptablesHooks] ?? [], as: UTF8.self)
      .replacing(/BW-[A-Za-z0-9_.-]+/, with: "BW")
  }

  /// Outputs are lines of printable ASCII.
  private func expectText(_ emission: Emission, _ position: HostilePosition) {
    for (backend, bytes) in emission.outputs {
      let isText = bytes.allSatisfy {
        (0x20...0x7E).contains($0) || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\t")
      }
      #expect(isText, "\(position), \(backend) with \(emission.text)")
    }
  }

  /// One emission of each kind: what differs in a letter or digit only is loaded once.
  private func distinct(_ emissions: [Emission], _ twin: Emission) -> [Emission] {
    var seen: Set = [twin.outputs]
    var hasWord = false
    return emissions.filter { emission in
      guard seen.insert(emission.outputs).inserted else { return false }
      let isWord = emission.text.bytes.count == 1 && isWordByte(emission.text.bytes[0])
      defer { hasWord = hasWord || isWord }
      return !isWord || !hasWord
    }
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  /// What stands in the objects for the text, and what stands there in the twin's.
  private func replacements(
    _ position: HostilePosition, _ text: HostileText, _ loader: Loader
  ) -> [String: String] {
    switch position {
    case .attachment, .uplink, .port, .via:
      return [String(decoding: whole(text.bytes), as: UTF8.self): "mox"]
    case .logPrefix:
      let limit = loader == .nft ? 127 : 29
      let bytes = whole(text.unescaped.bytes).map { shown($0, loader) }.prefix(limit)
      return [String(decoding: bytes, as: UTF8.self): "mox"]
    case .network, .container, .vm, .list, .service, .comment, .fileName, .hostName, .serveWord,
      .limitUnit, .icmpType:
      return [:]
    }
  }

  private func whole(_ bytes: [UInt8]) -> [UInt8] {
    [UInt8(ascii: "m")] + bytes + [UInt8(ascii: "x")]
  }

  /// How the tools are told a byte: none of them can be told every one.
  private func shown(_ byte: UInt8, _ loader: Loader) -> UInt8 {
    switch byte {
    case UInt8(ascii: "$") where loader == .nft: UInt8(ascii: "?")
    case UInt8(ascii: "\""): UInt8(ascii: "'")
    case UInt8(ascii: "\\"): UInt8(ascii: "/")
    case 0x20...0x7E: byte
    default: UInt8(ascii: "?")
    }
  }
}
