import Driver
import Foundation
import ScratchFiles
import TestSupport
import Testing

@Suite("What the kernel's log tells of denials")
struct DeniedFlowTests {
  private func log(_ lines: String) throws -> DenialLog {
    let policy = """
      language 1
      network front {
          bridge    br-front
          subnet    172.18.0.0/16
          container web 172.18.0.10
      }
      \(lines)
      """
    let scratch = try Scratch()
    return DenialLog(try Compiler().compile([.path(scratch.write("p.ward", policy))]).policy)
  }

  @Test func theMostFrequentComeFirst() throws {
    let once = "IN=eth0 OUT=br-front MAC=02:00 SRC=198.51.100.7 DST=172.18.0.10 LEN=60 TOS=0x00 "
    let tcp = once + "PROTO=TCP SPT=40000 DPT=22 WINDOW=64240 SYN URGP=0"
    let flows = DeniedFlows(
      [
        "usb 1-1: new device", "bridgeward denied: " + once + "PROTO=ICMP TYPE=8 CODE=0 ID=1",
        "bridgeward denied: " + tcp, "bridgeward denied: " + tcp.replacing("40000", with: "40001"),
        "bridgeward denied: IN=br-front OUT= SRC=fd00:0000:0000:0000:0000:0000:0000:0010 "
          + "DST=fd00:0000:0000:0000:0000:0000:0000:0001 LEN=80 PROTO=UDP SPT=5 DPT=53 LEN=40",
        "other: " + tcp, "bridgeward denied: IN=eth0 OUT= SRC=nonsense DST=1.2.3.4 PROTO=TCP",
        "bridgeward denied: " + once
          + "PROTO=ICMP TYPE=3 CODE=1 [SRC=10.0.0.1 DST=10.0.0.2 PROTO=TCP DPT=9 ]",
      ], of: try log("log denied")
    ).list
    let seen = flows.map {
      "\($0.logged) \($0.protocol) \($0.source) \($0.destination) \($0.port ?? 0)"
    }
    #expect(
      seen == [
        "2 icmp 198.51.100.7 172.18.0.10 0", "2 tcp 198.51.100.7 172.18.0.10 22",
        "1 udp fd00::10 fd00::1 53",
      ])
  }

  @Test func onlySoManyAreTold() throws {
    let messages = (1...200).map { port in
      "bridgeward denied: IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 PROTO=TCP SPT=1 DPT=\(port)"
    }
    let flows = DeniedFlows(messages, of: try log("log denied")).list
    #expect(flows.count == DeniedFlows.limit)
    #expect(flows.map(\.port) == (1...DeniedFlows.limit).map { $0 })
  }

  @Test func otherNamespacesAreNotTold() throws {
    let messages = ["eth0", "wan"].map { name in
      "bridgeward denied: IN=\(name) OUT= SRC=192.0.2.1 DST=192.0.2.2 PROTO=TCP SPT=1 DPT=22"
    }
    let flows = DeniedFlows(messages, of: try log("log denied"), interfaces: ["lo", "wan"]).list
    #expect(flows.map(\.logged) == [1])
  }

  @Test func linesWithAPrefixOfTheirOwn() throws {
    let message = "web: IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 PROTO=TCP SPT=1 DPT=22"
    let refusing = "deny world -> web tcp 22 log \"web: \""
    let allowing = "allow world -> web tcp 80 log \"web: \""
    #expect(DeniedFlows([message], of: try log(refusing)).list.count == 1)
    #expect(try log(refusing).isOn)
    // Who is allowed is not denied.
    let both = try log("\(refusing)\n\(allowing)")
    #expect(DeniedFlows([message], of: both).list.isEmpty && !both.isOn)
    #expect(try !log("deny world -> web tcp 22").isOn)
  }
}
