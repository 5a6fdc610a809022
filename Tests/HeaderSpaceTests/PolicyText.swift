import Diagnostics
import Driver
import HeaderSpace
import Host
import Netfilter
import NetworkTypes
import PolicyTestSupport
import Syntax
import Testing

/// The rules of a policy's text, on the host that it speaks of.
func installation(_ text: String) throws -> Installation {
  var read = PolicySources()
  let index = read.sources.add(name: "test.ward", bytes: Array(text.utf8))
  read.trees = [parse(read.sources[index], log: &read.log)]
  let compilation = Compiler().compile(read)
  let messages = compilation.log.sorted.map(\.message)
  return try #require(Installation(compilation), "\(messages)")
}

extension FlowRow {
  /// The row in one line.
  var line: String {
    let families = families.map { "\($0.rawValue)" }.joined()
    let ends =
      "\(senders.joined(separator: ", ")) -> \(destinations.joined(separator: ", "))"
    let by = reason?.origin.map { " by line \($0.line)" } ?? ""
    return "\(families): \(ends) \(services.joined(separator: ", "))"
      + (target.map { " to \($0)" } ?? "") + conditions.map { " within \($0)" }.joined() + by
  }
}
