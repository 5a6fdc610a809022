import Diagnostics
import Driver
import Formatting
import KernelForm
import Netfilter
import PolicyTestSupport
import Syntax

/// Whatever the policy and its file's name, there is an answer; a policy without errors becomes a
/// sound ruleset, whose texts say what it says and nothing else.
///
/// Bytes after one of 0xFF are the file's name.
func checkCompiler(_ bytes: [UInt8]) throws(BrokenLaw) {
  let parts = bytes.split(separator: 0xFF, maxSplits: 1, omittingEmptySubsequences: false)
  let text = Array(parts.first ?? [])
  let name = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : "fuzz.ward"
  let sources = policySources(text, name: name)
  let isBare = text.count.isMultiple(of: 2)
  let compiler = Compiler(host: "alpha", capabilities: isBare ? [] : Set(Capability.allCases))
  let result = compiler.compile(sources, isForKernel: true)
  try checkPlaces(result.log.sorted, [text.count])
  try checkRendering(result)
  try require(
    (result.ruleset == nil) == result.log.hasErrors, "there is a ruleset where there is no error")
  guard let ruleset = result.ruleset else { return }
  try require(result.defects.isEmpty, "rulesets are sound", "\(result.defects)")
  try checkTexts(result, ruleset)
  try checkKernelForm(result.kernel, ruleset)
  try checkLayout(sources.trees, result, compiler)
}

/// One file as the compiler takes it.
private func policySources(_ text: [UInt8], name: String) -> PolicySources {
  var sources = PolicySources()
  let file = sources.sources.add(name: name, bytes: text)
  checkText(sources.sources[file], log: &sources.log)
  sources.isComplete = !sources.log.sorted.contains { $0.id == .textEncoding }
  if sources.isComplete {
    sources.trees = [parse(sources.sources[file], log: &sources.log)]
  }
  return sources
}

/// Findings can be shown, and their mends made.
private func checkRendering(_ result: Compilation) throws(BrokenLaw) {
  let shown = TextRenderer(result.sources, isColored: false).render(result.log)
  let isPlain = shown.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\n") }
  try require(isPlain, "findings are shown without control bytes", shown)
  _ = DiagnosticReport(result.log, sources: result.sources)
  _ = SARIFReport(result.log, sources: result.sources, toolVersion: "0")
  _ = FixItApplication(result.log.sorted, to: result.sources)
}

/// The kernel's form of the ruleset reads back as the ruleset.
private func checkKernelForm(
  _ kernel: KernelRuleset?, _ ruleset: Ruleset
) throws(BrokenLaw) {
  guard let kernel else { throw BrokenLaw("what is compiled for a kernel is said in its terms") }
  let read = KernelForm.ruleset(of: kernel)
  try require(read.leftovers.isEmpty, "everything in the kernel is understood")
  try require(read.ruleset == canonical(ruleset), "the kernel's form says what the ruleset says")
}

/// The policy in its layout means what it meant.
private func checkLayout(
  _ trees: [SyntaxTree], _ result: Compilation, _ compiler: Compiler
) throws(BrokenLaw) {
  let text = trees.map { format($0) }.joined()
  let sources = policySources(Array(text.utf8), name: "fuzz.ward")
  let other = compiler.compile(sources)
  guard let ruleset = other.ruleset else {
    throw BrokenLaw("a policy that is laid out compiles", text)
  }
  let isSame = ruleset.withoutOrigins == result.ruleset?.withoutOrigins
  try require(isSame, "a policy that is laid out means the same", text)
  let findings = [other, result].map { compilation in
    compilation.log.sorted.map(\.id).filter { $0 != .textCrlf && $0 != .textTabs }
      .map(\.rawValue).sorted()
  }
  try require(findings[0] == findings[1], "a policy that is laid out has the same findings", text)
  try require(format(sources.trees[0]) == text, "formatting twice is formatting once", text)
}
