import Diagnostics

/// Findings of which a policy may have thousands alike: the first of each kind are told one by one,
/// the rest by number. Errors are always told one by one.
struct CappedFindings {
  private var log = DiagnosticLog()
  private var kinds: [Kind] = []

  private struct Kind {
    let id: DiagnosticID
    var told = 0
    var untold = 0
    var firstUntold: SourceSpan?
  }

  /// So many of a kind are told one by one.
  static let limit = 50

  mutating func add(error: Diagnostic) { log.add(error) }

  /// Adds a finding; it is not even made where enough like it have been.
  mutating func add(
    _ id: DiagnosticID, at span: SourceSpan, _ make: () -> Diagnostic
  ) {
    let index = index(of: id)
    if kinds[index].told < Self.limit {
      kinds[index].told += 1
      return log.add(make())
    }
    kinds[index].untold += 1
    if let first = kinds[index].firstUntold, first < span { return }
    kinds[index].firstUntold = span
  }

  func finish(into target: inout DiagnosticLog) {
    target.add(contentsOf: log)
    for kind in kinds where kind.untold > 0 {
      target.add(.untold(kind.id, kind.untold, at: kind.firstUntold))
    }
  }

  private mutating func index(of id: DiagnosticID) -> Int {
    for index in kinds.indices where kinds[index].id == id { return index }
    kinds.append(Kind(id: id))
    return kinds.count - 1
  }
}
