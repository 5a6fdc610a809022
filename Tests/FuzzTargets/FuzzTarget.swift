/// A way into the program for bytes of others: what has to hold whatever they are.
///
/// libFuzzer (`make fuzz`) and the replay of the seeds (FuzzTests) come in by the same doors.
package enum FuzzTarget: String, CaseIterable, Sendable {
  /// A policy's bytes -> tokens and tree.
  case parser
  /// A policy's bytes -> findings, ruleset and all texts.
  case compiler
  /// What iptables-save and ip6tables-save print.
  case save = "iptables-save"
  /// Messages of the kernel.
  case netlink
  /// States of our tables as they are kept.
  case snapshot
  /// The files that are kept between runs: history, boot cache, settings, a change that waits.
  case state
  /// What `nft -j` and iptables-save show of others' rules.
  case listings

  /// Reads the bytes.
  ///
  /// - Throws: the law that does not hold of them.
  package func check(_ bytes: [UInt8]) throws(BrokenLaw) {
    switch self {
    case .parser: try checkParser(bytes)
    case .compiler: try checkCompiler(bytes)
    case .save: try checkSaveText(bytes)
    case .netlink: try checkMessages(bytes)
    case .snapshot: try checkSnapshot(bytes)
    case .state: try checkState(bytes)
    case .listings: try checkListings(bytes)
    }
  }
}

/// Something that should hold of any input, and does not.
package struct BrokenLaw: Error, CustomStringConvertible {
  package let description: String

  /// - Parameter details: What was seen.
  package init(_ law: String, _ details: String = "") {
    description = details.isEmpty ? law : "\(law)\n\(details)"
  }
}

/// Throws where a law does not hold.
func require(
  _ isKept: Bool, _ law: String, _ details: @autoclosure () -> String = ""
) throws(BrokenLaw) {
  if !isKept { throw BrokenLaw(law, details()) }
}
