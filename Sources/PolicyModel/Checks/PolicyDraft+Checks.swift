import Diagnostics

extension PolicyDraft {
  /// Runs every check on what could be resolved; checks look at nothing that an error left out.
  func check(_ log: inout DiagnosticLog) {
    checkNames(&log)
    checkAddresses(&log)
    checkNetworks(&log)
    checkLists(&log)
    checkPublishes(&log)
    checkFlows(&log)
  }

  private func checkNames(_ log: inout DiagnosticLog) {
    checkUnusedNames(&log)
    checkSimilarNames(&log)
  }

  private func checkAddresses(_ log: inout DiagnosticLog) {
    checkAddressesInSubnets(&log)
    checkSpecialAddresses(&log)
    checkDuplicateAddresses(&log)
    checkPools(&log)
    checkAddressRanges(&log)
  }

  private func checkNetworks(_ log: inout DiagnosticLog) {
    checkMissingSubnets(&log)
    checkSubnetOverlaps(&log)
    checkSmallSubnets(&log)
    checkPrivateSubnets(&log)
    checkUplinkSubnets(&log)
    checkInterfaces(&log)
    checkAttachments(&log)
    checkMasquerades(&log)
    checkSourceNATs(&log)
    checkServices(&log)
    checkAntispoof(&log)
    checkInternalNetworks(&log)
    checkICC(&log)
  }

  private func checkLists(_ log: inout DiagnosticLog) {
    checkListOverlaps(&log)
    checkEmptyLists(&log)
    checkListSizes(&log)
  }
}
