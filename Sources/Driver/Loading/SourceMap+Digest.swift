package import Diagnostics

extension SourceMap {
  /// Tells the policy's text from all others: the hash of its files, in the order in which they
  /// were read.
  package var digest: SHA256Digest {
    SHA256Digest(of: files.count == 1 ? files[0].bytes : files.flatMap { $0.bytes })
  }
}
