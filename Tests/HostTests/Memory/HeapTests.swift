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

  @Test func whatThereIsNotIsRefused() throws {
    try Heap.require(1 << 20, to: "test")
    let error = #expect(throws: HostError.self) { try Heap.require(1 << 50, to: "test") }
    #expect(
      error?.description == "cannot test, which takes about 1073741824 MiB: Cannot allocate "
        + "memory; raise the limit on memory (ulimit -d, ulimit -v)")
  }
}
