import Diagnostics
import Driver
import NetworkTypes
import ScratchFiles
import Testing

/// A flow asked of a policy.
struct Traced {
  let question: FlowQuestion
  /// `nil` where the question has errors.
  let answer: TraceAnswer?

  init(
    _ flow: String, in policy: String, backend: LiveBackend = .nft, filtersBridged: Bool? = nil
  ) throws {
    let scratch = try Scratch()
    let path = try scratch.write("policy.ward", policy)
    let compiler = Compiler()
    let read = try compiler.read([.path(path)])
    question = compiler.compile(read, asking: flow)
    answer = Tracing(compiler, backend: backend, filtersBridged: filtersBridged)
      .answer(question, of: read)
  }

  var verdict: Judgment.Verdict? { answer?.judgment.verdict }

  /// The data that `--format json` prints.
  var report: TraceReport {
    get throws { TraceReport(try #require(answer), withPath: true) }
  }

  var errors: [Diagnostic] { question.log.sorted.filter { $0.severity == .error } }
}

/// Policies that several tests ask.
enum Samples {
  /// Two networks behind the host's address, one closed one, one routed one.
  static let plain = """
    language 1
    uplink eth0
    list office { 203.0.113.0/24 }
    network front {
      bridge br-front
      subnet 172.18.0.0/16, fd00:18::/64
      masquerade
      container proxy 172.18.0.11, fd00:18::11
      container web 172.18.0.10, fd00:18::10
      publish tcp 443 -> proxy from any
      publish tcp 8080 -> web:80 from office
      publish tcp 127.0.0.1:9000 -> web:9000
    }
    network back {
      bridge br-back
      subnet 172.19.0.0/16
      masquerade
      icc off
      container db 172.19.0.20
      container cache 172.19.0.21
    }
    network store {
      bridge br-store
      subnet 172.20.0.0/24
      internal
      container disk 172.20.0.10
    }
    network open {
      bridge br-open
      subnet 2001:db8:7::/64
      container site 2001:db8:7::10
      publish tcp 80 -> site from any
    }
    allow web -> db tcp 5432
    deny front -> 169.254.169.254
    default deny world -> host
    allow office -> host tcp 22

    """
}
