package import Host
import NetlinkBackend

/// Why the rules of this host were not changed.
package enum ApplyError: Error, Sendable {
  case host(HostError)
  case live(LiveError)
  case iptables(IptablesError)
  /// The rules of ours are in nf_tables, not in iptables.
  case otherBackend
  /// The rules of ours are in iptables, not in nf_tables.
  case iptablesInForce
  /// Files of the policy that belong to root and that others can write.
  case writableFiles([String])
  /// A change waits for its confirmation, for so many seconds more.
  case waiting(seconds: UInt64)
  /// A change has been undone, or is about to be, because nobody confirmed it in time.
  case tooLate
  /// Nothing waits for a confirmation.
  case nothingWaits
  /// There is no earlier state to go back to.
  case nothingBefore
  /// The change would cut the connection that the user works over.
  case cutsConnection(SSHConnection)
  /// The machine is starting, and the policy was gone back from the last time.
  case abandoned
  /// Others changed rules at the same time, again and again.
  case outpaced
  /// An entry of the history is in force, but could not be made the one that is loaded at boot.
  case notAccepted(Int, HostError)
  /// A change failed half way, and what was done could not be taken back.
  indirect case halfway(ApplyError, undoing: ApplyError)
}

extension ApplyError: CustomStringConvertible {
  /// One line: what is the matter, and the mend.
  package var description: String {
    switch self {
    case .host(let error): "\(error)"
    case .live(let error): "\(error)"
    case .iptables(let error): "\(error)"
    case .otherBackend:
      "rules of ours are in nf_tables already, and two sets of them would translate twice; "
        + "`bridgeward remove` takes them out"
    case .iptablesInForce:
      "rules of ours are in iptables already, and two sets of them would translate twice; "
        + "`bridgeward remove` takes them out, `--backend iptables` changes them"
    case .writableFiles(let files):
      "others than root can write \(files.joined(separator: ", ")): whoever does rules this "
        + "host's network; chmod go-w \(files.joined(separator: " "))"
    case .waiting(let seconds):
      "a change waits for its confirmation, for \(seconds) s more; `bridgeward confirm` it, or "
        + "`bridgeward rollback`"
    case .tooLate: "the change was not confirmed in time, so it is undone; apply it again"
    case .nothingWaits: "no change waits for a confirmation"
    case .nothingBefore:
      "there is no earlier state to go back to; `bridgeward history` lists what there is, "
        + "`bridgeward remove` takes everything out"
    case .cutsConnection(let connection):
      "this would cut your SSH connection from \(connection.client.address); use --confirm 60 to "
        + "try it for a minute, or --force"
    case .abandoned:
      "this policy was not confirmed, or was rolled back, the last time, and so it is not applied "
        + "at boot; change it, or apply it by hand"
    case .outpaced:
      "somebody else keeps changing rules at the same time; nothing was changed, try again"
    case .notAccepted(let number, let error):
      "entry \(number) of the history is in force, but the next boot loads another: \(error); "
        + "then `bridgeward rollback \(number)` again"
    case .halfway(let error, let undoing):
      "\(error); taking back what was done failed, too: \(undoing); see `bridgeward diff`"
    }
  }
}

/// The result of `body`, with errors of the parts as errors of the whole.
func onHost<Value: ~Copyable>(
  _ body: () throws(HostError) -> Value
) throws(ApplyError) -> Value {
  do throws(HostError) { return try body() } catch { throw .host(error) }
}

/// The result of `body`, with errors of the parts as errors of the whole.
func inKernel<Value: ~Copyable>(
  _ body: () throws(NetlinkError) -> Value
) throws(ApplyError) -> Value {
  do throws(NetlinkError) { return try body() } catch { throw .live(.kernel(error)) }
}

/// The result of `body`, with errors of the parts as errors of the whole.
func inIptables<Value>(
  _ body: () throws(IptablesError) -> Value
) throws(ApplyError) -> Value {
  do throws(IptablesError) { return try body() } catch { throw .iptables(error) }
}
