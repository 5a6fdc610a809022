package import Diagnostics
import Formatting
package import Host
import Syntax

/// One file as `fmt` sees it: what it says and how it is to be laid out.
package struct PolicyText: Sendable {
  package let sources: SourceMap
  package let log: DiagnosticLog
  /// The file in the canonical layout; `nil` where `log` has errors.
  package let formatted: [UInt8]?

  /// Whether the file is laid out so already.
  package var isFormatted: Bool { formatted == sources[0].bytes }

  /// Reads one file or standard input; does not follow its includes.
  package init(_ input: PolicyInput, store: FileStore = FileStore()) throws(HostError) {
    switch input {
    case .standardInput: self.init(try store.readStandardInput().bytes, name: "<stdin>")
    case .path(let path): self.init(try store.read(path).bytes, name: path)
    }
  }

  private init(_ bytes: [UInt8], name: String) {
    var sources = SourceMap()
    var log = DiagnosticLog()
    let file = sources.add(name: name, bytes: bytes)
    checkText(sources[file], log: &log)
    let tree = log.hasErrors ? nil : parse(sources[file], log: &log)
    formatted = log.hasErrors ? nil : tree.map { Array(format($0).utf8) }
    self.sources = sources
    self.log = log
  }
}
