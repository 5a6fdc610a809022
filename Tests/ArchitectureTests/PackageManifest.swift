/// The targets of Package.swift, read from its text: the layers stand only in its comments.
struct PackageManifest {
  struct Target {
    let name: String
    /// The number in the `// Layer N` line above; `nil` for what belongs to tests.
    let layer: Int?
    let isTest: Bool
    /// The folder of the sources, relative to the root.
    let folder: String
    let dependencies: [String]
    /// The modules of other packages.
    let products: [String]
  }

  let targets: [Target]

  /// Reads the manifest of the repository.
  static func load() throws -> PackageManifest {
    PackageManifest(try Repository.text("Package.swift"))
  }

  init(_ text: String) {
    var layer: Int?
    var targets: [Target] = []
    var block: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let content = line.drop { $0 == " " }
      if content.hasPrefix("// Layer ") { layer = Int(content.dropFirst(9)) }
      if content == "// Tests" { layer = nil }
      if block.isEmpty, !Self.starters.contains(where: { content.hasPrefix($0) }) { continue }
      block.append(content)
      let balance = block.joined().reduce(0) { $0 + ($1 == "(" ? 1 : $1 == ")" ? -1 : 0) }
      guard balance == 0 else { continue }
      targets.append(Target(block.joined(separator: " "), layer: layer))
      block = []
    }
    self.targets = targets
  }

  private static let starters = [
    ".target(", ".executableTarget(", ".testTarget(", ".systemLibrary(", ".plugin(",
  ]

  func target(_ name: String) -> Target? { targets.first { $0.name == name } }
}

extension PackageManifest.Target {
  fileprivate init(_ text: String, layer: Int?) {
    let strings = text.matches(of: /name: "([^"]+)"/)
    let name = strings.first.map { String($0.1) } ?? ""
    let dependencyText =
      text.firstMatch(of: /dependencies: \[(.*?)\]/).map { String($0.1) } ?? ""
    let productPattern = /\.product\(\s*name: "([^"]+)", package: "[^"]+"\)/
    let isTest = text.hasPrefix(".testTarget(")
    let path = text.firstMatch(of: /path: "([^"]+)"/).map { String($0.1) }
    self.init(
      name: name, layer: layer, isTest: isTest,
      folder: path ?? "\(isTest ? "Tests" : "Sources")/\(name)",
      dependencies: dependencyText.replacing(productPattern, with: "")
        .matches(of: /"([^"]+)"/).map { String($0.1) },
      products: dependencyText.matches(of: productPattern).map { String($0.1) })
  }
}
