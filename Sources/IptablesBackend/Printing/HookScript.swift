import Netfilter
import NetworkTypes

/// A POSIX shell script that calls the own chains from the built-in ones, and removes own chains
/// that the ruleset no longer has; running it again changes nothing.
///
/// It is to be run after restoring. `iptables-restore` cannot do it alone: it runs its commands
/// whatever there is, so that `-A` and `-I` add a call at each load, `-D` of a missing call fails
/// the whole table, and a failed `-C` does too.
package func hookScript(_ rulesets: [Legalized]) -> [UInt8] {
  var text = TextBuffer()
  text.append(preamble)
  for ruleset in rulesets {
    let command = command(ruleset.family)
    for name in TableName.allCases {
      // Each call is put first, so the last comes first.
      for hook in ruleset.hooks.reversed() where hook.table == name {
        text.append("hook \(command) \(name.rawValue) \(hook.builtin.rawValue) \(hook.chain)\n")
      }
    }
    for name in TableName.allCases {
      let kept = ruleset.tables.first { $0.name == name }?.chains.map(\.name) ?? []
      text.append("prune \(command) \(name.rawValue)")
      for chain in kept { text.append(" \\\n  \(chain)") }
      text.append(UInt8(ascii: "\n"))
    }
  }
  return text.bytes
}

/// A POSIX shell script that removes the own chains and the calls of them.
package func unhookScript() -> [UInt8] {
  hookScript(
    AddressFamily.allCases.map {
      Legalized(family: $0, tables: [], hooks: [], unsupported: [], unrolledRules: 0)
    })
}

private func command(_ family: AddressFamily) -> String {
  switch family {
  case .ipv4: "iptables"
  case .ipv6: "ip6tables"
  }
}

/// The variants are chosen by variables, for hosts where `iptables` is not the one in use.
private let preamble = """
  #!/bin/sh
  # Calls bridgeward's chains from the built-in ones; safe to run again.
  set -eu
  iptables() { command "${IPTABLES:-iptables}" "$@"; }
  ip6tables() { command "${IP6TABLES:-ip6tables}" "$@"; }

  # hook COMMAND TABLE BUILTIN CHAIN
  hook() {
    "$1" -w 10 -t "$2" -C "$3" -j "$4" 2>/dev/null || "$1" -w 10 -t "$2" -I "$3" -j "$4"
  }

  # prune COMMAND TABLE CHAIN...: removes own chains but these
  prune() {
    tool=$1 table=$2
    shift 2
    kept=" $* "
    rules=$("$tool" -w 10 -t "$table" -S 2>/dev/null) || return 0
    printf '%s\\n' "$rules" | while read -r verb chain jump target rest; do
      case "$verb $chain" in
        "-A BW-"*) ;;
        "-A "*) case "$jump ${target:-} ${rest:-}" in "-j BW-"*" ") is_kept "$target" ||
          "$tool" -w 10 -t "$table" -D "$chain" -j "$target" ;; esac ;;
      esac
    done
    printf '%s\\n' "$rules" | while read -r verb chain rest; do
      case "$verb $chain" in
        "-N BW-"*) is_kept "$chain" || "$tool" -w 10 -t "$table" -F "$chain" ;;
      esac
    done
    printf '%s\\n' "$rules" | while read -r verb chain rest; do
      case "$verb $chain" in
        "-N BW-"*) is_kept "$chain" || "$tool" -w 10 -t "$table" -X "$chain" ;;
      esac
    done
  }

  is_kept() { case "$kept" in *" $1 "*) ;; *) return 1 ;; esac }


  """
