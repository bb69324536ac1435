/// Why a line is not a record.
public struct JSONRecordError: Error, Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case syntax(JSONScanError)
        case notAnObject
        /// Something follows the object.
        case textAfterObject
        /// A wanted key occurs twice; its number.
        case duplicate(key: Int)
    }
    public let kind: Kind
    /// Where in the text.
    public let offset: Int
}
