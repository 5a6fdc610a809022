import Foundation
import ScratchFiles
import TestSupport

/// A clock that jumps, and a kernel that has no nf_tables, for the program and all that it starts.
struct Surroundings {
  /// How a kernel without nf_tables answers.
  enum Lack: String, CaseIterable {
    /// There is no netlink of netfilter.
    case socket
    /// There is, but nobody answers for nf_tables.
    case subsystem
  }

  private let host: LiveHost
  private let variables: String
  private var offset: URL { URL(fileURLWithPath: "\(host.scratch.path)/clock-offset") }
  private var lack: URL { URL(fileURLWithPath: "\(host.scratch.path)/kernel-lacks") }

  init(_ host: LiveHost) throws {
    self.host = host
    let library = try FaultLibrary.surroundings.get()
    variables =
      "LD_PRELOAD=\(library) CLOCK_OFFSET=\(host.scratch.path)/clock-offset "
      + "KERNEL_LACKS=\(host.scratch.path)/kernel-lacks"
    try setClock(aheadBy: 0)
    try take(nil)
  }

  /// Sets the calendar's clock, also for programs that run already.
  func setClock(aheadBy seconds: Int) throws {
    try Data("\(seconds)".utf8).write(to: offset, options: .atomic)
  }

  /// Sets the calendar's clock to a moment, in seconds since 1970.
  func setClock(to moment: Int) throws {
    try setClock(aheadBy: moment - Int(Date().timeIntervalSince1970))
  }

  /// Takes nf_tables out of the kernel, or brings it back.
  func take(_ lack: Lack?) throws {
    try Data((lack?.rawValue ?? "nothing").utf8).write(to: self.lack, options: .atomic)
  }

  /// Runs the program there; words are the shell's, `$1` is where states are kept.
  ///
  /// - Parameter isFixed: Whether a setting that the program changes, and be it for a moment, is an
  ///   error.
  func bridgeward(
    _ words: String, variables more: String = "", fixingSettings isFixed: Bool = false
  ) throws -> Command.Result {
    let takesNoState = words.hasPrefix("diff") || words.hasPrefix("doctor")
    let state = takesNoState ? "" : "--state-dir \"$1\""
    let command = "\(variables) \(more) \"$0\" \(words) \(state)"
    let fixed = "unshare --mount bash -c '\(Self.fixing) && \(command)' \"$0\" \"$1\""
    return try host.shell(isFixed ? fixed : command)
  }

  private static let fixing =
    "mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys"
}
