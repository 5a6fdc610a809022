/// A policy as blocks of lines, so that lines can be taken away one by one.
package struct BlockPolicy: Hashable, Sendable {
  /// Lines that belong together: those of a network, or those outside of all.
  package struct Block: Hashable, Sendable {
    /// What stands before the brace; `nil` for lines outside of networks.
    package var header: String?
    package var lines: [String]

    package init(_ header: String?, _ lines: [String]) {
      self.header = header
      self.lines = lines
    }
  }

  package var blocks: [Block]

  package init(_ blocks: [Block]) { self.blocks = blocks }

  /// One statement a line.
  package var text: String {
    blocks.map { block in
      guard let header = block.header else { return block.lines.map { "\($0)\n" }.joined() }
      return "\(header) {\n" + block.lines.map { "    \($0)\n" }.joined() + "}\n"
    }.joined()
  }

  /// The policy without the statements on these lines of ``text``, counted from 1; a network whose
  /// first line is among them goes as a whole.
  package func without(lines: Set<Int>) -> BlockPolicy {
    var number = 0
    var result: [Block] = []
    for block in blocks {
      var isKept = true
      if block.header != nil {
        number += 1
        isKept = !lines.contains(number)
      }
      let kept = block.lines.filter { _ in
        number += 1
        return !lines.contains(number)
      }
      if block.header != nil { number += 1 }
      if isKept { result.append(Block(block.header, kept)) }
    }
    return BlockPolicy(result)
  }

  /// The smallest policy found by taking away blocks and lines for which `isInteresting` still holds.
  package func shrunk(while isInteresting: (BlockPolicy) -> Bool) -> BlockPolicy {
    var best = self
    var isSmaller = true
    while isSmaller {
      isSmaller = false
      for candidate in best.smaller where isInteresting(candidate) {
        best = candidate
        isSmaller = true
        break
      }
    }
    return best
  }

  /// Every policy with one block or one line less, blocks first.
  package var smaller: [BlockPolicy] {
    var result: [BlockPolicy] = []
    for index in blocks.indices where blocks[index].header != nil {
      var copy = self
      copy.blocks.remove(at: index)
      result.append(copy)
    }
    for index in blocks.indices {
      for line in blocks[index].lines.indices.reversed() {
        var copy = self
        copy.blocks[index].lines.remove(at: line)
        result.append(copy)
      }
    }
    return result
  }
}
