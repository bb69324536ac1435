/// The result codes of the connector ABI (`tenon/base.h`).
package enum CallStatus: Int32, Sendable, CaseIterable {
    case ok = 0
    case end = 1
    case invalidArgument = -1
    case invalidState = -2
    case notImplemented = -3
    case notFound = -4
    case alreadyExists = -5
    case unauthenticated = -6
    case permissionDenied = -7
    case conflict = -8
    case rateLimited = -9
    case timeout = -10
    case cancelled = -11
    case unavailable = -12
    case badData = -13
    case schemaChanged = -14
    case resourceExhausted = -15
    case `internal` = -16

    /// The status for a number that came over the border; unknown numbers are treated as `internal`.
    package init(code: Int32) { self = CallStatus(rawValue: code) ?? (code >= 0 ? .ok : .internal) }

    /// Such as `RATE_LIMITED`, the words of the header.
    package var name: String {
        String(describing: self).reduce(into: "") { text, character in
            if character.isUppercase { text.append("_") }
            text.append(contentsOf: character.uppercased())
        }
    }

    /// The class where the connector did not name one.
    package var defaultClass: ErrorClass {
        switch self {
        case .invalidArgument, .notImplemented, .notFound, .alreadyExists, .unauthenticated,
            .permissionDenied:
            .config
        case .conflict, .rateLimited, .timeout, .cancelled, .unavailable, .resourceExhausted, .schemaChanged:
            .transient
        case .badData: .data
        case .ok, .end, .invalidState, .internal: .system
        }
    }
}

/// Who has to act on an error.
package enum ErrorClass: UInt32, Sendable, CaseIterable {
    case config = 1
    case transient = 2
    case data = 3
    case system = 4

    package var name: String { String(describing: self) }
    package init?(name: String) {
        guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }
}

/// What a failed call changed in the other system.
package enum Effect: UInt32, Sendable {
    case unknown = 0
    case notApplied = 1
    case applied = 2
}

/// Whether an action may be repeated.
package enum ActionEffect: String, Sendable {
    case read
    case idempotent
    case write
}

/// Why a call to a connector failed.
package struct CallFailure: Error, Equatable, Sendable {
    package var status: CallStatus
    package var errorClass: ErrorClass
    package var effect: Effect
    package var message: String
    package var vendorCode: Int32 = 0
    package var retryAfterMilliseconds: UInt64 = 0
    package var fieldPath: String = ""
    /// A JSON object as text, or empty.
    package var detailsJSON: String = ""

    package init(
        _ status: CallStatus, _ message: String, errorClass: ErrorClass? = nil, effect: Effect = .unknown
    ) {
        self.status = status
        self.errorClass = errorClass ?? status.defaultClass
        self.effect = effect
        self.message = message
    }
}
