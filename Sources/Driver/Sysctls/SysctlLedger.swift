package import Host

/// The settings that we have changed since boot, with what to put back.
package struct SysctlLedger: Hashable, Sendable {
  private let path: String
  private static let form = SealedText("settings")

  package init(path: String) { self.path = path }

  /// The settings in the order in which they were made; none where nothing was.
  package func read() throws(HostError) -> [SysctlRecord] {
    let bytes: [UInt8]
    do throws(HostError) {
      bytes = try FileStore().read(path).bytes
    } catch  where error.code == .notFound {
      return []
    }
    do {
      let content = String(decoding: try Self.form.content(of: bytes), as: UTF8.self)
      var reader = StateLines(content.split(separator: "\n"))
      let records = try reader.all("sysctl") { SysctlRecord($0) }
      try reader.end()
      return records
    } catch {
      throw HostError(
        error, in: path, mend: "remove the file; settings that were changed stay as they are then")
    }
  }

  /// Makes `records` what is ours; a file that says so already is left as it is.
  package func write(_ records: [SysctlRecord]) throws(HostError) {
    if let standing = try? read(), standing == records { return }
    if records.isEmpty { return try OutputFile(path).remove() }
    var text = Self.form.begun(room: 256)
    for record in records { text += Array("sysctl \(record.text)\n".utf8) }
    Self.form.seal(&text)
    try OutputFile(path, isPrivate: true).write(text)
  }
}
