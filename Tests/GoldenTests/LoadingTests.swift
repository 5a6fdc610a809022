import Foundation
import RulesetTestSupport
import Testing

/// The real tools take every output, and taking it twice is the same as taking it once.
@Suite struct LoadingTests {
  @Test(arguments: Loader.allCases)
  func takesEveryOutputTwice(_ loader: Loader) throws {
    let cases = try GoldenCase.all().filter { !loader.isTextOnly($0) }
    let files = cases.map { $0.directory.appending(path: loader.output.rawValue) }
      .filter { FileManager.default.fileExists(atPath: $0.path) }
    #expect(!files.isEmpty)
    let report = try loader.load(files)
    let failures = report.filter { !$0.hasPrefix("ok ") }
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    #expect(report.count { $0.hasPrefix("ok ") } == files.count)
  }

  /// Each built-in chain calls ours once, however often the script ran; another policy takes the
  /// chains of the last one away.
  @Test(arguments: ["nft", "legacy"])
  func callsOwnChainsOnce(_ variant: String) throws {
    let result = try NamespacedShell().run(Self.hookScript(variant))
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }

  private static func hookScript(_ variant: String) -> String {
    let examples = Repository.golden.appending(path: GoldenCase.exampleNoun).path
    return """
      export IPTABLES=iptables-\(variant) IP6TABLES=ip6tables-\(variant)
      saved() { $IPTABLES-save; $IP6TABLES-save; }
      load() {
        $IPTABLES-restore --noflush < "\(examples)/$1/output.iptables" &&
        $IP6TABLES-restore --noflush < "\(examples)/$1/output.ip6tables" &&
        sh "\(examples)/$1/output.iptables-hooks" || exit 1
        saved | grep -v '^[#:]' > "$2"
      }
      load whole-policy once
      load whole-policy twice
      cmp once twice || exit 1
      load own-bridge other
      ! grep -q BW-.*-back other
      """
  }

  /// Kernels without bridge metadata refuse these; there only their text is compared.
  @Test func onlyTheListedCasesAreTextOnly() throws {
    let assuming = try GoldenCase.all().filter { !$0.options.assumed.isEmpty }.map(\.name)
    #expect(Set(assuming) == Loader.needsBridgeFeatures)
  }
}

/// A tool that takes one kind of output.
enum Loader: String, CaseIterable, Sendable {
  case nft = "nft"
  case iptablesNft = "iptables-nft"
  case iptablesLegacy = "iptables-legacy"
  case ip6tablesNft = "ip6tables-nft"
  case ip6tablesLegacy = "ip6tables-legacy"

  /// Cases that assume `CONFIG_NFT_BRIDGE_META` and `CONFIG_NF_CONNTRACK_BRIDGE`, which many
  /// kernels lack.
  static let needsBridgeFeatures: Set<String> = [
    "antispoof/bridge-features", "icc/off-bridge-features", "icc/off-connections-bridge-features",
  ]

  var output: GoldenOutput {
    switch self {
    case .nft: .nft
    case .iptablesNft, .iptablesLegacy: .iptables
    case .ip6tablesNft, .ip6tablesLegacy: .ip6tables
    }
  }

  /// Whether this kernel has both.
  private static let hasBridgeFeatures: Bool = {
    let rule = "meta ibrname \"br0\" ct state new accept"
    let script = "table bridge t { chain c { type filter hook forward priority 0; \(rule); }; }\n"
    let shell = NamespacedShell(files: ["probe.nft": Array(script.utf8)])
    return (try? shell.run("nft -c -f probe.nft"))?.status == 0
  }()

  func isTextOnly(_ golden: GoldenCase) -> Bool {
    switch self {
    case .nft: !Self.hasBridgeFeatures && Self.needsBridgeFeatures.contains(golden.name)
    case .iptablesNft, .iptablesLegacy, .ip6tablesNft, .ip6tablesLegacy: false
    }
  }

  /// Loads each file twice into an empty network namespace and says `ok FILE` where both loads
  /// succeed and leave the same rules.
  func load(_ files: [URL]) throws -> [String] {
    let list = files.map(\.path).joined(separator: "\n") + "\n"
    let result = try NamespacedShell(files: ["list": Array(list.utf8)]).run(script)
    return (result.output + result.errors).split(separator: "\n").map(String.init)
  }

  private var script: String {
    """
    while read -r file; do
      \(clear)
      \(loadOnce) < "$file" || { echo "refused: $file"; continue; }
      first=$(\(save))
      \(loadOnce) < "$file" || { echo "refused the second time: $file"; continue; }
      if [ "$first" = "$(\(save))" ]; then echo "ok $file"; else echo "not the same twice: $file"; fi
    done < list
    """
  }

  private var loadOnce: String {
    switch self {
    case .nft: "nft -f -"
    case .iptablesNft, .iptablesLegacy, .ip6tablesNft, .ip6tablesLegacy:
      "\(rawValue)-restore --noflush"
    }
  }

  private var save: String {
    switch self {
    case .nft: "nft list ruleset"
    case .iptablesNft, .iptablesLegacy, .ip6tablesNft, .ip6tablesLegacy:
      "\(rawValue)-save | grep -v '^#'"
    }
  }

  private var clear: String {
    switch self {
    case .nft: "nft flush ruleset"
    case .iptablesNft, .iptablesLegacy, .ip6tablesNft, .ip6tablesLegacy:
      "printf '*raw\\nCOMMIT\\n*mangle\\nCOMMIT\\n*nat\\nCOMMIT\\n*filter\\nCOMMIT\\n'"
        + " | \(rawValue)-restore"
    }
  }
}
