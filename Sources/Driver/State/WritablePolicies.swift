import Diagnostics

extension Compilation {
  /// The files of the policy that belong to root and that others can write, in the order in which
  /// they were read: whoever can write them would rule the host's network.
  package var filesWritableByOthers: [String] {
    log.sorted.filter { $0.id == .fileWritable }
      .compactMap(\.span).map { sources[$0.file].name }
  }
}
