import Foundation
import Host
import Testing

struct ClockTests {
  @Test func bootTimeRunsOnAndAgreesWithTheKernel() throws {
    let text = try FileStore().read("/proc/uptime").bytes
    let uptime = try #require(
      Double(String(decoding: text.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)))
    let now = BootTime.now
    #expect(abs(Double(now.nanoseconds) / 1e9 - uptime) < 5)
    #expect(BootTime.now >= now)
  }

  @Test func sleepingTakesUntilTheDeadline() {
    let deadline = BootTime.now.advanced(by: 30_000_000)
    #expect(deadline.remaining > 0)
    BootTime.sleep(until: deadline)
    #expect(BootTime.now >= deadline)
    #expect(deadline.remaining == 0)
    BootTime.sleep(until: BootTime(nanoseconds: 0))
  }

  @Test func theEndOfTimeIsNoTrap() {
    let end = BootTime(nanoseconds: .max)
    #expect(end.advanced(by: 1) == end)
    #expect(end.remaining > 0)
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
    (951_782_400, "2000-02-29T00:00:00Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
    (1_795_275_000, "2026-11-21T15:30:00Z"), (Int64.max, "9999-12-31T23:59:59Z"),
    (Int64.min, "0000-01-01T00:00:00Z"),
  ])
  func timesHaveTheirName(seconds: Int64, text: String) {
    #expect(WallTime(seconds: seconds).description == text)
    #expect(WallTime(text) == WallTime(seconds: seconds))
  }

  @Test func timesAgreeWithTheCalendar() throws {
    let format = ISO8601DateFormatter()
    // A prime stride meets every month, day and hour.
    for seconds in stride(from: 0, to: 8_000_000_000, by: 7_654_321) {
      let date = Date(timeIntervalSince1970: TimeInterval(seconds))
      let time = WallTime(seconds: Int64(seconds))
      #expect(time.description == format.string(from: date))
      #expect(WallTime(time.description) == time)
    }
  }

  @Test(arguments: [
    "", "2026-02-30T00:00:00Z", "2026-11-21 15:30:00Z", "2026-11-21T24:00:00Z",
    "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "２026-01-01T00:00:00Z",
  ])
  func othersAreNoTimes(text: String) { #expect(WallTime(text) == nil) }

  @Test func bootsAndNamespacesHaveANumber() throws {
    #expect(try BootIdentity.current() == BootIdentity.current())
    #expect(UUID(uuidString: try BootIdentity.current().text) != nil)
    let namespace = try NetworkNamespaceIdentity.current()
    #expect(namespace.inode > 0)
    #expect(try NetworkNamespaceIdentity.current() == namespace)
    let link = try Link.target(of: "/proc/self/ns/net")
    #expect(link == "net:[\(namespace.inode)]")
  }

  /// Before Linux 5.14 a namespace is known by its cookie only where that is the first one.
  @Test func firstNamespaceHasTheFirstCookie() throws {
    let namespace = try NetworkNamespaceIdentity.current()
    #expect(!NetworkNamespaceIdentity.isFirst(namespace.inode) || namespace.cookie == 1)
    #expect(!NetworkNamespaceIdentity.isFirst(namespace.inode + 1))
  }
}
