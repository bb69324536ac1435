/// Builds one frame in memory that is used again and again.
package struct BodyWriter: Sendable {
    /// Header and body.
    package private(set) var bytes: [UInt8] = []

    package init() { bytes.reserveCapacity(512) }

    package mutating func begin(_ kind: FrameKind, callID: UInt64) {
        bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 20)
        put(UInt32(0))
        put(FrameHeader.format)
        put(kind.rawValue)
        put(callID)
    }

    /// Writes the length into the header. Call it last.
    package mutating func finish() {
        let count = UInt32(bytes.count - FrameHeader.byteCount)
        withUnsafeBytes(of: count.littleEndian) { source in
            for index in 0..<4 { bytes[index] = source[index] }
        }
    }

    package mutating func put(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
    package mutating func put(raw: UnsafeRawBufferPointer) { bytes.append(contentsOf: raw) }
    package mutating func put(raw: [UInt8]) { bytes.append(contentsOf: raw) }

    /// Length, bytes, and a NUL that the length does not count, so that the other side can hand them out in
    /// place.
    package mutating func put(text: String) {
        var text = text
        text.withUTF8 { put(counted: UnsafeRawBufferPointer($0)) }
    }
    package mutating func put(counted: [UInt8]) { counted.withUnsafeBytes { put(counted: $0) } }
    package mutating func put(counted: UnsafeRawBufferPointer) {
        put(UInt32(counted.count))
        bytes.append(contentsOf: counted)
        bytes.append(0)
    }
}
