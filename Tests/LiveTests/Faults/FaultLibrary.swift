import Foundation
import TestSupport

/// What is preloaded into the program, each built once: see Tests/FaultLibrary.
enum FaultLibrary {
  /// Makes calls fail.
  static let faults = Result { try build("faults") }
  /// Another clock, or another kernel.
  static let surroundings = Result { try build("surroundings") }

  private static func build(_ name: String) throws -> String {
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../FaultLibrary/\(name).c").standardized.path
    let product = Bundle.main.bundleURL.appendingPathComponent("\(name)-\(getpid()).so").path
    try Command([
      "cc", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", product, source, "-ldl",
      "-pthread",
    ]).run()
    return product
  }
}
