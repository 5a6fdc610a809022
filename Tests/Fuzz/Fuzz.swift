import CFuzzer
import FuzzTargets
import Glibc

/// libFuzzer for the target that the variable `FUZZ` names; the arguments are libFuzzer's.
@main
struct Fuzz {
  static func main() {
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
      unsafe CommandLine.unsafeArgv
    exit(
      unsafe LLVMFuzzerRunDriver(&count, &arguments) { data, size in
        unsafe Fuzz.run([UInt8](UnsafeBufferPointer(start: data, count: size)))
        return 0
      })
  }

  /// What is to be found out is known from the first input on.
  private static let target: FuzzTarget = {
    let name = unsafe getenv("FUZZ").map { unsafe String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
      let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
      preconditionFailure("FUZZ names a target: \(names)")
    }
    return target
  }()

  private static func run(_ bytes: [UInt8]) {
    do throws(BrokenLaw) {
      try target.check(bytes)
    } catch {
      // libFuzzer takes it for a crash, and keeps the input.
      print("broken law: \(error)")
      fflush(nil)
      abort()
    }
  }
}
