import Testing

/// SwiftPM lets a target import what it never declared; these tests do not.
@Suite struct LayeringTests {
  private let manifest: PackageManifest

  init() throws { manifest = try PackageManifest.load() }

  @Test func readsTheManifest() throws {
    let driver = try #require(manifest.target("Driver"))
    #expect(driver.layer == 4 && driver.dependencies.contains("Lowering"))
    #expect(driver.folder == "Sources/Driver" && driver.products.isEmpty)
    #expect(manifest.target("Host")?.products == ["SystemPackage"])
    #expect(manifest.target("bridgeward")?.layer == 5)
    let tests = try #require(manifest.target("ArchitectureTests"))
    #expect(tests.isTest && tests.layer == nil && tests.folder == "Tests/ArchitectureTests")
  }

  @Test func everySourceFolderIsATarget() throws {
    let folders = Set(
      try Repository.paths(below: "Sources", extension: "swift").map {
        $0.split(separator: "/").prefix(2).joined(separator: "/")
      })
    let declared = Set(manifest.targets.map(\.folder).filter { $0.hasPrefix("Sources/") })
    #expect(folders.subtracting(declared).isEmpty)
  }

  @Test func targetsDependOnLowerLayersOnly() {
    for target in manifest.targets {
      guard let layer = target.layer else { continue }
      for name in target.dependencies {
        let other = manifest.target(name)?.layer
        #expect(other.map { $0 < layer } ?? false, "\(target.name) depends on \(name)")
      }
    }
  }

  @Test func filesImportDeclaredModulesOnly() throws {
    for target in manifest.targets {
      let isOfTests = target.layer == nil
      let allowed = Set(target.dependencies + target.products + (isOfTests ? testModules : []))
        .union(platformModules[target.name] ?? [])
      for file in try Repository.swiftFiles(below: target.folder) {
        let undeclared = Set(file.imports).subtracting(allowed).subtracting([target.name])
        #expect(undeclared.isEmpty, "\(file.path)")
      }
    }
  }

  @Test func everyDependencyIsImported() throws {
    for target in manifest.targets where !target.isTest {
      let imported = Set(try Repository.swiftFiles(below: target.folder).flatMap(\.imports))
      let unused = Set(target.dependencies + target.products).subtracting(imported)
      #expect(unused.isEmpty, "\(target.name)")
    }
  }

  @Test func eachProductOfOthersHasOneUser() {
    let users = Dictionary(
      grouping: manifest.targets.flatMap { target in target.products.map { ($0, target.name) } },
      by: \.0)
    #expect(!users.isEmpty)
    for (product, targets) in users { #expect(targets.count == 1, "\(product)") }
  }

  private let testModules = [
    "Testing", "Foundation", "FoundationXML", "Glibc", "Dispatch", "Synchronization",
  ]

  /// The modules that come with the toolchain, and who may use them.
  private let platformModules: [String: Set<String>] = [
    "Host": ["Glibc", "Synchronization"], "bridgeward": ["FoundationEssentials", "Glibc"],
  ]
}
