/// A value of a library's own type, such as an IP address: compared and shown, and taken by the library's
/// functions.
package protocol CustomValue: AnyObject, Sendable {
    /// As `type(x)` and messages name it.
    var typeName: String { get }
    /// As JSON and templates have it.
    var text: String { get }
    func isEqual(to other: any CustomValue) -> Bool
}
