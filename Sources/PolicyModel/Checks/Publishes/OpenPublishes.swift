import Diagnostics
import NetworkTypes
import Syntax

extension PublishContext {
  /// Publishes that let everybody in without saying so.
  func checkOpen(
    _ publish: PublishValues, _ line: PublishLine, _ findings: inout CappedFindings
  ) {
    if line.hasSources { return }
    if publish.hostAddress == nil, !publish.hasVia {
      findings.add(.publishOpen, at: line.span) { .openPublish(at: line.span) }
    }
    if publish.hostAddress?.isLoopback == true { return }
    guard publish.transport == .tcp, let name = databaseName(publish.targetPort) else { return }
    findings.add(.publishWorld, at: line.span) {
      let span = draft.statement(of: line).targetPort?.span
      return .openDatabase(
        name, publish.targetPort, at: span ?? draft.portSpan(of: publish.index, in: line))
    }
  }

  /// What listens on a port that scanners look for first (IANA service-names; 2375 is Docker's).
  private func databaseName(_ port: UInt16) -> String? {
    switch port {
    case 1433: "SQL Server"
    case 2375: "the Docker API"
    case 2379: "etcd"
    case 3306: "MySQL"
    case 5432: "PostgreSQL"
    case 5984: "CouchDB"
    case 6379: "Redis"
    case 9200: "Elasticsearch"
    case 11211: "memcached"
    case 27017: "MongoDB"
    default: nil
    }
  }
}
