import CLinux
import Glibc

/// Waits for many sockets at once.
struct Poller {
  private let descriptor: Descriptor

  init() throws(SystemCallError) {
    descriptor = try Descriptor(epoll_create1(0), "epoll_create1")
  }

  /// What to wait for.
  enum Interest {
    case input, output

    var events: UInt32 {
      switch self {
      case .input: EPOLLIN.rawValue
      case .output: EPOLLOUT.rawValue
      }
    }
  }

  func add(_ socket: Socket, _ interest: Interest = .input) throws(SystemCallError) {
    try control(EPOLL_CTL_ADD, socket, interest)
  }

  func change(_ socket: Socket, _ interest: Interest) throws(SystemCallError) {
    try control(EPOLL_CTL_MOD, socket, interest)
  }

  func remove(_ socket: Socket) {
    epoll_ctl(descriptor.number, EPOLL_CTL_DEL, socket.number, nil)
  }

  private func control(
    _ operation: Int32, _ socket: Socket, _ interest: Interest
  ) throws(SystemCallError) {
    var event = unsafe epoll_event(
      events: interest.events, data: epoll_data_t(fd: socket.number))
    try succeed(
      unsafe epoll_ctl(descriptor.number, operation, socket.number, &event), "epoll_ctl")
  }

  /// The numbers of the sockets where something happened within `milliseconds`.
  func wait(milliseconds: Int) throws(SystemCallError) -> [Int32] {
    var events = unsafe [epoll_event](repeating: epoll_event(), count: 256)
    let count = unsafe events.withUnsafeMutableBufferPointer { buffer in
      unsafe epoll_wait(
        descriptor.number, buffer.baseAddress, Int32(buffer.count), Int32(milliseconds))
    }
    guard count >= 0 else {
      if errno == EINTR { return [] }
      throw SystemCallError("epoll_wait")
    }
    return unsafe events[..<Int(count)].map { unsafe $0.data.fd }
  }
}
