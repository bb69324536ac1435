internal import TenonModel
internal import TenonTime

/// The formats that are rules. Others, such as `password`, say nothing about what a text may be; so does
/// `idn-hostname`, which needs the tables of another standard.
enum TextFormat: String, Sendable, CaseIterable {
    case dateTime = "date-time"
    case date, time, duration
    case email
    case internationalEmail = "idn-email"
    case hostname, ipv4, ipv6
    case uri, iri
    case uriReference = "uri-reference"
    case iriReference = "iri-reference"
    case uriTemplate = "uri-template"
    case uuid
    case jsonPointer = "json-pointer"
    case relativeJSONPointer = "relative-json-pointer"
    case regex

    /// Whether a text is of this format. Linear in the text.
    func matches(_ text: String) -> Bool {
        var scanner = TextScanner(text)
        switch self {
        case .dateTime: return RFC3339.isDateTime(text)
        case .date: return RFC3339.isDate(text)
        case .time: return RFC3339.isTime(text)
        case .duration: return scanner.takeDuration() && scanner.isAtEnd
        case .email: return MailAddress.isLegal(scanner.rest, allowsAnyLetter: false)
        case .internationalEmail: return MailAddress.isLegal(scanner.rest, allowsAnyLetter: true)
        case .hostname: return NetworkName.isHostname(scanner.rest)
        case .ipv4: return IPAddress(v4: scanner.rest) != nil
        case .ipv6: return IPAddress(v6: scanner.rest) != nil
        case .uri: return URISyntax(allowsAnyLetter: false).isURI(scanner.rest)
        case .iri: return URISyntax(allowsAnyLetter: true).isURI(scanner.rest)
        case .uriReference: return URISyntax(allowsAnyLetter: false).isReference(scanner.rest)
        case .iriReference: return URISyntax(allowsAnyLetter: true).isReference(scanner.rest)
        case .uriTemplate: return scanner.takeURITemplate()
        case .uuid: return scanner.takeUUID() && scanner.isAtEnd
        case .jsonPointer: return scanner.takeJSONPointer() && scanner.isAtEnd
        case .relativeJSONPointer: return scanner.takeRelativeJSONPointer() && scanner.isAtEnd
        case .regex: return isPattern(text)
        }
    }

    /// What a text of this format is, for people.
    var words: String {
        switch self {
        case .dateTime: "a date and time with an offset such as 2026-03-01T12:30:00Z"
        case .date: "a date such as 2026-03-01"
        case .time: "a time with an offset such as 12:30:00Z"
        case .duration: "a duration such as P3D or PT5M"
        case .email, .internationalEmail: "an e-mail address"
        case .hostname: "a host name"
        case .ipv4: "an IPv4 address such as 192.0.2.1"
        case .ipv6: "an IPv6 address such as 2001:db8::1"
        case .uri: "an absolute URI such as https://example.com/a"
        case .iri: "an absolute IRI such as https://example.com/ä"
        case .uriReference: "a URI or a relative reference"
        case .iriReference: "an IRI or a relative reference"
        case .uriTemplate: "a URI template such as /users/{id}"
        case .uuid: "a UUID such as 123e4567-e89b-12d3-a456-426614174000"
        case .jsonPointer: "a JSON Pointer such as /a/0"
        case .relativeJSONPointer: "a relative JSON Pointer such as 1/a"
        case .regex: "a regular expression without look-around and back-references"
        }
    }
}
