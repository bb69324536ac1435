package import TenonModel

extension ErrorCode {
    /// A time zone that this machine does not know.
    package static let timeUnknownZone = ErrorCode("time.unknown-zone", 422)
}
