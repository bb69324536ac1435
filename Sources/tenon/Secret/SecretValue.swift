internal import Foundation
internal import Glibc
internal import TenonClient

/// Where `tenon secret set` gets a value from: a file, the terminal, or the standard input.
enum SecretValue {
    /// What a command reads at most; the host's own limit is lower.
    static let maxBytes = 1 << 20

    static func read(file: String?, name: String) throws -> String {
        if let file { return try text(of: try bytes(ofFile: file), place: file) }
        if isatty(STDIN_FILENO) == 1 { return try asked("Value of \(name): ") }
        let bytes = try self.bytes(from: FileHandle.standardInput, place: "the standard input")
        return try text(of: withoutLineEnd(bytes), place: "the standard input")
    }

    private static func bytes(ofFile path: String) throws -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure(.notFound, "The file \(path) cannot be read.", advice: "Check its path.")
        }
        return try bytes(from: handle, place: path)
    }

    private static func bytes(from handle: FileHandle, place: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count <= maxBytes {
            guard let part = try handle.read(upToCount: maxBytes + 1 - bytes.count), !part.isEmpty else {
                return bytes
            }
            bytes += part
        }
        throw CommandFailure(
            .usage, "The value in \(place) is larger than \(maxBytes >> 20) MB.",
            advice: "Store a shorter one.")
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
