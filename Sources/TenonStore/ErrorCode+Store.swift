internal import GRDB
package import TenonModel

extension ErrorCode {
    package static let storeLocked = ErrorCode("store.locked", 503)
    package static let storeNewer = ErrorCode("store.newer", 500)
    package static let storeCorrupt = ErrorCode("store.corrupt", 500)
    package static let storeFull = ErrorCode("store.full", 507)
    package static let storeUnavailable = ErrorCode("store.unavailable", 500)
}

extension TenonError {
    /// The error for an SQLite result code, primary or extended.
    package init(sqliteCode code: Int32, message: String) {
        let context = ["sqlite.code": String(code)]
        switch ResultCode(rawValue: code).primaryResultCode {
        case .SQLITE_FULL:
            self.init(
                .storeFull,
                "The database cannot grow (\(message)). Free space on the disk of the data directory.",
                context: context)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(
                .storeCorrupt,
                "The database is damaged (\(message)). Stop the host and put a copy of tenon.db back.",
                context: context)
        default:
            self.init(.storeUnavailable, "The database failed: \(message).", context: context)
        }
    }

    /// The error for whatever a database access threw.
    init(storeFailure error: any Error) {
        switch error {
        case let error as TenonError: self = error
        case let error as DatabaseError:
            self.init(
                sqliteCode: error.extendedResultCode.rawValue,
                message: error.message ?? "error \(error.extendedResultCode.rawValue)")
        default: self.init(.storeUnavailable, "The database failed: \(error).")
        }
    }
}
