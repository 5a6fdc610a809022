import Dispatch
import KernelForm
import Testing

struct ElementTableTests {
  /// ThreadSanitizer sees whether tables that have nothing in common share storage all the same, as
  /// empty arrays do.
  @Test func tablesAreMadeAtOnce() {
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<50 {
        var read = ElementTable(keyLength: 4)
        read.append(from: [1, 2, 3, 4].span, key: 0..<4, value: 4..<4, comment: 4..<4)
        #expect(read.count == 1 && read.comments.isEmpty && read.data.isEmpty)
        var written = ElementTable(keyLength: 4, dataLength: 4)
        written.append(
          0, fileLength: 0, keys: { _ in }, data: { _ in }, comments: { _, _ in })
        #expect(written.count == 0 && written.keys.isEmpty && written.data.isEmpty)
      }
    }
  }
}
