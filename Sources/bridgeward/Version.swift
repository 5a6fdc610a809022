/// The release that this program is of.
enum Version {
  static let current = "0.1.0"
}
