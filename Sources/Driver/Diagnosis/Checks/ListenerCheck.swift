import Diagnostics
import Host
import NetworkTypes
import PolicyModel

/// Processes of the host that wait on a port that the policy publishes.
struct ListenerCheck {
  let policy: Policy
  let system: SystemFacts
  let location: (Publish) -> String?

  func findings() -> [DoctorFinding] {
    let sockets = system.listeningSockets
    guard !sockets.isEmpty else { return [] }
    let byPort = Dictionary(grouping: sockets) { $0.port }
    var seen: Set<ListeningSocket> = []
    var result: [DoctorFinding] = []
    for publish in policy.publishes {
      guard policy.networks[publish.network].attachment.isSeenByHost else { continue }
      for port in publish.hostPorts.lower...publish.hostPorts.upper {
        for socket in byPort[port] ?? [] where socket.transport == publish.transport {
          let isHeard = publish.families.contains {
            policy.networks[publish.network].isTranslated($0)
              && socket.hears(publish.hostAddress, port, $0)
          }
          if isHeard, seen.insert(socket).inserted { result.append(finding(socket, publish)) }
        }
      }
    }
    return result
  }

  private func finding(_ socket: ListeningSocket, _ publish: Publish) -> DoctorFinding {
    let owner = owner(of: socket)
    let name = owner.map { "`\($0.name)` (process \($0.process))" } ?? "a process"
    let place = location(publish).map { " (\($0))" } ?? ""
    return DoctorFinding(
      .portTaken,
      "\(name) of the host listens on \(socket.transport) \(socket.port), which is published: it "
        + "gets nothing from outside",
      evidence: [
        "it listens on \(socket.address) port \(socket.port)",
        "the policy maps the port to "
          + "\(policy.networks[publish.network].guests[publish.guest].name.value)\(place)",
      ],
      mend: [
        owner?.name == "docker-proxy"
          ? "stop publishing the port with Docker, or remove the line from the policy"
          : "stop the process, let it listen elsewhere, or publish another port"
      ])
  }

  private func owner(of socket: ListeningSocket) -> (process: Int32, name: String)? {
    for process in system.processes {
      guard let entry = system.process(process), entry.socketInodes().contains(socket.inode)
      else { continue }
      return (process, entry.name)
    }
    return nil
  }
}
