import Diagnostics

extension Compilation {
  /// The files of the policy that belong to root and that others can write, in the order in which
  /// they were read: whoever can write them would rule the host's network.
  package var filesWritableByOthers: [String] {
    log.sorted.filter { $0.id == .fileWritable }
      .compactMap(\.span).map { sources[$0.file].name }
  }

  /// Tells the policy's text from all others: the hash of its files, in the order in which they
  /// were read.
  package var digest: SHA256Digest {
    let files = sources.files
    return SHA256Digest(
      of: files.count == 1 ? files[0].bytes : files.flatMap { $0.bytes })
  }
}
