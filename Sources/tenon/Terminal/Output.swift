internal import Glibc
internal import TenonJSON

/// Prints for people or, with `--json`, the API's body for programs.
enum Output {
    /// Colour only on a terminal, and not where NO_COLOR is set.
    static let isColoured = isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR").map { $0.pointee == 0 } ?? true

    /// Lines can be rewritten.
    static let isTerminal =
        isatty(STDOUT_FILENO) == 1 && getenv("TERM").map { String(cString: $0) != "dumb" } ?? false

    /// How many characters stand in a line of the terminal; 80 where it does not say.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes `text` over what stands in the line; it stays open.
    static func rewrite(_ text: String) { write("\r\u{1B}[K" + text, to: STDOUT_FILENO) }

    static func line(_ text: String = "") { write(text + "\n", to: STDOUT_FILENO) }
    /// What it quotes from files and hosts does nothing to the terminal: controls are shown as their numbers.
    static func errorLine(_ text: String) {
        let shown = text.unicodeScalars.map { scalar -> String in
            let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
            return isControl ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }
        write(shown.joined() + "\n", to: STDERR_FILENO)
    }

    /// A question on the terminal; the answer is typed behind it.
    static func ask(_ question: String) { write(question, to: STDERR_FILENO) }

    static func json(_ body: JSON) { line(body.prettyText) }

    static func error(_ message: String, code: String? = nil, advice: String?) {
        errorLine("error: \(message)")
        if let code { errorLine("code:  \(code)") }
        if let advice { errorLine("next:  \(advice)") }
    }

    static func bold(_ text: String) -> String { isColoured ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    static func green(_ text: String) -> String { isColoured ? "\u{1B}[32m\(text)\u{1B}[0m" : text }
    static func red(_ text: String) -> String { isColoured ? "\u{1B}[31m\(text)\u{1B}[0m" : text }

    /// A state of an execution or step in its colour.
    static func coloured(status: String) -> String {
        switch status {
        case "completed": green(status)
        case "failed", "timed-out", "cancelled", "in-doubt": red(status)
        default: status
        }
    }

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
