package import Diagnostics
package import KernelForm
package import Netfilter
package import PolicyModel
package import Syntax

/// Everything that is known about a policy after compiling it.
package struct Compilation: Sendable {
  package let sources: SourceMap
  package let log: DiagnosticLog
  /// `nil` where `log` has errors.
  package let policy: Policy?
  /// `nil` where `log` has errors.
  package let ruleset: Ruleset?
  /// What the kernels that the rules are for can do.
  package let capabilities: Set<Capability>
  /// What the verifier finds in `ruleset`: always empty, unless the compiler itself is at fault.
  package let defects: [RulesetProblem]
  /// `ruleset` as a kernel has it; `nil` where it was not compiled for one.
  package let kernel: KernelRuleset?

  /// What the files say, parsed once more: nothing after the policy needs it, so it is not kept.
  package var trees: [SyntaxTree] { sources.files.compactMap { SyntaxTree.checked($0).tree } }
}
