import Glibc
import Synchronization

/// Work on a thread of its own, while the caller waits for something else; it is done before this is
/// gone, so that no thread outlives whoever began it.
package struct Worker<Value: Sendable>: ~Copyable {
  /// `nil` where the work was done before anybody asked.
  private let thread: pthread_t?
  private let outcome: Outcome<Value>

  /// Begins the work; where no thread is to be had, it is done before this returns.
  ///
  /// - Parameter isLong: whether it takes longer than a thread costs; else it is done before this
  ///   returns, too.
  package init(isLong: Bool = true, _ work: @escaping @Sendable () -> Value) {
    let outcome = Outcome<Value>()
    self.outcome = outcome
    if isLong {
      thread = Job { outcome.set(work()) }.start()
    } else {
      thread = nil
      outcome.set(work())
    }
  }

  deinit {
    if let thread { pthread_join(thread, nil) }
  }

  /// What came of it, once it is done.
  package consuming func value() -> Value {
    let outcome = outcome
    _ = consume self
    return outcome.value
  }
}

/// Where a thread leaves what it has made.
private final class Outcome<Value: Sendable>: Sendable {
  private let content = Mutex<Value?>(nil)

  func set(_ value: Value) { content.withLock { $0 = value } }

  var value: Value {
    guard let value = content.withLock({ $0 }) else {
      preconditionFailure("invariant: asked for after the work was done")
    }
    return value
  }
}

/// What a thread does.
private final class Job: Sendable {
  private let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }

  /// The thread; `nil` where there is none to be had, and the work is done.
  func start() -> pthread_t? {
    var thread = pthread_t()
    let context = unsafe Unmanaged.passRetained(self)
    let status = unsafe pthread_create(
      &thread, nil,
      { context in
        if let context = unsafe context {
          unsafe Unmanaged<Job>.fromOpaque(context).takeRetainedValue().run()
        }
        return nil
      }, context.toOpaque())
    if status == 0 { return thread }
    unsafe context.release()
    run()
    return nil
  }
}
