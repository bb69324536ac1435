/// The key-value metadata of Arrow schemas: a count, then length and bytes of each key and value.
enum ArrowMetadata {
    static let extensionKey = "ARROW:extension:name"
    static let jsonExtension = "arrow.json"
    /// The type that the texts of a column stand for.
    static let lateKey = "tenon.late"
    private static let maxPairs = 1024

    static func encode(_ pairs: [(key: String, value: String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ number: Int) {
            withUnsafeBytes(of: Int32(truncatingIfNeeded: number)) { bytes.append(contentsOf: $0) }
        }
        append(pairs.count)
        for pair in pairs {
            for text in [pair.key, pair.value] {
                append(text.utf8.count)
                bytes.append(contentsOf: text.utf8)
            }
        }
        return bytes
    }

    static func decode(_ metadata: UnsafePointer<CChar>?) -> [String: String] {
        guard let metadata else { return [:] }
        var cursor = UnsafeRawPointer(metadata)
        func number() -> Int {
            defer { cursor += 4 }
            return Int(cursor.loadUnaligned(as: Int32.self))
        }
        func text() -> String {
            let count = max(0, number())
            defer { cursor += count }
            return String(decoding: UnsafeRawBufferPointer(start: cursor, count: count), as: UTF8.self)
        }
        var pairs: [String: String] = [:]
        for _ in 0..<max(0, min(number(), maxPairs)) {
            let key = text()
            pairs[key] = text()
        }
        return pairs
    }
}
