import Diagnostics

extension PolicyDraft {
  /// Lists and services that no line names.
  func checkUnusedNames(_ log: inout DiagnosticLog) {
    for list in lists where list.uses.isEmpty {
      log.add(.unusedName(list.declaration.name, "list", files.removal(of: list.declaration.span)))
    }
    for service in services where service.firstUse == nil {
      let declaration = service.declaration
      log.add(.unusedName(declaration.name, "service", files.removal(of: declaration.span)))
    }
  }
}
