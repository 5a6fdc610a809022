import Diagnostics
import NetworkTypes
import Syntax

extension Resolver {
  /// Resolves all lists, those that others contain first.
  mutating func resolveLists(_ lists: [DeclarationTable.List]) {
    var members: [[Int]] = []
    for index in lists.indices { members.append(resolveEntries(of: index)) }
    var owners = [[Int]](repeating: [], count: lists.count)
    for (owner, inner) in members.enumerated() {
      for member in inner { owners[member].append(owner) }
    }
    var waiting = members.map(\.count)
    var ready = waiting.indices.filter { waiting[$0] == 0 }
    var next = 0
    while next < ready.count {
      let index = ready[next]
      next += 1
      finishList(index, members[index])
      for owner in owners[index] {
        waiting[owner] -= 1
        if waiting[owner] == 0 { ready.append(owner) }
      }
    }
    if ready.count < lists.count { reportCycles(members, waiting) }
  }

  /// Reads the addresses of a list; returns the lists that it contains.
  private mutating func resolveEntries(of index: Int) -> [Int] {
    var inner: [Int] = []
    for entry in draft.lists[index].declaration.entries {
      switch entry {
      case .address(let address):
        if let range = readRange(address) {
          draft.lists[index].entries.append(Sourced(range, at: address.span))
        } else {
          draft.lists[index].isDamaged = true
        }
      case .name(let name):
        if let list = lookUpList(name) { inner.append(list) }
      case .host(let span), .world(let span), .any(let span):
        log.add(.listEntryKind(files.text(span), at: span))
      }
    }
    return inner
  }

  private mutating func lookUpList(_ name: Identifier) -> Int? {
    guard let found = lookUpPeer(name, in: nil) else { return nil }
    switch found {
    case .list(let index):
      use(list: index, at: name.span)
      return index
    case .network, .guest, .ambiguous:
      log.add(
        .wrongKind(
          name, is: noun(of: found), needs: "a list holds addresses and other lists",
          declared: declarationSpan(of: found)))
      return nil
    }
  }

  private mutating func finishList(_ index: Int, _ members: [Int]) {
    var ranges = draft.lists[index].entries.map(\.value)
    for member in members {
      ranges += draft.policy.lists[member].addresses.ranges
      if draft.lists[member].isDamaged { draft.lists[index].isDamaged = true }
    }
    let name = draft.policy.lists[index].name
    draft.policy.lists[index] = AddressList(name: name, addresses: AddressSet(ranges))
  }

  /// Reports each cycle once, starting from the lists that could not be finished.
  private mutating func reportCycles(_ members: [[Int]], _ waiting: [Int]) {
    var seen = [Bool](repeating: false, count: members.count)
    for start in members.indices where waiting[start] > 0 && !seen[start] {
      var path: [Int] = []
      var place = [Int: Int]()
      var current = start
      while !seen[current] {
        seen[current] = true
        place[current] = path.count
        path.append(current)
        draft.lists[current].isDamaged = true
        guard let inner = members[current].first(where: { waiting[$0] > 0 }) else { break }
        current = inner
      }
      if let begin = place[current], path.count > 0 {
        let names = path[begin...].map { draft.lists[$0].declaration.name }
        log.add(.listCycle(names))
      }
    }
  }

  mutating func use(list index: Int, at span: SourceSpan) {
    draft.lists[index].uses.append(span)
  }
}
