import Foundation
import Host
import KernelForm
import KernelTestSupport
import TestSupport
import Testing

/// Small changes of large maps: quick to make, small to keep, and right whoever loads them.
@Suite struct LargeSetTests {
  private let host: LiveHost

  init() throws { host = try LiveHost() }

  /// Writes a policy that publishes these, each on its line; `nil` for an empty one.
  private func policy(_ ports: [Int?]) throws -> String {
    var text = SamplePolicy.small.replacing("publish tcp 8080 -> web:80\n}", with: "")
    for port in ports { text += port.map { "publish tcp \($0) -> web:80" } ?? ""; text += "\n" }
    return try host.policy("\(text)\n}\n")
  }

  private func apply(_ ports: [Int?]) throws -> KernelRuleset {
    let run = try host.bridgeward("apply", try policy(ports))
    #expect(run.status == 0, "\(run.errors)")
    #expect(!run.errors.contains("not kept"), "\(run.errors)")
    return try host.rules().canonical
  }

  private func size(_ file: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(
      atPath: "\(host.stateDirectory)/\(file)")
    return try #require(attributes[.size] as? Int)
  }

  private func elementFiles(_ suffix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(host.stateDirectory)/elements")
      .filter { $0.hasSuffix(suffix) }
  }

  /// How many states have their elements kept anew: all where namespaces cannot be told from later
  /// ones, which is before Linux 5.14, or else the first.
  private func keptAnew(of states: Int) throws -> Int {
    let cookie = try host.perform { try NetworkNamespaceIdentity.current().cookie }
    return cookie == nil ? states : 1
  }

  /// What stock nft makes of the accepted state, and what `boot` makes of it.
  private func expectCache(_ rules: KernelRuleset) throws {
    try host.nft("flush", "ruleset")
    try host.nft("-f", "\(host.stateDirectory)/accepted.nft")
    #expect(try host.rules().canonical == rules)
    try host.nft("-f", "\(host.stateDirectory)/accepted.nft")
    #expect(try host.rules().canonical == rules, "loading twice is as once")
    try host.nft("flush", "ruleset")
    #expect(try host.bridgeward("boot").status == 0)
    #expect(try host.rules().canonical == rules)
  }

  @Test func keepsWhatChangedOnly() throws {
    var ports: [Int?] = Array(20_000..<21_500)
    let first = try apply(ports)
    #expect(try elementFiles(".set").count == 1)
    #expect(try size("history/000001.nft") < 1 << 16)
    ports[700] = nil
    ports.append(30_000)
    let second = try apply(ports)
    #expect(second != first)
    ports[0] = nil
    ports[1] = 25_000
    ports[700] = 20_700
    ports[1500] = nil
    ports.append(30_001)
    let third = try apply(ports)
    #expect(try elementFiles(".set").count == keptAnew(of: 3))
    #expect(try size("history/000003.nft") < 1 << 16)
    try expectCache(third)
    #expect(try host.bridgeward("rollback", "2").status == 0)
    #expect(try host.rules().canonical == second)
    try expectCache(second)
    #expect(try host.bridgeward("rollback", "1").status == 0)
    #expect(try host.rules().canonical == first)
    try expectCache(first)
  }

  @Test func manyChangesAreKeptAnew() throws {
    _ = try apply(Array(20_000..<21_500))
    _ = try apply(Array(22_000..<23_500))
    #expect(try elementFiles(".set").count == 2)
    try expectCache(try apply(Array(22_000..<23_600)))
  }

  @Test func nothingIsSentTwice() throws {
    let ports = Array(20_000..<21_500)
    _ = try apply(ports)
    let changed = try apply(ports + [30_000])
    let generation = try host.generation()
    #expect(try apply(ports + [30_000]) == changed)
    #expect(try host.generation() == generation)
  }

  /// Who else changes rules, of ours or not, makes the kernel be asked again.
  @Test(arguments: [
    ("add element inet bridgeward publish4-any { tcp . 5 : 10.20.0.11 . 80 }", "tcp . 5 "),
    ("delete element inet bridgeward publish4-any { tcp . 20001 }", "tcp . 20001 "),
    ("add table inet other", nil),
  ])
  func noticesOthers(command: String, key: String?) throws {
    let ports = Array(20_000..<21_500)
    let first = try apply(ports)
    try host.nft(command)
    for words in [["diff", "--rules"], ["apply", "--dry-run"], ["status"]] {
      let run = try host.bridgeward(words + [try policy(ports)])
      #expect(run.status == (key == nil ? 0 : 1), "\(words): \(run.errors)")
      if let key, words == ["diff", "--rules"] { #expect(run.output.contains(key)) }
    }
    #expect(try apply(ports) == first)
    let more = try apply(ports + [30_000])
    #expect(more != first)
    try expectCache(more)
  }

  /// What is kept is as good an answer as the kernel's, after some steps too.
  @Test func comparesWithWhatIsKept() throws {
    let ports = Array(20_000..<21_500)
    _ = try apply(ports)
    let text = try policy(ports + [30_000])
    let before = try host.bridgeward("diff", "--rules", "--format", "json", text)
    #expect(before.status == 1, "\(before.errors)")
    let asked = try host.bridgeward(
      "diff", "--rules", "--format", "json", "--state-dir", "\(host.stateDirectory)/none", text)
    #expect(asked.output == before.output)
    #expect(before.output.contains("30000"))
    _ = try apply(ports + [30_000])
    for words in [["diff"], ["apply", "--dry-run"], ["status"]] {
      let run = try host.bridgeward(words + [text])
      #expect(run.status == 0, "\(words): \(run.output)\(run.errors)")
    }
    let back = try host.bridgeward("diff", try policy(ports))
    #expect(back.status == 1)
    #expect(back.output.contains("- publish tcp 0.0.0.0:30000"), "\(back.output)")
  }

  @Test func tellsDamage() throws {
    let ports = Array(20_000..<21_500)
    let first = try apply(ports)
    let name = try #require(try elementFiles(".set").first)
    let file = "\(host.stateDirectory)/elements/\(name)"
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    #expect(try host.bridgeward("diff", try policy(ports)).status == 0)
    let back = try host.bridgeward("rollback", "1")
    #expect(back.status == 3)
    #expect(back.errors.contains(file), "\(back.errors)")
    // The kernel is asked instead, and the elements are kept anew.
    #expect(try apply(ports) == first)
    try expectCache(first)
  }

  @Test func whatNoEntryNeedsGoes() throws {
    for start in 0..<23 { _ = try apply(Array(20_000 + 1500 * start..<21_200 + 1500 * start)) }
    #expect(try elementFiles(".set").count == 20)
    #expect(try elementFiles(".nft").count == 20)
  }

  @Test func tellsMuchByNumber() throws {
    var text = SamplePolicy.small
    for port in 20_000..<21_500 { text += "publish tcp \(port) -> lab.web:80\n" }
    let path = try host.policy(text)
    let run = try host.bridgeward("apply", path)
    #expect(run.output.contains("publishes 1501"), "\(run.output)")
    #expect(run.output.hasSuffix("applied\n"))
    #expect(run.output.utf8.count < 300)
    #expect(try host.bridgeward("remove").status == 0)
    let verbose = try host.bridgeward("apply", "--verbose", path)
    #expect(verbose.output.contains("21499"))
  }
}
