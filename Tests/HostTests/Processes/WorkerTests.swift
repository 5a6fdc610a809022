import Foundation
import Host
import Synchronization
import Testing

struct WorkerTests {
  /// What was done, seen from outside the thread.
  private final class Trail: Sendable {
    private let mark = Atomic(false)

    var isLeft: Bool { mark.load(ordering: .relaxed) }

    func leave() {
      usleep(50_000)
      mark.store(true, ordering: .relaxed)
    }
  }

  @Test func whatCameOfItIsHandedOver() {
    let caller = pthread_self()
    let worker = Worker { (pthread_equal(pthread_self(), caller) != 0, [1, 2, 3].reduce(0, +)) }
    let (isCaller, sum) = worker.value()
    #expect(!isCaller)
    #expect(sum == 6)
  }

  /// An error may come before anybody asks: nothing goes on behind the back of who tells it.
  @Test func isOverWhenItIsGone() {
    let trail = Trail()
    do {
      let worker = Worker { trail.leave() }
      _ = consume worker
    }
    #expect(trail.isLeft)
  }

  @Test func isOverWhereAnErrorComesFirst() {
    let trail = Trail()
    func fail() throws {
      let worker = Worker { trail.leave() }
      try Self.refuse()
      worker.value()
    }
    #expect(throws: CocoaError.self) { try fail() }
    #expect(trail.isLeft)
  }

  private static func refuse() throws { throw CocoaError(.featureUnsupported) }
}
