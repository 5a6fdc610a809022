import CMalloc
import Glibc
import SystemPackage

/// The memory that arrays come from.
package enum Heap {
  /// What one call takes at most; only what is used of it becomes real.
  private static let limit = 256 << 20

  /// Prepares for work that will hold about `bytes`: taking memory page by page would cost a fifth
  /// of its time. Where the machine does not have so much, nothing changes.
  package static func prepare(for bytes: Int) {
    heap_grow(CInt(min(bytes, limit)))
  }

  /// Lets all threads take memory from the same place; to be called before there is a second one.
  package static func share() { heap_share() }

  /// Throws where a limit of this process leaves less than `bytes` of memory: later there would be
  /// none for a message.
  package static func require(_ bytes: Int, to action: String) throws(HostError) {
    guard heap_has(bytes) == 0 else { return }
    throw HostError(
      .other, "\(action), which takes about \(bytes >> 20) MiB", cause: .noMemory,
      advice: "raise the limit on memory (ulimit -d, ulimit -v)")
  }

  /// From now on the process ends with `status` and `text` where it needs memory and there is none,
  /// instead of with a signal.
  package static func tellExhaustion(_ text: StaticString, status: Int32) {
    unsafe heap_set_last_words(
      UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self),
      text.utf8CodeUnitCount, status)
    signal(SIGABRT, heap_on_crash)
    signal(SIGSEGV, heap_on_crash)
  }
}
