// swift-tools-version: 6.3
//
// Targets are sorted by layer; a target may import only targets of strictly lower layers
// (Docs/Architecture.md has the table, Tests/ArchitectureTests proves it).

import PackageDescription

let package = Package(
  name: "bridgeward",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    // Layer 0
    // Addresses, prefixes, ports, interface names, marks: parse, print, compare.
    .target(name: "NetworkTypes"),
    // Source text, spans, line tables, diagnostics, fix-its, and their rendering.
    .target(name: "Diagnostics"),

    // Module map of libmnl, libnftnl and the kernel's netfilter headers.
    .systemLibrary(
      name: "CNftnl", pkgConfig: "libnftnl", providers: [.apt(["libnftnl-dev", "libmnl-dev"])]),

    // Module map of malloc's settings.
    .systemLibrary(name: "CMalloc"),
    // Module map of what processors know of SHA-256.
    .systemLibrary(name: "CSHA256"),

    // Layer 1
    // Turns bytes into a lossless, error-tolerant tree.
    .target(name: "Syntax", dependencies: ["Diagnostics"]),
    // The intermediate representation: tables, chains, rules, sets, maps; verify, dump.
    .target(name: "Netfilter", dependencies: ["NetworkTypes", "Diagnostics"]),

    // Layer 2
    // What the author means: resolves names, checks sense, yields a Policy.
    .target(name: "PolicyModel", dependencies: ["Syntax", "NetworkTypes", "Diagnostics"]),
    // The one canonical layout of a policy file.
    .target(name: "Formatting", dependencies: ["Syntax", "Diagnostics"]),
    // Ruleset <-> iptables-restore and iptables-save text; what turns one state into another.
    .target(name: "IptablesBackend", dependencies: ["Netfilter", "NetworkTypes"]),
    // Ruleset -> nft script.
    .target(name: "NftablesBackend", dependencies: ["Netfilter", "NetworkTypes"]),
    // Ruleset <-> the kernel's expressions and element bytes; what differs between two of them.
    .target(name: "KernelForm", dependencies: ["Netfilter", "NetworkTypes", "Diagnostics"]),
    // What netfilter does to packets under a Ruleset, on a host of known interfaces and routes.
    .target(name: "Evaluation", dependencies: ["Netfilter", "NetworkTypes"]),
    // Files, atomic replace, processes. Knows nothing of policies.
    .target(
      name: "Host",
      dependencies: [
        "CMalloc", "CSHA256", .product(name: "SystemPackage", package: "swift-system"),
      ]),

    // Layer 3
    // Policy -> Ruleset, one file per concern.
    .target(
      name: "Lowering", dependencies: ["PolicyModel", "Netfilter", "NetworkTypes", "Diagnostics"]),

    // What rules make of every header, exactly: who can reach what, and what differs.
    .target(name: "HeaderSpace", dependencies: ["Netfilter", "NetworkTypes"]),
    // Kernel form <-> kernel, over libnftnl: read, commit in one batch, probe.
    .target(
      name: "NetlinkBackend", dependencies: ["KernelForm", "Netfilter", "NetworkTypes", "CNftnl"]),

    // Legalized -> the form in which the evaluator takes rules.
    .target(
      name: "IptablesEvaluation",
      dependencies: ["Evaluation", "IptablesBackend", "Netfilter", "NetworkTypes"]),

    // Layer 4
    // Composes the arrows. Returns values; never prints or exits.
    .target(
      name: "Driver",
      dependencies: [
        "Lowering", "HeaderSpace", "IptablesEvaluation", "Evaluation", "NetlinkBackend",
        "IptablesBackend", "NftablesBackend", "KernelForm", "Host", "PolicyModel", "Formatting",
        "Netfilter", "Syntax", "Diagnostics", "NetworkTypes",
      ]),

    // Layer 5
    // Flags, terminal, exit codes.
    .executableTarget(
      name: "bridgeward",
      dependencies: [
        "Driver", "HeaderSpace", "Host", "Netfilter", "Diagnostics", "NetworkTypes",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Tests
    // Directories for one test each.
    .target(name: "ScratchFiles", dependencies: ["CLinux"], path: "Tests/ScratchFiles"),
    .testTarget(name: "ArchitectureTests"),
    // Example rulesets with every noun, and network namespaces to load them in.
    .target(
      name: "RulesetTestSupport",
      dependencies: ["Netfilter", "NetworkTypes", "Diagnostics", "PolicyTestSupport"],
      path: "Tests/RulesetTestSupport"),
    .testTarget(
      name: "NetfilterTests", dependencies: ["Netfilter", "NetworkTypes", "RulesetTestSupport"]),
    .testTarget(
      name: "BackendParityTests",
      dependencies: [
        "IptablesBackend", "NftablesBackend", "Netfilter", "NetworkTypes", "RulesetTestSupport",
      ]),
    .testTarget(
      name: "IptablesBackendTests",
      dependencies: [
        "IptablesBackend", "Evaluation", "IptablesEvaluation", "Netfilter", "NetworkTypes",
        "RulesetTestSupport",
      ]),
    // The model of the kernel does what the kernel does.
    .testTarget(
      name: "EvaluationTests",
      dependencies: ["Evaluation", "Netfilter", "NetworkTypes", "RulesetTestSupport"]),
    .testTarget(
      name: "NftablesBackendTests",
      dependencies: ["NftablesBackend", "Netfilter", "NetworkTypes", "RulesetTestSupport"]),
    // What the kernel makes of a plan, and random rulesets to plan between.
    .target(
      name: "KernelTestSupport", dependencies: ["KernelForm", "Netfilter", "PolicyTestSupport"],
      path: "Tests/KernelTestSupport"),
    .testTarget(
      name: "KernelFormTests",
      dependencies: [
        "KernelForm", "NftablesBackend", "Driver", "Netfilter", "NetworkTypes", "Diagnostics",
        "KernelTestSupport", "RulesetTestSupport", "PolicyTestSupport",
      ]),
    .testTarget(
      name: "HeaderSpaceTests",
      dependencies: [
        "HeaderSpace", "Evaluation", "Driver", "Host", "Netfilter", "NetworkTypes", "Syntax",
        "Diagnostics", "PolicyTestSupport",
      ]),
    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"]),
    .testTarget(
      name: "DriverTests",
      dependencies: [
        "Driver", "Lowering", "Netfilter", "Diagnostics", "Host", "NetworkTypes",
        "RulesetTestSupport", "ScratchFiles", "TestSupport",
      ]),
    // What `trace`, `expect` lines and `test` say is what the rules do.
    .testTarget(
      name: "SimulationTests",
      dependencies: ["Driver", "Netfilter", "Diagnostics", "NetworkTypes", "ScratchFiles"]),
    .testTarget(name: "HostTests", dependencies: ["Host", "ScratchFiles"]),
    // Tells whether the parser takes sentences; the grammar's test compares its answers.
    .executableTarget(
      name: "SyntaxProbe", dependencies: ["Syntax", "Diagnostics"], path: "Tests/SyntaxProbe"),
    // Sample and random policies, and ways to damage them.
    .target(
      name: "PolicyTestSupport", dependencies: ["Syntax", "Diagnostics"],
      path: "Tests/PolicyTestSupport"),
    .testTarget(
      name: "SyntaxTests", dependencies: ["Syntax", "Diagnostics", "PolicyTestSupport"]),
    .testTarget(
      name: "FormattingTests",
      dependencies: ["Formatting", "Syntax", "Diagnostics", "PolicyTestSupport"]),
    .testTarget(name: "NetworkTypesTests", dependencies: ["NetworkTypes"]),
    .testTarget(
      name: "PolicyModelTests",
      dependencies: ["PolicyModel", "Syntax", "Diagnostics", "NetworkTypes", "PolicyTestSupport"]),
    // Linux calls that the Glibc module leaves out.
    .systemLibrary(name: "CLinux", path: "Tests/CLinux"),
    // Namespaces, topologies and probes.
    .target(
      name: "TestSupport", dependencies: ["CLinux", "NetworkTypes"], path: "Tests/TestSupport",
      exclude: ["Leases/take-lease.sh"]),
    // What is sent stands in the kernel, and what stands there is read, as nft sees both.
    .testTarget(
      name: "NetlinkBackendTests",
      dependencies: [
        "NetlinkBackend", "KernelForm", "Driver", "Netfilter", "NetworkTypes", "Diagnostics",
        "KernelTestSupport", "RulesetTestSupport", "NftablesBackend", "TestSupport", "CLinux",
      ]),
    // What rules do to packets is what the policy says.
    .testTarget(
      name: "PacketTests",
      dependencies: [
        "bridgeward", "Driver", "Evaluation", "IptablesBackend", "IptablesEvaluation",
        "KernelForm", "PolicyModel", "Syntax", "Diagnostics", "Netfilter", "PolicyTestSupport",
        "RulesetTestSupport", "ScratchFiles", "TestSupport", "NetworkTypes",
      ],
      exclude: ["Policies", "Examples", "Conformance", "Handwritten", "README.md"]),
    // What `make demo` runs.
    .executableTarget(
      name: "Demo", dependencies: ["Driver", "Host", "TestSupport", "NetworkTypes"],
      path: "Tests/Demo"),
    // Rules of ours in the iptables of a machine: read, compared, changed, removed.
    .testTarget(
      name: "IptablesLiveTests",
      dependencies: [
        "bridgeward", "Driver", "Host", "IptablesBackend", "Netfilter", "NetworkTypes",
        "RulesetTestSupport", "ScratchFiles", "TestSupport",
      ]),
    // What doctor says is true.
    .testTarget(
      name: "DiagnosisTests",
      dependencies: ["bridgeward", "Driver", "Host", "ScratchFiles", "TestSupport"],
      exclude: ["Fixtures"]),
    .testTarget(name: "ToolTests", dependencies: ["bridgeward", "ScratchFiles"]),
    // Ways into the program for bytes of others, and what holds whatever the bytes.
    .target(
      name: "FuzzTargets",
      dependencies: [
        "Driver", "IptablesBackend", "NetlinkBackend", "KernelForm", "Host", "Formatting",
        "Netfilter", "Syntax", "Diagnostics", "NetworkTypes", "PolicyTestSupport", "ScratchFiles",
      ],
      path: "Tests/FuzzTargets"),
    // The same without libFuzzer: seeds, damaged seeds, and what once was a crash.
    .testTarget(
      name: "FuzzTests", dependencies: ["FuzzTargets", "PolicyTestSupport"], exclude: ["Inputs"]),
    // Text of a policy's author stays text, whatever it is.
    .testTarget(
      name: "HostilePolicyTests",
      dependencies: [
        "Driver", "Syntax", "Diagnostics", "Host", "RulesetTestSupport", "ScratchFiles",
      ]),
    // What is installed is sound: units, Debian package.
    .testTarget(name: "PackagingTests", dependencies: ["bridgeward", "ScratchFiles"]),
    // Many changes and questions in one process.
    .executableTarget(
      name: "Endurance", dependencies: ["Driver", "HeaderSpace", "Host", "CMalloc"],
      path: "Tests/Endurance"),
    // What a process would pay that stays, for `make bench`.
    .executableTarget(
      name: "Resident",
      dependencies: [
        "Driver", "Lowering", "NetlinkBackend", "KernelForm", "Host", "Diagnostics",
      ],
      path: "Benchmarks/Resident"),
    // What the commands do that change a host.
    .testTarget(
      name: "LiveTests",
      dependencies: [
        "bridgeward", "Endurance", "Host", "NetlinkBackend", "KernelForm", "KernelTestSupport",
        "Netfilter", "PolicyTestSupport", "ScratchFiles", "TestSupport",
      ],
      exclude: ["Soak/adversary.py", "traffic.py"]),
    // The corpus under golden compiles to what stands there, and the real tools take it.
    .testTarget(
      name: "GoldenTests",
      dependencies: [
        "Driver", "HeaderSpace", "Evaluation", "Formatting", "IptablesBackend",
        "IptablesEvaluation", "KernelForm", "PolicyModel", "Netfilter", "NetworkTypes", "Syntax",
        "Diagnostics", "RulesetTestSupport",
      ], exclude: ["Deletion/unshown.txt"]),
    // What the pages show is true.
    .testTarget(
      name: "DocumentationTests", dependencies: ["Driver", "Formatting", "Syntax", "Diagnostics"]),
  ]
)

// libFuzzer is in the way of every other program, so it is there for `make fuzz` alone.
if Context.environment["BRIDGEWARD_FUZZ"] != nil {
  package.targets += [
    .systemLibrary(name: "CFuzzer", path: "Tests/CFuzzer"),
    .executableTarget(
      name: "Fuzz", dependencies: ["CFuzzer", "FuzzTargets"], path: "Tests/Fuzz"),
  ]
}

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
  ]
}

// Tests try millions of packets on the model of the kernel, and read, resolve and lower hundreds of
// thousands of policies, which takes two to five times as long without. What is not on that way takes
// longer to optimize than that saves.
for target in package.targets
where [
  "NetworkTypes", "Netfilter", "Evaluation", "Diagnostics", "Syntax", "PolicyModel", "Lowering",
  "KernelForm", "HeaderSpace", "IptablesBackend", "IptablesEvaluation", "NftablesBackend",
  "GoldenTests",
].contains(target.name) {
  target.swiftSettings?.append(.unsafeFlags(["-O"], .when(configuration: .debug)))
}
