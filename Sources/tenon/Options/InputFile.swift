internal import ArgumentParser
internal import Foundation
internal import TenonClient

/// A file that a command reads, or the standard input.
struct InputFile: Equatable {
    static let standardInput = InputFile("-")
    let path: String

    /// `-` is the standard input.
    init(_ path: String) { self.path = path }

    static func requireOneStandardInput(_ paths: [String]) throws(ValidationError) {
        if paths.count(where: { $0 == standardInput.path }) > 1 {
            throw ValidationError("The standard input can be read once only.")
        }
    }

    /// As messages name it.
    var name: String { self == .standardInput ? "the standard input" : path }

    /// Its bytes; one more than `maxBytes` where there are more.
    func bytes(upTo maxBytes: Int) throws(CommandFailure) -> [UInt8] {
        let opened = self == .standardInput ? .standardInput : FileHandle(forReadingAtPath: path)
        guard let handle = opened else {
            throw CommandFailure(.notFound, "The file \(path) cannot be read.", advice: "Check its path.")
        }
        var bytes: [UInt8] = []
        do {
            // A pipe gives what it has, so more than once is asked.
            while bytes.count <= maxBytes,
                let part = try handle.read(upToCount: maxBytes + 1 - bytes.count), !part.isEmpty
            {
                bytes += part
            }
        } catch {
            throw CommandFailure(
                .failed, "Reading \(name) failed: \(Self.reason(of: error)).", advice: "Name a file.")
        }
        return bytes
    }

    private static func reason(of error: any Error) -> String {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
        return cause.domain == NSPOSIXErrorDomain
            ? String(cString: strerror(Int32(cause.code))) : cause.localizedDescription
    }
}
