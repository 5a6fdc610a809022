/// Why a text is not what iptables-save prints.
package struct SaveTextError: Error, Hashable, Sendable {
  /// What is wrong with a line.
  package enum Problem: Hashable, Sendable {
    /// The text ends inside a table.
    case truncated
    /// A line that belongs into a table stands outside.
    case outsideTable
    /// A table begins inside another.
    case nestedTable
    /// A quote has no end.
    case unterminatedQuote
    /// A rule names a chain of ours that the table has not.
    case unknownChain(String)
    /// A chain of ours is there twice.
    case repeatedChain(String)
    /// A line that is no line of iptables-save.
    case unreadable
    /// The table has rules that only nft understands, so nobody knows what is in it.
    case incompatible(String)
  }

  /// Counted from 1.
  package let line: Int
  package let problem: Problem

  package init(line: Int, problem: Problem) {
    self.line = line
    self.problem = problem
  }
}

extension SaveTextError: CustomStringConvertible {
  /// One sentence with the line's number.
  package var description: String {
    switch problem {
    case .truncated: "line \(line): the text ends inside a table"
    case .outsideTable: "line \(line): a rule or chain outside of any table"
    case .nestedTable: "line \(line): a table begins inside another"
    case .unterminatedQuote: "line \(line): a quote without an end"
    case .unknownChain(let name): "line \(line): a rule of `\(name)`, which the table has not"
    case .repeatedChain(let name): "line \(line): the chain `\(name)` is there twice"
    case .unreadable: "line \(line): not a line of iptables-save"
    case .incompatible(let table):
      "line \(line): the table `\(table)` has rules that only nft understands"
    }
  }
}
