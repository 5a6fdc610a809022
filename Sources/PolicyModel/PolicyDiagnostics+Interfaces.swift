import Diagnostics
import NetworkTypes
import Syntax

extension Diagnostic {
  static func invalidInterface(
    _ name: Identifier, _ problem: InterfaceName.Problem
  ) -> Diagnostic {
    switch problem {
    case .tooLong(let length): interfaceTooLong(name, length)
    case .empty:
      Diagnostic(.interfaceCharacters, "an interface name is not empty", at: name.span)
    case .forbiddenCharacter:
      Diagnostic(
        .interfaceCharacters,
        "`\(name.text)` is no interface name; `/`, `:`, `*`, quotes and white space cannot be in one",
        at: name.span)
    case .reserved:
      Diagnostic(
        .interfaceCharacters, "`\(name.text)` is no interface name: commands read it otherwise",
        at: name.span)
    }
  }

  private static func interfaceTooLong(_ name: Identifier, _ length: Int) -> Diagnostic {
    let bytes = Array(name.text.utf8.prefix(InterfaceName.maximumLength))
    let short = String(decoding: bytes, as: UTF8.self)
    let replacement = name.isQuoted ? "\"\(short)\"" : short
    return Diagnostic(
      .interfaceLength,
      "`\(name.text)` is \(length) bytes; the kernel allows \(InterfaceName.maximumLength)",
      at: name.span,
      fixIts: [
        FixIt("shorten to `\(short)`", edits: [TextEdit(name.span, replacement: replacement)])
      ])
  }
}

extension Diagnostic {
  static func duplicateInterface(
    _ name: Sourced<InterfaceName>, _ use: String, _ other: String, first: SourceSpan
  ) -> Diagnostic {
    let sentence =
      use == other
      ? "interface `\(name.value)` is \(use) twice"
      : "interface `\(name.value)` is \(use) and \(other)"
    return Diagnostic(
      .interfaceDuplicate, sentence, at: name.span,
      notes: [Note("the other role is here", at: first)])
  }

  static func nestedInterface(
    _ parent: Sourced<InterfaceName>, _ network: Sourced<String>, at span: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      .interfaceNested, "the parent `\(parent.value)` is part of `\(network.value)`",
      at: parent.span, notes: [Note("its role there is here", at: span)])
  }
}
