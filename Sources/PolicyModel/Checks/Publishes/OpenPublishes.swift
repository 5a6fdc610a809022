import Diagnostics
import NetworkTypes
import Syntax

extension PublishContext {
  /// Publishes that let everybody in without saying so.
  func checkOpen(
    _ publish: Publish, _ line: PublishLine, hasSources: Bool, _ findings: inout CappedFindings
  ) {
    if hasSources { return }
    let statement = line.statement
    if publish.hostAddress == nil, publish.clauses.via == nil {
      findings.add(.publishOpen, at: statement.span) { .openPublish(statement) }
    }
    if publish.hostAddress?.isLoopback == true { return }
    guard publish.transport == .tcp, let name = databaseName(publish.targetPort) else { return }
    findings.add(.publishWorld, at: statement.span) { .openDatabase(name, publish, statement.span) }
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
