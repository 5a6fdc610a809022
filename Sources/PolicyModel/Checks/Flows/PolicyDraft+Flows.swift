import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Runs the checks of flows: those of one line, then those that compare.
  func checkFlows(_ log: inout DiagnosticLog) {
    let geometry = PeerGeometry(policy.networks)
    for line in flows {
      checkSelf(line, &log)
      checkFamilies(line, geometry, &log)
      checkPath(line, geometry, &log)
      checkAny(line, &log)
    }
    checkReplies(&log)
    checkSpelledServices(&log)
    checkPublishExceptions(geometry, &log)
    var comparison = FlowComparison(self, geometry)
    comparison.checkContradictions(&log)
    comparison.checkDefaultConflicts(&log)
    comparison.checkRedundant(&log)
    comparison.checkDead(&log)
    comparison.checkDeadPublishes(&log)
    comparison.checkRepeatedDefaults(&log)
  }
}

/// What the checks that compare flows share.
struct FlowComparison {
  let draft: PolicyDraft
  let geometry: PeerGeometry
  var index: PeerIndex
  /// The lines that a graver finding has spoken of, by their number; lesser ones pass them over.
  var judged: Set<Int> = []

  init(_ draft: PolicyDraft, _ geometry: PeerGeometry) {
    self.draft = draft
    self.geometry = geometry
    index = PeerIndex(draft.flows, geometry)
  }

  /// The numbers of the lines of a kind and a verb.
  func lines(_ kind: FlowLine.Kind, _ verb: AccessRule.Verb) -> [Int] {
    draft.flows.indices.filter {
      draft.flows[$0].kind == kind && draft.flows[$0].rule.verb == verb
    }
  }

  /// The numbers of the lines of a kind.
  func lines(_ kind: FlowLine.Kind, where include: (AccessRule) -> Bool = { _ in true }) -> [Int] {
    draft.flows.indices.filter { draft.flows[$0].kind == kind && include(draft.flows[$0].rule) }
  }
}
