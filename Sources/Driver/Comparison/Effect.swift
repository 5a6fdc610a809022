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
  /// What stands in our tables, goes, and was made by no policy of ours.
  package let foreign: [String]
  /// Both states, as far as they differ.
  let before: Ruleset
  let after: Ruleset

  /// Whether packets are treated alike.
  package var isSame: Bool { changedCount == 0 }

  init(_ comparison: Comparison) {
    // What the plan does not touch is the same on both sides.
    let old = comparison.before.kernel.narrowed(to: comparison.plan)
    let new = comparison.after.kernel.narrowed(to: comparison.plan)
    let plan =
      comparison.plan.isEmpty
      ? Plan() : KernelForm.plan(from: old.withoutLocations, to: new.withoutLocations)
    let sizes = plan.sizes
    changedCount = plan.isEmpty ? 0 : max(1, sizes.added, sizes.removed)
    movedCount = max(0, comparison.plan.sizes.added - sizes.added)
    guard !plan.isEmpty else {
      (before, after) = (Ruleset(), Ruleset())
      (changes, foreign) = (PolicyChanges(), [])
      return
    }
    let narrowed = old.narrowed(to: plan)
    let standing = ruleset(of: narrowed)
    before = standing.ruleset
    after = ruleset(of: new.narrowed(to: plan)).ruleset
    foreign = ForeignObjects(standing, in: narrowed, wanted: after).list
    let policies = [comparison.after.policy, comparison.before.policy].compactMap(\.self)
    let names = PeerNames(policies)
    changes = PolicyChanges(
      from: Facts(before, names: names), to: Facts(after, names: names), names: names)
  }
}
