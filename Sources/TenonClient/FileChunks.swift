internal import Foundation
internal import NIOCore

/// A file's bytes, piece by piece.
struct FileChunks: AsyncSequence, Sendable {
    struct ReadError: Error {
        let reason: String
    }
    private static let chunkBytes = 1 << 20

    let path: String

    func makeAsyncIterator() -> Iterator { Iterator(file: FileHandle(forReadingAtPath: path), path: path) }

    struct Iterator: AsyncIteratorProtocol {
        let file: FileHandle?
        let path: String

        mutating func next() async throws -> ByteBuffer? {
            guard let file else { throw ReadError(reason: "the file \(path) cannot be read") }
            guard let data = try file.read(upToCount: FileChunks.chunkBytes), !data.isEmpty else {
                return nil
            }
            return ByteBuffer(bytes: data)
        }
    }
}
