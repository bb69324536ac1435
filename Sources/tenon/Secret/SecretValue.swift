internal import Glibc
internal import TenonClient

/// Where `tenon secret set` gets a value from: a file, the terminal, or the standard input.
enum SecretValue {
    /// What a command reads at most; the host's own limit is lower.
    static let maxBytes = 1 << 20

    static func read(file: String?, name: String) throws -> String {
        // `-` is what is meant without a file, so that it is not shown on a terminal either.
        if let file = file.map({ InputFile($0) }), file != .standardInput {
            return try text(of: try bytes(of: file), place: file.name)
        }
        if isatty(STDIN_FILENO) == 1 { return try asked("Value of \(name): ") }
        let bytes = try self.bytes(of: .standardInput)
        return try text(of: withoutLineEnd(bytes), place: InputFile.standardInput.name)
    }

    private static func bytes(of file: InputFile) throws -> [UInt8] {
        let bytes = try file.bytes(upTo: maxBytes)
        guard bytes.count <= maxBytes else {
            throw CommandFailure(
                .usage, "The value in \(file.name) is larger than \(maxBytes >> 20) MB.",
                advice: "Store a shorter one.")
        }
        return bytes
    }

    /// Asks on the terminal without showing what is typed.
    private static func asked(_ question: String) throws -> String {
        guard let terminal = SilentTerminal() else {
            throw CommandFailure(
                .failed, "The terminal would show what is typed.", advice: "Use --from-file FILE")
        }
        defer {
            terminal.restore()
            Output.errorLine("")
        }
        Output.ask(question)
        var bytes = [UInt8](repeating: 0, count: terminalLineBytes + 1)
        // A terminal gives one line at a time.
        bytes.removeLast(bytes.count - max(0, Glibc.read(STDIN_FILENO, &bytes, bytes.count)))
        guard bytes.last != SilentTerminal.interrupt else {
            throw CommandFailure(.interrupted, "Nothing was stored.")
        }
        // It drops what is longer without a word.
        guard bytes.count < terminalLineBytes else {
            throw CommandFailure(
                .usage, "The value does not fit a line of the terminal.", advice: "Use --from-file FILE")
        }
        return try text(of: withoutLineEnd(bytes), place: "the terminal")
    }

    private static let terminalLineBytes = 4095

    private static func withoutLineEnd(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.last == 0x0A else { return bytes }
        let line = bytes.dropLast()
        return Array(line.last == 0x0D ? line.dropLast() : line)
    }

    private static func text(of bytes: [UInt8], place: String) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(
                .usage, "The value in \(place) is no UTF-8 text.", advice: "Encode it, as base64 for example."
            )
        }
        return text
    }
}
