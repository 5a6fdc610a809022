import Diagnostics
import NetworkTypes
import Syntax

/// The clauses of one line, resolved.
struct ResolvedClauses {
  /// What `from` says; `nil` without one.
  var sources: [Peer]?
  /// What `except` says before any `from`.
  var exceptions: [SourcedPeer] = []
  /// What `except` says after `from`.
  var sourceExceptions: [SourcedPeer] = []
  var clauses = FlowClauses()
  var isDamaged = false
}

/// A peer and where it was written.
struct SourcedPeer {
  let peer: Peer
  let span: SourceSpan
}

extension Resolver {
  mutating func resolveClauses(_ syntax: [ClauseSyntax], in network: Int?) -> ResolvedClauses {
    var result = ResolvedClauses()
    var places = ClausePlaces()
    for clause in syntax { resolve(clause, in: network, &result, &places) }
    return result
  }

  private mutating func resolve(
    _ clause: ClauseSyntax, in network: Int?, _ result: inout ResolvedClauses,
    _ places: inout ClausePlaces
  ) {
    switch clause {
    case .from(let peers, let span):
      guard isFirst(&places.from, "`from`", span) else { return result.isDamaged = true }
      result.sources = resolvePeers(peers, in: network)
      if result.sources == nil { result.isDamaged = true }
    case .except(let peers, _):
      for syntax in peers {
        guard let peer = resolvePeer(syntax, in: network) else {
          result.isDamaged = true
          continue
        }
        let place = SourcedPeer(peer: peer, span: syntax.span)
        if places.from == nil {
          result.exceptions.append(place)
        } else {
          result.sourceExceptions.append(place)
        }
      }
    case .via(let name, let span):
      guard isFirst(&places.via, "`via`", span), let interface = interface(name) else {
        return result.isDamaged = true
      }
      result.clauses.via = interface.value
    case .limit(let limit):
      guard isFirst(&places.limit, "`limit`", limit.span), let value = resolveLimit(limit) else {
        return result.isDamaged = true
      }
      result.clauses.limit = value
    case .connections(let count, let perSource, let span):
      guard isFirst(&places.connections, "`connections`", span),
        let value = readCount(count, upTo: .max)
      else {
        return result.isDamaged = true
      }
      result.clauses.connections = ConnectionLimit(count: value, perSource: perSource)
    case .log(let prefix, let span):
      guard isFirst(&places.log, "`log`", span), let setting = resolveLog(prefix) else {
        return result.isDamaged = true
      }
      result.clauses.log = setting
    }
  }

  mutating func resolveLimit(_ limit: LimitSyntax) -> RateLimit? {
    let burst = limit.burst.map { readCount($0, upTo: RateLimit.largestBurst) } ?? 5
    guard let unit = RateLimit.Unit(rawValue: limit.unit.text) else {
      reportUnit(limit.unit)
      return nil
    }
    guard let count = readCount(limit.count, upTo: unit.largestCount), let burst else { return nil }
    return RateLimit(count: count, unit: unit, burst: burst, perSource: limit.perSource)
  }

  private mutating func reportUnit(_ unit: Identifier) {
    var suggestion = NameSuggestion(for: unit.text)
    for known in RateLimit.Unit.allCases { suggestion.consider(known.rawValue) }
    let abbreviated = RateLimit.Unit.allCases.first { $0.rawValue.hasPrefix(unit.text) }
    log.add(.limitUnit(unit, suggestion: abbreviated?.rawValue ?? suggestion.best))
  }

  private mutating func readCount(_ text: Sourced<String>, upTo most: UInt32) -> UInt32? {
    guard let value = UInt32(text.value), value > 0, value <= most else {
      log.add(.limitCount(text, most: most))
      return nil
    }
    return value
  }

  private mutating func resolveLog(_ prefix: Identifier?) -> LogSetting? {
    guard let prefix else { return LogSetting(prefix: "") }
    let bytes = prefix.text.utf8
    if bytes.count > 127 {
      log.add(.logPrefixLength(prefix))
      return nil
    }
    // nft(8) has no way to write a quote or a backslash in a string.
    let isPlain = bytes.allSatisfy {
      $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    guard isPlain else {
      log.add(.logPrefixCharacters(prefix))
      return nil
    }
    return LogSetting(prefix: prefix.text)
  }
}

extension RateLimit {
  /// iptables-extensions(8), "limit": the largest burst.
  fileprivate static let largestBurst: UInt32 = 10000
}

extension RateLimit.Unit {
  /// 10000 a second, the most that iptables-extensions(8) can say: it counts in steps of 0.1 ms.
  fileprivate var largestCount: UInt32 {
    switch self {
    case .second: 10000
    case .minute: 600_000
    case .hour: 36_000_000
    case .day: 864_000_000
    }
  }
}

/// Where the clauses of one line stand.
private struct ClausePlaces {
  var from: SourceSpan?
  var via: SourceSpan?
  var limit: SourceSpan?
  var connections: SourceSpan?
  var log: SourceSpan?
}
