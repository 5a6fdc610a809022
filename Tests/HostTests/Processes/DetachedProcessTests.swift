import Foundation
import Host
import ScratchFiles
import Testing

struct DetachedProcessTests {
  private let directory: Scratch

  init() throws { directory = try Scratch() }

  /// What the started shell wrote, once it has.
  private func awaited(_ name: String) throws -> String {
    for _ in 0..<5000 {
      if let text = try? directory.read(name), text.hasSuffix("\n") { return text }
      usleep(2000)
    }
    return try directory.read(name)
  }

  @Test func itIsCutOffFromUs() throws {
    let inherited = unsafe open(try directory.write("open"), O_RDONLY)
    defer { close(inherited) }
    let report = "\(directory.path)/report"
    let script = """
      import os, sys, time
      files = []
      for name in os.listdir("/proc/self/fd"):
          try: files.append(os.readlink("/proc/self/fd/" + name))
          except OSError: pass
      with open(sys.argv[1], "w") as report:
          report.write("\\n".join([str(os.getsid(0))] + files) + "\\n")
      time.sleep(100)
      """
    let child = try DetachedProcess.start("/usr/bin/python3", ["-c", script, report])
    defer { child.terminate() }
    var lines = try awaited("report").split(separator: "\n")
    #expect(lines.removeFirst() == "\(child.process)", "it leads its session")
    #expect(lines.filter { $0 == "/dev/null" }.count >= 3)
    #expect(!lines.contains { $0.hasSuffix("/open") })
    kill(child.process, SIGHUP)
    usleep(50_000)
    #expect(child.isAlive)
    child.terminate()
    while child.isAlive { usleep(1000) }
  }

  @Test func theDeadAreKnown() throws {
    let own = try ProcessIdentity.current()
    #expect(own.process == getpid() && own.isAlive)
    let reused = ProcessIdentity(process: own.process, startTicks: own.startTicks + 1)
    #expect(!reused.isAlive)
    let child = try DetachedProcess.start("/bin/sleep", ["600"])
    #expect(child.isAlive)
    kill(child.process, SIGKILL)
    // Nobody waits for it: a dead process that its parent has not noticed counts as dead.
    while child.isAlive { usleep(1000) }
    #expect(ProcessIdentity(process: child.process) == nil)
    #expect(ProcessIdentity(process: -1) == nil)
  }

  @Test func noProgramIsAnError() {
    let error = #expect(throws: HostError.self) {
      try DetachedProcess.start("/nonexistent", [])
    }
    #expect(error?.code == .notFound)
    #expect(throws: Never.self) { try DetachedProcess.ownProgram() }
  }

  @Test func anEntrySaysWhoStartedIt() throws {
    let entry = try #require(ProcessEntry(getpid()))
    #expect(entry.parent == getppid() && !entry.isDead && !entry.name.isEmpty)
    let socket = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(socket) }
    var status = stat()
    #expect(unsafe fstat(socket, &status) == 0)
    #expect(entry.socketInodes().contains(UInt64(status.st_ino)))
  }

  @Test func aNameMayHoldAnything() throws {
    let stat = "7 (a) b (c)) S 3 " + (1...16).map(String.init).joined(separator: " ") + " 99 0 0\n"
    try directory.write("7/stat", stat)
    let entry = try #require(ProcessEntry(7, root: directory.path))
    #expect(entry.name == "a) b (c)" && entry.parent == 3)
    try directory.write("8/stat", "8 (sh")
    #expect(ProcessEntry(8, root: directory.path) == nil)
    #expect(ProcessEntry(9, root: directory.path) == nil)
  }
}
