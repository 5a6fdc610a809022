/// Why something has no words in the representation.
struct Unknown: Error {
  let what: String

  init(_ what: String) { self.what = what }
}

extension Expression {
  /// The kernel's name of such expressions.
  var kernelName: String {
    switch self {
    case .meta, .setMeta: "meta"
    case .payload, .setPayload: "payload"
    case .compare: "cmp"
    case .range: "range"
    case .bitwise: "bitwise"
    case .lookup: "lookup"
    case .dynamicSet: "dynset"
    case .immediate, .verdict: "immediate"
    case .conntrack: "ct"
    case .fib: "fib"
    case .route: "rt"
    case .nat: "nat"
    case .masquerade: "masq"
    case .reject: "reject"
    case .limit: "limit"
    case .connectionLimit: "connlimit"
    case .log: "log"
    case .counter: "counter"
    case .extensionHeader, .setExtensionHeader: "exthdr"
    case .byteOrder: "byteorder"
    case .other(let name): name
    }
  }
}
