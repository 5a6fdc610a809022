import Foundation
import ScratchFiles
import Testing

/// The command lines of the units, as they are, where systemd would run them: with one capability,
/// a read-only file system, and a network that nobody has touched yet.
@Suite(.enabled(if: getuid() == 0, "only root may mount"))
struct BootTests {
  /// Shell functions that run a unit's commands in order and stop at the first that may not fail.
  private static func functions() throws -> String {
    try UnitFile.names.map { name in
      let commands = try UnitFile(name).values(of: "ExecStart").map { line in
        let mayFail = line.hasPrefix("-")
        let command = line.drop { $0 == "-" }
          .replacingOccurrences(of: "/usr/bin/bridgeward", with: "service")
        return mayFail ? "{ \(command) || true; }" : command
      }
      let word = name == UnitFile.names[0] ? "early" : "main"
      return "\(word)() { \(commands.joined(separator: " && ")); }\n"
    }.joined()
  }

  /// What systemd makes for the units, in namespaces of their own, before `scenario` runs.
  private static let setting = #"""
    set -eu
    program=$0
    place=$1
    mount --make-rprivate /
    mount -t tmpfs place "$place"
    cp -a /etc "$place/etc"
    mkdir "$place/etc/bridgeward" "$place/disk"
    mount --bind "$place/etc" /etc
    mount -t tmpfs run /run
    mount -t tmpfs lib /var/lib
    # Of this namespace alone: the flag of the mount, not of the file system.
    mount -o remount,bind,ro /
    mkdir -m 700 /var/lib/bridgeward /run/bridgeward
    mkdir /run/sysctl.d
    ip link set lo up
    cd "$place"
    service() {
      env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin STATE_DIRECTORY=/var/lib/bridgeward \
        RUNTIME_DIRECTORY=/run/bridgeward \
        setpriv --no-new-privs --bounding-set=-all,+net_admin --inh-caps=-all "$program" "$@"
    }
    reboot() {
      nft flush ruleset
      rm -rf /run/bridgeward /run/sysctl.d
      mkdir -m 700 /run/bridgeward
      mkdir /run/sysctl.d
      echo 0 >/proc/sys/net/ipv4/ip_forward
    }
    cat >policy <<'EOF'
    language 1
    network front {
      bridge br0
      subnet 10.0.0.0/24
      masquerade
      container web 10.0.0.2
      publish tcp 8080 -> web:80
    }
    EOF
    fail() { echo "FAILED: $*" >&2; nft list ruleset >&2; exit 1; }
    same() { nft list ruleset >now; cmp -s rules now || fail "$1"; }
    ours() { nft list ruleset | grep -q 'table inet bridgeward'; }

    """#

  private func run(_ scenario: String) throws {
    let scratch = try Scratch()
    let script = try Script(
      Self.setting + Self.functions() + scenario, [Script.program, scratch.path],
      launcher: ["unshare", "--net", "--mount"])
    #expect(script.status == 0, "\(script.output)\(script.errors)")
  }

  @Test func withoutPolicyAndStateNothingHappens() throws {
    try run("early; test -z \"$(nft list ruleset)\" || fail 'rules out of nothing'")
  }

  @Test func whatWasAppliedIsThereAfterABoot() throws {
    try run(
      #"""
      cp policy /etc/bridgeward/lab.ward
      main
      ours || fail 'main loads'
      test "$(cat /proc/sys/net/ipv4/ip_forward)" = 1 || fail 'main forwards'
      nft list ruleset >rules
      grep -q 'net/ipv4/conf/br0/route_localnet = 1' /run/sysctl.d/60-bridgeward.conf ||
        fail 'the bridge is to come'
      main
      same 'again changes nothing'
      reboot
      early
      same 'early loads what was accepted'
      test "$(cat /proc/sys/net/ipv4/ip_forward)" = 1 || fail 'early forwards'
      grep -q 'net/ipv4/conf/br0/route_localnet = 1' /run/sysctl.d/60-bridgeward.conf ||
        fail 'the bridge is still to come'
      main
      same 'main changes nothing after early'
      reboot
      nft -f /var/lib/bridgeward/accepted.nft
      same 'stock nft loads it, too'
      """#)
  }

  @Test func aReloadOfNftablesIsFollowed() throws {
    try run(
      #"""
      cp policy /etc/bridgeward/lab.ward
      main
      nft list ruleset >rules
      nft flush ruleset
      main
      same 'after a flush'
      """#)
  }

  @Test func aBrokenPolicyLeavesTheLastGoodRules() throws {
    try run(
      #"""
      cp policy /etc/bridgeward/lab.ward
      main
      nft list ruleset >rules
      echo 'network broken {' >>/etc/bridgeward/lab.ward
      if main 2>said; then fail 'a broken policy is an error'; fi
      grep -q lab.ward said || fail 'it says where'
      same 'rules stay'
      reboot
      early
      if main 2>said; then fail 'a broken policy is an error'; fi
      same 'rules of the last time'
      nft flush ruleset
      if main 2>said; then fail 'a broken policy is an error'; fi
      same 'also after a flush'
      """#)
  }

  @Test func noDiskNeedsToBeWritable() throws {
    try run(
      #"""
      cp policy /etc/bridgeward/lab.ward
      main
      nft list ruleset >rules
      mount -o remount,ro /var/lib
      reboot
      early
      same 'early'
      main
      same 'main'
      echo '# a new thought' >>/etc/bridgeward/lab.ward
      reboot
      early
      main
      ours || fail 'a changed policy on a read-only disk'
      """#)
  }

  @Test func aDamagedStateIsToldAndThePolicyApplied() throws {
    try run(
      #"""
      cp policy /etc/bridgeward/lab.ward
      main
      nft list ruleset >rules
      echo damage >>"$(readlink -f /var/lib/bridgeward/accepted.nft)"
      reboot
      if early 2>said; then fail 'damage is an error'; fi
      grep -q accepted.nft said || fail 'it names the file'
      main
      same 'the policy mends it'
      reboot
      early
      same 'for good'
      """#)
  }
}
