/// SARIF 3.27, "result object".
struct SARIFResult: Hashable, Sendable, Encodable {
  let ruleId: String
  let ruleIndex: Int
  let level: String
  let message: SARIFMessage
  let locations: [SARIFLocation]
  let relatedLocations: [SARIFLocation]
  let fixes: [SARIFFix]

  init(_ finding: Diagnostic, ruleIndex: Int, _ locator: Locator) {
    ruleId = finding.id.rawValue
    self.ruleIndex = ruleIndex
    level = finding.severity.rawValue
    let remarks = finding.notes.filter { $0.span == nil }.map(\.message)
    message = SARIFMessage(text: ([finding.message] + remarks).joined(separator: "; "))
    locations = finding.span.map { [SARIFLocation($0, message: nil, locator)] } ?? []
    relatedLocations = finding.notes.compactMap { note in
      note.span.map { SARIFLocation($0, message: note.message, locator) }
    }
    fixes = finding.fixIts.map { SARIFFix($0, locator) }
  }
}

/// SARIF 3.11, "message object".
struct SARIFMessage: Hashable, Sendable, Encodable { let text: String }

/// SARIF 3.28, "location object".
struct SARIFLocation: Hashable, Sendable, Encodable {
  struct Physical: Hashable, Sendable, Encodable {
    let artifactLocation: SARIFArtifact
    /// Absent where the whole file is meant.
    let region: SARIFRegion?
  }

  let physicalLocation: Physical
  let message: SARIFMessage?

  init(_ span: SourceSpan, message: String?, _ locator: Locator) {
    let location = locator.location(of: span)
    physicalLocation = Physical(
      artifactLocation: SARIFArtifact(location.file),
      region: Locator.isWholeFile(span) ? nil : SARIFRegion(location))
    self.message = message.map(SARIFMessage.init)
  }
}

/// SARIF 3.4, "artifactLocation object".
struct SARIFArtifact: Hashable, Sendable, Encodable {
  let uri: String

  /// A relative or absolute path becomes a URI reference (RFC 3986).
  init(_ path: String) {
    uri = path.utf8.reduce(into: "") { text, byte in
      let scalar = Unicode.Scalar(byte)
      if Self.isUnreserved(byte) {
        text.unicodeScalars.append(scalar)
      } else {
        text += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}

/// SARIF 3.30, "region object".
struct SARIFRegion: Hashable, Sendable, Encodable {
  let startLine: Int
  let startColumn: Int
  let endLine: Int
  let endColumn: Int
  let byteOffset: Int
  let byteLength: Int

  init(_ location: Location) {
    startLine = location.start.line
    startColumn = location.start.column
    endLine = location.end.line
    endColumn = location.end.column
    byteOffset = location.start.offset
    byteLength = location.end.offset - location.start.offset
  }
}

/// SARIF 3.55, "fix object".
struct SARIFFix: Hashable, Sendable, Encodable {
  struct Change: Hashable, Sendable, Encodable {
    let artifactLocation: SARIFArtifact
    var replacements: [Replacement]
  }

  struct Replacement: Hashable, Sendable, Encodable {
    let deletedRegion: SARIFRegion
    let insertedContent: SARIFMessage
  }

  let description: SARIFMessage
  let artifactChanges: [Change]

  init(_ fixIt: FixIt, _ locator: Locator) {
    description = SARIFMessage(text: fixIt.message)
    var changes: [Change] = []
    for edit in fixIt.edits {
      let location = locator.location(of: edit.span)
      let artifact = SARIFArtifact(location.file)
      let replacement = Replacement(
        deletedRegion: SARIFRegion(location),
        insertedContent: SARIFMessage(text: edit.replacement))
      if let index = changes.firstIndex(where: { $0.artifactLocation == artifact }) {
        changes[index].replacements.append(replacement)
      } else {
        changes.append(Change(artifactLocation: artifact, replacements: [replacement]))
      }
    }
    artifactChanges = changes
  }
}
