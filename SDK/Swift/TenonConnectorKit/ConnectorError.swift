public import CTenon

/// Why a call failed. The kit hands it to the host; nothing else needs to be done.
public struct ConnectorError: Error, Sendable, Equatable {
    /// The statuses of `tenon/base.h`.
    public struct Status: RawRepresentable, Hashable, Sendable {
        public let rawValue: tenon_status_t
        public init(rawValue: tenon_status_t) { self.rawValue = rawValue }

        public static let invalidArgument = Status(rawValue: TENON_INVALID_ARGUMENT)
        public static let invalidState = Status(rawValue: TENON_INVALID_STATE)
        public static let notImplemented = Status(rawValue: TENON_NOT_IMPLEMENTED)
        public static let notFound = Status(rawValue: TENON_NOT_FOUND)
        public static let alreadyExists = Status(rawValue: TENON_ALREADY_EXISTS)
        public static let unauthenticated = Status(rawValue: TENON_UNAUTHENTICATED)
        public static let permissionDenied = Status(rawValue: TENON_PERMISSION_DENIED)
        public static let conflict = Status(rawValue: TENON_CONFLICT)
        public static let rateLimited = Status(rawValue: TENON_RATE_LIMITED)
        public static let timeout = Status(rawValue: TENON_TIMEOUT)
        public static let cancelled = Status(rawValue: TENON_CANCELLED)
        public static let unavailable = Status(rawValue: TENON_UNAVAILABLE)
        public static let badData = Status(rawValue: TENON_BAD_DATA)
        public static let schemaChanged = Status(rawValue: TENON_SCHEMA_CHANGED)
        public static let resourceExhausted = Status(rawValue: TENON_RESOURCE_EXHAUSTED)
        /// A bug in the connector or in what it uses.
        public static let `internal` = Status(rawValue: TENON_INTERNAL)
    }

    /// Who has to act on it; `unset` is derived from the status by the host.
    public enum Class: UInt32, Sendable { case unset, config, transient, data, system }

    /// What the failed call has changed in the other system.
    public enum Effect: UInt32, Sendable { case unknown, notApplied, applied }

    public var status: Status
    /// A sentence: what happened, to what, what to do. No secrets.
    public var message: String
    public var errorClass: Class = .unset
    public var effect: Effect = .unknown
    /// JSON Pointer into the configuration or input that is to blame, or empty.
    public var fieldPath = ""
    /// The other system's own code, such as an HTTP status; 0 for none.
    public var vendorCode: Int32 = 0
    /// When trying again makes sense, in milliseconds from now; 0 where unknown.
    public var retryAfterMilliseconds: UInt64 = 0
    /// An object with more for machines.
    public var details: JSONValue?

    /// With an effect of `.notApplied` it says that nothing was changed, so that the call may be repeated.
    public init(_ status: Status, _ message: String, effect: Effect = .unknown, fieldPath: String = "") {
        self.status = status
        self.message = message
        self.effect = effect
        self.fieldPath = fieldPath
    }

    /// What a function of the host answered: it knows why, so that nothing is added.
    init(host status: tenon_status_t) {
        self.init(Status(rawValue: status < 0 ? status : TENON_INTERNAL), "")
    }
}
