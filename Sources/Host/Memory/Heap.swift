import CMalloc

/// The memory that arrays come from.
package enum Heap {
  /// What one call takes at most; only what is used of it becomes real.
  private static let limit = 256 << 20

  /// Prepares for work that will hold about `bytes`: taking memory page by page would cost a fifth
  /// of its time. Where the machine does not have so much, nothing changes.
  package static func prepare(for bytes: Int) {
    heap_grow(CInt(min(bytes, limit)))
  }
}
