import Dispatch

/// Microseconds of the monotonic clock, which all processes of a machine share.
struct SoakTime: Hashable, Comparable, Sendable {
  let microseconds: Int64

  init(_ microseconds: Int64) { self.microseconds = microseconds }

  static var now: SoakTime {
    SoakTime(Int64(DispatchTime.now().uptimeNanoseconds / 1000))
  }

  static func < (left: SoakTime, right: SoakTime) -> Bool {
    left.microseconds < right.microseconds
  }

  static func + (time: SoakTime, microseconds: Int64) -> SoakTime {
    SoakTime(time.microseconds + microseconds)
  }
}

/// What one process did, and when.
struct SoakSpan: Sendable {
  var begin: SoakTime
  var end: SoakTime

  func meets(_ other: SoakSpan) -> Bool { begin <= other.end && other.begin <= end }
}
