internal import Glibc
internal import TenonJSON

/// Prints for people or, with `--json`, the API's body for programs.
enum Output {
    /// Colour only on a terminal, and not where NO_COLOR is set.
    static let isColoured = isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR").map { $0.pointee == 0 } ?? true

    static func line(_ text: String = "") { write(text + "\n", to: STDOUT_FILENO) }
    static func errorLine(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    static func json(_ body: JSON) { line(body.prettyText) }

    static func error(_ message: String, code: String? = nil, advice: String?) {
        errorLine("error: \(message)")
        if let code { errorLine("code:  \(code)") }
        if let advice { errorLine("next:  \(advice)") }
    }

    static func bold(_ text: String) -> String { isColoured ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    static func green(_ text: String) -> String { isColoured ? "\u{1B}[32m\(text)\u{1B}[0m" : text }
    static func red(_ text: String) -> String { isColoured ? "\u{1B}[31m\(text)\u{1B}[0m" : text }

    /// Writes all of `text` at once, so that lines of several threads do not mix.
    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
