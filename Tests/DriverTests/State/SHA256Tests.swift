import Driver
import Foundation
import Host
import Testing

struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func standardVectors(text: String, digest: String) {
    #expect(SHA256Digest(of: Array(text.utf8)).description == digest)
    #expect(SHA256Digest(of: Array(text.utf8)[...], by: nil).description == digest)
    #expect(SHA256Digest(digest) == SHA256Digest(of: Array(text.utf8)))
  }

  /// Every way that a message can end within its blocks, with what this processor knows and without.
  @Test func agreesWithAnotherImplementation() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = [
      "-c",
      """
      import hashlib
      for n in range(200):
          print(hashlib.sha256(bytes(i % 251 for i in range(n))).hexdigest())
      """,
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let digests = text.split(separator: "\n").map(String.init)
    #expect(digests.count == 200)
    for (count, digest) in digests.enumerated() {
      let message = (0..<count).map { UInt8($0 % 251) }
      #expect(SHA256Digest(of: message).description == digest, "\(count) bytes")
      #expect(SHA256Digest(of: message[...], by: nil).description == digest, "\(count) bytes")
    }
  }

  @Test(arguments: [
    "", "abc", String(repeating: "g", count: 64), String(repeating: "A", count: 64),
  ])
  func othersAreNoDigests(text: String) { #expect(SHA256Digest(text) == nil) }
}
