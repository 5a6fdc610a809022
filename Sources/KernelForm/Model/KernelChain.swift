package import Netfilter

/// A chain in the kernel's terms.
package struct KernelChain: Hashable, Sendable {
  package var name: String
  package var kind: Chain.Kind
  /// Whether packets that reach the end of a base chain pass; always true for ours.
  package var policyAccepts = true
  package var rules: [KernelRule]

  package init(_ name: String, _ kind: Chain.Kind, rules: [KernelRule] = []) {
    self.name = name
    self.kind = kind
    self.rules = rules
  }
}

/// A rule in the kernel's terms.
package struct KernelRule: Hashable, Sendable {
  package var expressions: [Expression]
  /// At most 128 bytes: `file:line: why`, as nft lists it.
  package var comment: String?
  /// The kernel's number of the rule; `nil` where it does not stand in the kernel.
  package var handle: UInt64?
  /// The line that asked for it; `nil` where it was read from the kernel.
  package var origin: Origin?

  package init(
    _ expressions: [Expression], comment: String? = nil, handle: UInt64? = nil,
    origin: Origin? = nil
  ) {
    self.expressions = expressions
    self.comment = comment
    self.handle = handle
    self.origin = origin
  }
}
