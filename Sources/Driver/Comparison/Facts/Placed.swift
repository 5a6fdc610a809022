import KernelForm
import Netfilter

/// Where a rule or element comes from and what it is for, as its comment says.
struct Placed: Hashable {
  /// `file:line`; `nil` where no single line asked for it.
  let location: String?
  /// `nil` where the line itself is all there is to say.
  let purpose: String?

  init(_ rule: Rule) {
    self.init(comment: rule.origin == nil ? rule.comment : nil)
    guard let origin = rule.origin else { return }
    self = Placed(location: origin.location, purpose: rule.comment)
  }

  private init(location: String?, purpose: String?) {
    self.location = location
    self.purpose = purpose
  }

  init(comment: String?) {
    guard let comment else {
      (location, purpose) = (nil, nil)
      return
    }
    let parts = LocatedComment(Array(comment.utf8)[...])
    location = parts.location.map { String(decoding: $0, as: UTF8.self) }
    purpose = parts.purpose.isEmpty ? nil : String(decoding: parts.purpose, as: UTF8.self)
  }
}
