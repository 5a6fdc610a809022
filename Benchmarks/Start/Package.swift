// swift-tools-version: 6.2
import PackageDescription

// A package of its own: in the program's package one target alone uses the library.
let package = Package(
  name: "Start",
  dependencies: [.package(path: "../../.build/checkouts/swift-argument-parser")],
  targets: [
    .executableTarget(
      name: "StartFloor",
      dependencies: [.product(name: "ArgumentParser", package: "swift-argument-parser")])
  ]
)
