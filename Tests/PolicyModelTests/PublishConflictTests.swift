import Diagnostics
import PolicyTestSupport
import Testing

/// Ports that are claimed twice are found in whatever order lines claim them.
struct PublishConflictTests {
  /// How many lines claim a port that another one has.
  private func conflicts(_ ports: [Int]) -> Int {
    let lines = ports.enumerated().map { "  publish tcp \($1) -> web:\($0 + 1)" }
    let text = """
      uplink eth0
      network front {
        bridge br-front subnet 172.18.0.0/16 masquerade
        container web 172.18.0.10
      \(lines.joined(separator: "\n"))
      }
      """
    return Checked([Array(text.utf8)]).findings.count { $0.id == .publishConflict }
  }

  @Test func everyOrderFindsTheSame() {
    var generator = SeededGenerator(seed: 11)
    for count in [1, 2, 3, 20, 200] {
      // Most stand in their order, and some do not; then all are anywhere.
      var ports = (0..<count).map { 300 + $0 * 40 }
      for _ in 0..<count / 10 {
        let place = Int.random(in: 0..<count, using: &generator)
        ports[place] = ports[Int.random(in: 0..<count, using: &generator)]
        ports.append(Int.random(in: 1...9999, using: &generator))
      }
      let twice = ports.count - Set(ports).count
      #expect(conflicts(ports) == twice)
      for _ in 0..<5 { #expect(conflicts(ports.shuffled(using: &generator)) == twice) }
      #expect(conflicts(ports + ports) == 2 * ports.count - Set(ports).count)
    }
  }
}
