import KernelForm
import Netfilter

/// What a change of our tables means.
package struct Effect: Sendable {
  /// What changes for packets, in a policy's words.
  package let changes: PolicyChanges
  /// How many rules and elements change for packets.
  package let changedCount: Int
  /// How many rules and elements only come from another line of the policy.
  package let movedCount: Int
  /// Both states, as far as they differ and this program has terms for them.
  let before: Ruleset
  let after: Ruleset

  /// Whether packets are treated alike.
  package var isSame: Bool { changedCount == 0 }

  init(_ comparison: Comparison) {
    let (old, new) = (comparison.before.kernel, comparison.after.kernel)
    let plan =
      comparison.plan.isEmpty
      ? Plan() : KernelForm.plan(from: old.withoutLocations, to: new.withoutLocations)
    let sizes = plan.sizes
    changedCount = plan.isEmpty ? 0 : max(1, sizes.added, sizes.removed)
    movedCount = max(0, comparison.plan.sizes.added - sizes.added)
    guard !plan.isEmpty, let old = comparison.before.compiled,
      let new = comparison.after.compiled
    else {
      (before, after) = (Ruleset(), Ruleset())
      changes = PolicyChanges()
      return
    }
    (before, after) = (old, new)
    let policies = [comparison.after.policy, comparison.before.policy].compactMap(\.self)
    let names = PeerNames(policies)
    changes = PolicyChanges(
      from: Facts(before, names: names), to: Facts(after, names: names), names: names)
  }
}
