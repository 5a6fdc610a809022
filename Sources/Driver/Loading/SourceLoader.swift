import Diagnostics
import Host
import Syntax

/// Reads files and what they include, depth first, each file once.
struct SourceLoader {
  /// One file on the way from an input to the file that is read now.
  struct Frame {
    let identity: HostFile.Identity
    let file: UInt32
    /// The includes that are still to be followed, the next one last.
    var pending: [IncludeRequest]
    /// The include that is followed now.
    var current: SourceSpan?
  }

  /// From so many bytes on, a file is worth preparing for.
  private static let largeFile = 256 << 10
  /// About what compiling a byte takes, of which the most is held at once.
  private static let memoryPerByte = 17
  /// About what a dense policy takes at the least.
  private static let leastMemoryPerByte = 15

  let store: FileStore
  let host: String?
  var result = PolicySources()
  private var finished: Set<HostFile.Identity> = []
  private var stack: [Frame] = []
  /// Where in the stack a file is.
  private var open: [HostFile.Identity: Int] = [:]

  init(store: FileStore, host: String?) {
    self.store = store
    self.host = host
  }

  /// Adds an input. What is wrong with its content is a finding; only what the machine refuses
  /// is thrown.
  mutating func load(_ input: PolicyInput) throws(HostError) {
    switch input {
    case .standardInput: try loadStandardInput()
    case .path(let path):
      if try Directory.isFound(at: path) { try loadDirectory(path) } else { try loadFile(path) }
    }
  }

  private mutating func loadStandardInput() throws(HostError) {
    do {
      let content = try store.readStandardInput()
      try prepare(for: content.bytes.count, of: "<stdin>")
      try enter(content, name: "<stdin>")
    } catch  where error.code == .tooLarge {
      reportTooLarge("<stdin>", at: nil)
    }
    try followIncludes()
  }

  private mutating func loadDirectory(_ path: String) throws(HostError) {
    let files = try Directory(path).files(withSuffix: ".ward")
    if files.isEmpty {
      result.log.add(.directoryWithoutPolicies(path))
      result.isComplete = false
    }
    for file in files { try loadFile(file) }
  }

  private mutating func loadFile(_ path: String) throws(HostError) {
    do {
      try enter(read(path), name: path)
    } catch  where error.code == .tooLarge {
      reportTooLarge(path, at: nil)
    }
    try followIncludes()
  }

  /// Follows the includes of the file on top of the stack until the stack is empty.
  private mutating func followIncludes() throws(HostError) {
    while let top = stack.indices.last {
      guard let request = stack[top].pending.popLast() else {
        let identity = stack.removeLast().identity
        open[identity] = nil
        finished.insert(identity)
        continue
      }
      stack[top].current = request.span
      try follow(request)
    }
  }

  private mutating func follow(_ request: IncludeRequest) throws(HostError) {
    if try Directory.isFound(at: request.path) {
      missing(.includeOfDirectory(request))
      return
    }
    do {
      try enter(read(request.path), name: request.path)
    } catch  where error.code == .tooLarge {
      reportTooLarge(request.path, at: request.span)
    } catch  where error.code == .notFound || error.code == .isNotDirectory {
      missing(.includeMissing(request))
    }
  }

  private func read(_ path: String) throws(HostError) -> HostFile {
    try store.read(path) { size throws(HostError) in try prepare(for: size, of: path) }
  }

  /// Sees to it that there is memory for a file of so many bytes, and for what is made of it.
  private func prepare(for size: Int, of name: String) throws(HostError) {
    guard size >= Self.largeFile else { return }
    try Heap.require(size * Self.leastMemoryPerByte, to: "compile \(name)")
    Heap.prepare(for: size * Self.memoryPerByte)
  }

  private mutating func enter(_ content: HostFile, name: String) throws(HostError) {
    if finished.contains(content.identity) { return }
    if let first = open[content.identity] {
      result.log.add(.includeCycle(stack[first...].compactMap(\.current), result.sources))
      return
    }
    let file = result.sources.add(name: name, bytes: content.bytes)
    if content.isRootsButWritableByOthers {
      result.log.add(.writableFile(name, file: file))
    }
    let tree = result.parse(file)
    let requests = if let tree { try includes(of: tree) } else { [IncludeRequest]() }
    open[content.identity] = stack.count
    stack.append(
      Frame(
        identity: content.identity, file: file, pending: requests.reversed(), current: nil))
  }

  private mutating func includes(
    of tree: SyntaxTree
  ) throws(HostError) -> [IncludeRequest] {
    var requests: [IncludeRequest] = []
    for include in IncludeLine.all(in: tree.declarations, host: host) {
      let pattern = FilePattern(include.pattern.text, beside: tree.source.name)
      let found = try files(of: pattern).map { IncludeRequest(include, path: $0) }
      if found.isEmpty { missing(.includeMissing(IncludeRequest(include, path: ""))) }
      requests += found
    }
    return requests
  }

  private func files(of pattern: FilePattern) throws(HostError) -> [String] {
    do {
      return try pattern.files()
    } catch  where error.code == .notFound || error.code == .isNotDirectory {
      return []
    }
  }

  private mutating func missing(_ finding: Diagnostic) {
    result.log.add(finding)
    result.isComplete = false
  }

  private mutating func reportTooLarge(_ name: String, at span: SourceSpan?) {
    let file = span?.file ?? result.sources.add(name: name, bytes: [])
    let place = span ?? SourceSpan(file: file, start: 0, end: 0)
    missing(.fileTooLarge(name, limit: store.limit, at: place))
  }
}
