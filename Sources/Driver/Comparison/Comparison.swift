package import KernelForm
package import PolicyModel

/// Two states of our tables, compared.
package struct Comparison: Sendable {
  /// One state.
  package struct State: Sendable {
    /// What the kernel has, or is to have.
    package let kernel: KernelRuleset
    /// The policy that asked for it, where it is known.
    package let policy: Policy?

    /// What stands in the kernel.
    package init(live: KernelRuleset) {
      kernel = live
      policy = nil
    }

    /// What a policy asks for; `nil` where it has errors.
    package init?(_ compilation: Compilation) {
      guard let ruleset = compilation.ruleset else { return nil }
      kernel = compilation.kernel ?? kernelForm(of: ruleset).numbered
      policy = compilation.policy
    }
  }

  package let before: State
  package let after: State
  /// The steps that make the one the other.
  package let plan: Plan

  /// - Complexity: that of ``KernelForm/plan(from:to:)``.
  package init(from before: State, to after: State) {
    self.before = before
    self.after = after
    plan = KernelForm.plan(from: before.kernel, to: after.kernel)
  }

  /// What the plan means to packets, and to people.
  ///
  /// - Complexity: linear; a second plan is made, of what is left without the lines' places.
  package var effect: Effect { Effect(self) }
}
