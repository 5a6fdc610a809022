import HeaderSpace
import Testing

/// Answers that were worked out by hand from the language's table.
@Suite struct ExposureTests {
  private func lines(_ text: String) throws -> [String] {
    Exposure(try installation(text)).rows.map(\.line)
  }

  @Test func quickstart() throws {
    let lines = try lines(
      """
      language 1
      uplink eth0
      network front {
        bridge br-front
        subnet 172.18.0.0/16, fd00:18::/64
        masquerade
        icc off
        container proxy 172.18.0.11, fd00:18::11
        container web 172.18.0.10, fd00:18::10
        publish tcp 80 -> proxy from any
        allow proxy -> web tcp 8080
      }
      """)
    #expect(
      lines == [
        "46: world, host, front -> host tcp 80 to front.proxy:80 by line 10",
        "46: host -> front any",
        "46: front.proxy -> front.web tcp 8080 by line 11",
        "46: world, front -> host any except tcp 80",
        "46: host, front -> world any",
      ])
  }

  @Test func nothingDeclaredIsNothingTold() throws {
    #expect(
      try lines("language 1\n") == ["46: world -> host any", "46: host -> world any"])
  }

  @Test func internalNetworksHaveNoWayOut() throws {
    let lines = try lines(
      """
      language 1
      network back {
        bridge br-back
        subnet 172.19.0.0/16
        internal
        container db 172.19.0.20
      }
      """)
    #expect(
      lines == [
        "4: host, back -> back any", "4: back -> host any", "46: world -> host any",
        "46: host -> world any",
      ])
  }

  /// A publish on loopback is the host's own, and nobody forges a way to it.
  @Test func loopbackIsForTheHostAlone() throws {
    let lines = try lines(
      """
      language 1
      network front {
        bridge br-front
        subnet 172.18.0.0/16
        masquerade
        container web 172.18.0.10
        publish tcp 127.0.0.1:9000 -> web:80
      }
      """)
    #expect(lines.first == "4: host -> 127.0.0.1 tcp 9000 to front.web:80 by line 7")
    #expect(lines.count { $0.contains("9000") } == 1)
  }

  @Test func isolationClosesBothWays() throws {
    func network(_ name: String, _ number: Int, _ setting: String) -> String {
      """
      network \(name) {
        bridge br-\(name)
        subnet 172.\(number).0.0/16
        masquerade
        isolation \(setting)
        container c 172.\(number).0.10
        publish tcp \(8000 + number) -> c:80 from any
      }

      """
    }
    let on = try lines("language 1\n" + network("a", 18, "on") + network("b", 19, "on"))
    #expect(on.contains("4: world, host, a, b -> host tcp 8018 to a.c:80 by line 8"))
    #expect(on.contains("4: a -> a any") || on.contains("4: host, a -> a any"))
    #expect(!on.contains { $0.contains("a -> b any") || $0.contains("b -> a any") })
    let strict = try lines("language 1\n" + network("a", 18, "strict") + network("b", 19, "on"))
    #expect(strict.contains("4: world, host, a -> host tcp 8018 to a.c:80 by line 8"))
    let off = try lines("language 1\n" + network("a", 18, "off") + network("b", 19, "off"))
    #expect(off.contains("4: a -> b any by line 6") && off.contains("4: b -> a any by line 14"))
  }

  @Test func limitsAreSaid() throws {
    let lines = try lines(
      """
      language 1
      default deny world -> host
      allow 203.0.113.0/24 -> host tcp 22 limit 10/minute burst 5 per source
      """)
    #expect(
      lines.contains(
        "4: 203.0.113.0/24 -> host tcp 22 within 10/minute burst 5 per source by line 3"))
  }
}
