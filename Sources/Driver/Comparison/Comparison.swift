package import KernelForm
package import Netfilter
package import PolicyModel

/// Two states of our tables, compared: what is to be done, and what that means to people.
package struct Comparison: Sendable {
  /// One state.
  package struct State: Sendable {
    /// What the kernel has, or is to have.
    package let kernel: KernelRuleset
    /// The same in this program's own terms, as far as it has any.
    package let ruleset: Ruleset
    /// The policy that asked for it, where it is known.
    package let policy: Policy?

    package init(kernel: KernelRuleset, ruleset: Ruleset, policy: Policy? = nil) {
      self.kernel = kernel
      self.ruleset = ruleset
      self.policy = policy
    }
  }

  package let before: State
  package let after: State
  /// The steps that make the one the other.
  package let plan: Plan
  /// What changes for packets, in a policy's words.
  package let changes: PolicyChanges
  /// How many rules and elements change for packets.
  package let changedCount: Int
  /// How many rules and elements only come from another line of the policy.
  package let movedCount: Int

  /// Whether packets are treated alike.
  package var isSame: Bool { changedCount == 0 }

  /// - Complexity: that of ``KernelForm/plan(from:to:)``, and linear in the rules and elements that
  ///   differ.
  package init(from before: State, to after: State) {
    self.before = before
    self.after = after
    plan = KernelForm.plan(from: before.kernel, to: after.kernel)
    let names = PeerNames([after.policy, before.policy].compactMap(\.self))
    guard !plan.isEmpty else {
      changes = PolicyChanges()
      (changedCount, movedCount) = (0, 0)
      return
    }
    let effective = KernelForm.plan(
      from: before.kernel.withoutLocations, to: after.kernel.withoutLocations)
    changedCount = effective.operations.isEmpty ? 0 : max(1, effective.weight)
    movedCount = max(0, plan.sizes.added - effective.sizes.added)
    changes =
      effective.isEmpty
      ? PolicyChanges()
      : PolicyChanges(
        from: Facts(before.ruleset, names: names), to: Facts(after.ruleset, names: names),
        names: names)
  }
}

extension Plan {
  /// What is added or taken away; what is both counts once.
  fileprivate var weight: Int { max(sizes.added, sizes.removed) }
}

extension Comparison.State {
  /// What a policy asks for; `nil` where it has errors.
  package init?(_ compilation: Compilation) {
    guard let ruleset = compilation.ruleset else { return nil }
    self.init(
      kernel: kernelForm(of: ruleset).numbered, ruleset: ruleset, policy: compilation.policy)
  }
}
