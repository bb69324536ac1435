internal import CTenon

extension String {
    init(tenon text: tenon_str_t) {
        let bytes = UnsafeRawBufferPointer(tenon: text)
        self = String(decoding: bytes, as: UTF8.self)
    }
}

extension UnsafeRawBufferPointer {
    init(tenon text: tenon_str_t) {
        self.init(start: text.size == 0 ? nil : UnsafeRawPointer(text.data), count: Int(clamping: text.size))
    }

    init(tenon bytes: tenon_bytes_t) {
        self.init(
            start: bytes.size == 0 ? nil : UnsafeRawPointer(bytes.data), count: Int(clamping: bytes.size))
    }
}

/// Lends `text` to `body` as the ABI wants it.
func withStr<Answer>(_ text: String, _ body: (tenon_str_t) -> Answer) -> Answer {
    var text = text
    return text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
            body(tenon_str_t(data: $0.baseAddress, size: UInt64($0.count)))
        }
    }
}

/// Lends the document to `body` as the ABI wants text.
func withStr<Answer>(_ json: JSONValue, _ body: (tenon_str_t) -> Answer) -> Answer {
    json.bytes.withUnsafeBufferPointer { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
            body(tenon_str_t(data: $0.baseAddress, size: UInt64($0.count)))
        }
    }
}

/// Lends `bytes` to `body` as the ABI wants them.
func withBytes<Answer>(_ bytes: [UInt8], _ body: (tenon_bytes_t) -> Answer) -> Answer {
    bytes.withUnsafeBufferPointer {
        body(tenon_bytes_t(data: $0.baseAddress, size: UInt64($0.count)))
    }
}
