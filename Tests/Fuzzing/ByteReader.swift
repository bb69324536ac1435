/// Takes decisions out of the bytes that libFuzzer makes up; zeros once they are used up.
struct ByteReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

    var isEmpty: Bool { bytes.isEmpty }
    var rest: [UInt8] { Array(bytes) }

    mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

    mutating func number<T: FixedWidthInteger>(_ type: T.Type) -> T {
        (0..<T.bitWidth / 8).reduce(0) { value, index in value | T(truncatingIfNeeded: byte()) << T(8 * index)
        }
    }

    /// As many bytes as a byte says.
    mutating func counted() -> [UInt8] {
        let count = Int(byte())
        defer { bytes = bytes.dropFirst(count) }
        return Array(bytes.prefix(count))
    }

    mutating func choice<T>(_ choices: [T]) -> T { choices[Int(byte()) % choices.count] }
}
