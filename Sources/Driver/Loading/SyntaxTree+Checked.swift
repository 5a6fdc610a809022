import Diagnostics
import Host
import Syntax

extension SyntaxTree {
  /// The tree of a file, and what is wrong with it; no tree where the file is no text.
  static func checked(_ source: SourceText) -> (tree: SyntaxTree?, log: DiagnosticLog) {
    var log = DiagnosticLog()
    checkText(source, log: &log)
    let isText = !log.sorted.contains { $0.id == .textEncoding }
    if !isText { return (nil, log) }
    let size = source.bytes.count
    // The other thread takes a moment to begin, and all of its memory is new.
    guard size >= leastForThread, let reader = SecondHalf.Reader(of: source, after: size / 9 * 5)
    else {
      return (parse(source, log: &log), log)
    }
    let thread = HalfThread(reader)
    return (parse(source, log: &log, beside: SecondHalf(reader, wait: thread.content)), log)
  }

  /// From so many bytes on, a second thread gains more than it costs.
  private static let leastForThread = 256 << 10
}

/// Reads the second half of a file while the first is read.
private final class HalfThread {
  private var worker: Worker<SecondHalf.Content?>?

  init(_ reader: SecondHalf.Reader) { worker = Worker { reader.read() } }

  /// Waits until it is read.
  func content() -> SecondHalf.Content? { worker.take()?.value() ?? nil }
}
