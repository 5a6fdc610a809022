import Netfilter

/// When the kernel's own parts run at a hook (linux/netfilter_ipv4.h, linux/netfilter_bridge.h).
private enum OwnPriority {
  static let conntrack: Int32 = -200
  static let destinationNAT: Int32 = -100
  static let sourceNAT: Int32 = 100
}

extension Evaluator {
  /// Takes a packet through a hook of the host's own path.
  ///
  /// - Returns: the fate of a packet that goes no further.
  mutating func pass(_ scene: Scene, _ journey: inout Journey) -> Passage.Fate? {
    switch scene.hook {
    case .prerouting, .output:
      if let fate = filter(.min..<OwnPriority.conntrack, scene, &journey) { return fate }
      track(&journey)
      let between = OwnPriority.conntrack..<OwnPriority.destinationNAT
      if let fate = filter(between, scene, &journey) { return fate }
      if let fate = translate(&journey, scene) { return fate }
      return filter(OwnPriority.destinationNAT..<Int32.max, scene, &journey)
    case .forward: return filter(.min..<Int32.max, scene, &journey)
    case .input, .postrouting:
      if let fate = filter(.min..<OwnPriority.sourceNAT, scene, &journey) { return fate }
      if let fate = translate(&journey, scene) { return fate }
      if let fate = filter(OwnPriority.sourceNAT..<Int32.max, scene, &journey) { return fate }
      confirm(journey)
      return nil
    }
  }

  /// Takes a frame through the chains of a hook on a bridge whose priorities are in the range.
  ///
  /// - Returns: the fate of a frame that goes no further.
  mutating func passFrame(
    _ priorities: Range<Int32>, _ scene: Scene, _ journey: inout Journey
  ) -> Passage.Fate? {
    let tracked = tracksFrames && scene.hook == .prerouting
    guard tracked, priorities.contains(OwnPriority.conntrack) else {
      return filter(priorities, scene, &journey)
    }
    let before = priorities.lowerBound..<OwnPriority.conntrack
    if let fate = filter(before, scene, &journey) { return fate }
    track(&journey)
    return filter(OwnPriority.conntrack..<priorities.upperBound, scene, &journey)
  }

  /// Whether conntrack sees frames between ports of bridges.
  var tracksFrames: Bool {
    hooks.tracksFrames && topology.capabilities.contains(.bridgeConntrack)
  }

  private mutating func filter(
    _ priorities: Range<Int32>, _ scene: Scene, _ journey: inout Journey
  ) -> Passage.Fate? {
    for entry in hooks.entries(scene, of: .filter, family: journey.packet.family)
    where priorities.contains(entry.base.priority) {
      if let fate = walk(entry, scene, &journey) { return fate }
    }
    return nil
  }
}
