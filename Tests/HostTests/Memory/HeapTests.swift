import Host
import Testing

struct HeapTests {
  /// More than there is, and nothing, are sizes too: arrays are the same afterwards.
  @Test(arguments: [0, 1 << 20, 1 << 40, Int.max])
  func anySizeMayBeAskedFor(size: Int) {
    Heap.prepare(for: size)
    var bytes = [UInt8](repeating: 1, count: 3 << 20)
    for index in bytes.indices where index % 4096 == 0 { bytes[index] = 2 }
    #expect(bytes.reduce(0) { $0 + Int($1) } == (3 << 20) + (3 << 20) / 4096)
  }
}
