/// Reads a body that may say anything: nothing is read past its end, nothing is allocated by its word.
package struct BodyReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// `bytes` must outlive the reader.
    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    package var remainingCount: Int { bytes.count - position }

    package mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type
    ) throws(ProtocolViolation) -> T {
        let size = MemoryLayout<T>.size
        guard remainingCount >= size else { throw .frameBody }
        defer { position += size }
        return T(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: T.self))
    }

    /// What `BodyWriter.put(counted:)` wrote; followed by a NUL in memory.
    package mutating func counted() throws(ProtocolViolation) -> UnsafeRawBufferPointer {
        let count = Int(try integer(UInt32.self))
        guard count < remainingCount else { throw .frameBody }
        guard bytes[position + count] == 0 else { throw .frameBody }
        defer { position += count + 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
    }

    package mutating func bytesField() throws(ProtocolViolation) -> [UInt8] { Array(try counted()) }

    package mutating func text() throws(ProtocolViolation) -> String {
        guard let text = String(validating: try counted(), as: UTF8.self) else { throw .textEncoding }
        return text
    }

    /// A list that `BodyWriter` wrote as a count and counted fields.
    package mutating func list(atMost limit: Int) throws(ProtocolViolation) -> [[UInt8]] {
        let count = Int(try integer(UInt32.self))
        guard count <= limit, count <= remainingCount else { throw .itemCount }
        var list: [[UInt8]] = []
        for _ in 0..<count { list.append(try bytesField()) }
        return list
    }

    package mutating func texts(atMost limit: Int) throws(ProtocolViolation) -> [String] {
        var texts: [String] = []
        for item in try list(atMost: limit) {
            guard let text = String(validating: item, as: UTF8.self) else { throw .textEncoding }
            texts.append(text)
        }
        return texts
    }

    package mutating func rest() -> UnsafeRawBufferPointer {
        defer { position = bytes.count }
        return UnsafeRawBufferPointer(rebasing: bytes[position...])
    }

    /// Refuses bytes that nobody asked for.
    package func finish() throws(ProtocolViolation) {
        guard remainingCount == 0 else { throw .frameBody }
    }
}

extension Array where Element == UInt8 {
    /// Reads all of these bytes as a body; what is left over is refused.
    package func readBody<T>(
        _ read: (inout BodyReader) throws(ProtocolViolation) -> T
    ) throws(ProtocolViolation) -> T {
        let result: Result<T, ProtocolViolation> = withUnsafeBytes { bytes in
            Result { () throws(ProtocolViolation) in
                var reader = BodyReader(bytes)
                let value = try read(&reader)
                try reader.finish()
                return value
            }
        }
        return try result.get()
    }
}
