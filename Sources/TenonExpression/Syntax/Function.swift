/// The functions of the language.
enum Function: String, Sendable, CaseIterable {
    case size
    case contains
    case startsWith
    case endsWith
    case lowerAscii
    case upperAscii
    case trim
    case string
    case int
    case uint
    case double
    case bool
    case dyn

    /// Arguments, with the receiver as the first.
    var parameterCount: Int {
        switch self {
        case .contains, .startsWith, .endsWith: 2
        case .size, .lowerAscii, .upperAscii, .trim, .string, .int, .uint, .double, .bool, .dyn: 1
        }
    }

    /// Whether it may be written `x.f()`; `f(x)` otherwise. `size` may be both.
    var isMethod: Bool {
        switch self {
        case .size, .contains, .startsWith, .endsWith, .lowerAscii, .upperAscii, .trim: true
        case .string, .int, .uint, .double, .bool, .dyn: false
        }
    }

    var isGlobal: Bool { !isMethod || self == .size }

    /// Functions of CEL and its libraries that come later.
    static let plannedNames: Set<String> = [
        "matches", "now", "timestamp", "duration", "type", "bytes", "getFullYear", "getMonth", "getDate",
        "getDayOfMonth",
        "getDayOfWeek", "getDayOfYear", "getHours", "getMinutes", "getSeconds", "getMilliseconds", "format",
        "split",
        "join", "replace", "substring", "indexOf", "lastIndexOf", "charAt", "reverse", "quote",
    ]
}
