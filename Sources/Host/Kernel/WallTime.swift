import Glibc

/// A moment of the calendar, for people: the clock behind it may be wrong and may jump.
package struct WallTime: Hashable, Comparable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z, leap seconds left out; of the years 0 to 9999.
  package let seconds: Int64

  /// - Parameter seconds: Brought into the years 0 to 9999.
  package init(seconds: Int64) { self.seconds = min(max(seconds, Self.first), Self.last) }

  /// This moment.
  package static var now: WallTime { WallTime(seconds: Int64(time(nil))) }

  package static func < (left: WallTime, right: WallTime) -> Bool { left.seconds < right.seconds }

  private static let first: Int64 = -62_167_219_200
  private static let last: Int64 = 253_402_300_799
}

extension WallTime: CustomStringConvertible {
  /// The form of RFC 3339 in UTC: `2026-11-21T15:30:00Z`.
  package var description: String {
    let (days, second) = seconds.quotientAndFloorRemainder(86_400)
    let (year, month, day) = Self.date(days)
    let clock = [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0, 2) }
    return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))T"
      + "\(clock.joined(separator: ":"))Z"
  }

  /// Reads the form of ``description``.
  package init?(_ text: String) {
    let pattern = Array("0000-00-00T00:00:00Z".utf8)
    let bytes = Array(text.utf8)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard bytes.count == pattern.count,
      zip(bytes, pattern).allSatisfy({ digits.contains($1) ? digits.contains($0) : $0 == $1 })
    else { return nil }
    func number(_ start: Int, _ count: Int) -> Int64 {
      bytes[start..<start + count].reduce(0) { $0 * 10 + Int64($1 - digits.lowerBound) }
    }
    let days = Self.days(year: number(0, 4), month: number(5, 2), day: number(8, 2))
    let clock = number(11, 2) * 3600 + number(14, 2) * 60 + number(17, 2)
    let result = WallTime(seconds: days * 86_400 + clock)
    // A 31st of February has another name.
    guard result.description == text else { return nil }
    self = result
  }

  /// The proleptic Gregorian date of a day since 1970-01-01.
  ///
  /// Years begin in March here, so that the leap day is a year's last; 146 097 days are 400 years.
  private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = (days + 719_468).quotientAndFloorRemainder(146_097)
    let leaps = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
    let yearOfEra = (dayOfEra - leaps) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let isNextYear = month >= 10
    return (
      yearOfEra + era * 400 + (isNextYear ? 1 : 0), isNextYear ? month - 9 : month + 3,
      dayOfYear - (153 * month + 2) / 5 + 1
    )
  }

  /// The inverse of ``date(_:)``.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let (era, yearOfEra) = (month > 2 ? year : year - 1).quotientAndFloorRemainder(400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}

extension Int64 {
  /// The quotient rounded down, and a remainder that is never negative.
  fileprivate func quotientAndFloorRemainder(_ divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
