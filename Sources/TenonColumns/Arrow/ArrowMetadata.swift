internal import TenonBatches

/// The key-value metadata of Arrow schemas: a count, then length and bytes of each key and value.
enum ArrowMetadata {
    static let extensionKey = "ARROW:extension:name"
    /// Names the type that a late column stands for.
    static let lateKey = "tenon.late"

    static func value(of wanted: String, in schema: ArrowSchema) -> String? {
        guard let metadata = schema.metadata else { return nil }
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
        for _ in 0..<max(0, min(number(), 1024)) {
            let key = text()
            let value = text()
            if key == wanted { return value }
        }
        return nil
    }

    /// What a field says of itself besides its format; nil where that is nothing.
    static func of(_ field: Field) -> [UInt8]? {
        var pairs: [(String, String)] = []
        if field.type == .json { pairs = [(extensionKey, "arrow.json"), ("ARROW:extension:metadata", "")] }
        if let late = field.late { pairs.append((lateKey, late.name)) }
        guard !pairs.isEmpty else { return nil }
        func number(_ value: Int) -> [UInt8] {
            withUnsafeBytes(of: Int32(truncatingIfNeeded: value).littleEndian) { Array($0) }
        }
        return pairs.reduce(into: number(pairs.count)) { bytes, pair in
            for text in [pair.0, pair.1] { bytes += number(text.utf8.count) + Array(text.utf8) }
        }
    }
}
