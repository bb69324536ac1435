internal import TenonBatches
internal import TenonModel

/// Values as text, plain (`12.50`, `2026-01-31`, base64) or as JSON.
extension Column {
    /// `null` in the bytes of a word.
    private static let null: UInt32 = 0x6C6C_756E

    /// The most bytes that writing the value of a row may touch.
    @inline(__always)
    func textRoom(_ row: Int) -> Int {
        guard type.layout == .variable else { return 64 }
        return JSONText.room(Int(offsets[row + 1]) - Int(offsets[row]))
    }

    /// Writes the value of a row as JSON and answers how many bytes it has; nil for a float that is not a
    /// number or infinite.
    @inline(__always)
    func writeJSON(_ row: Int, to target: UnsafeMutablePointer<UInt8>) -> Int? {
        if isNull(at: row) {
            UnsafeMutableRawPointer(target).storeBytes(of: Self.null, as: UInt32.self)
            return 4
        }
        switch type {
        case .float32: if !pointer(Float.self)[row].isFinite { return nil }
        case .float64: if !pointer(Double.self)[row].isFinite { return nil }
        case .utf8: return JSONText.writeQuoted(bytes(at: row), to: target)
        case .json: return Self.write(json: bytes(at: row), to: target)
        case .binary, .decimal128, .date32, .time64, .timestamp:
            target[0] = UInt8(ascii: "\"")
            let count = writeText(row, to: target + 1)
            target[count + 1] = UInt8(ascii: "\"")
            return count + 2
        default: break
        }
        return writeText(row, to: target)
    }

    /// Writes a value that is not null as plain text and answers how many bytes it has.
    func writeText(_ row: Int, to target: UnsafeMutablePointer<UInt8>) -> Int {
        switch type {
        case .null: 0
        case .bool: Self.write(bool(at: row) ? "true" : "false", to: target)
        case .int8: NumberText.write(Int64(pointer(Int8.self)[row]), to: target)
        case .int16: NumberText.write(Int64(pointer(Int16.self)[row]), to: target)
        case .int32: NumberText.write(Int64(pointer(Int32.self)[row]), to: target)
        case .int64: NumberText.write(pointer(Int64.self)[row], to: target)
        case .uint8: NumberText.write(UInt64(pointer(UInt8.self)[row]), to: target)
        case .uint16: NumberText.write(UInt64(pointer(UInt16.self)[row]), to: target)
        case .uint32: NumberText.write(UInt64(pointer(UInt32.self)[row]), to: target)
        case .uint64: NumberText.write(pointer(UInt64.self)[row], to: target)
        case .float32: NumberText.write(pointer(Float.self)[row], to: target)
        case .float64: NumberText.write(pointer(Double.self)[row], to: target)
        case .decimal128(_, let scale):
            Self.write(Decimal128.text(decimal(at: row), scale: scale), to: target)
        case .utf8, .json: Self.copy(bytes(at: row), to: target)
        case .binary: Base64.write(bytes(at: row), to: target)
        case .date32: TimeText.write(date32: pointer(Int32.self)[row], to: target)
        case .time64: TimeText.write(time64: pointer(Int64.self)[row], to: target)
        case .timestamp(let isUTC):
            TimeText.write(timestamp: pointer(Int64.self)[row], isUTC: isUTC, to: target)
        }
    }

    /// Appends the value of a row as JSON text.
    func appendJSON(row: Int, column name: String, to text: inout [UInt8]) throws(TenonError) {
        let room = textRoom(row)
        let result = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: room) { scratch in
            Result { () throws(TenonError) in
                guard let base = scratch.baseAddress else { return }
                guard let count = writeJSON(row, to: base) else { throw notFinite(row, name) }
                text.append(contentsOf: scratch[0..<count])
            }
        }
        try result.get()
    }

    /// Appends a value that is not null as plain text.
    func appendText(row: Int, to text: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: textRoom(row)) { scratch in
            guard let base = scratch.baseAddress else { return }
            text.append(contentsOf: scratch[0..<writeText(row, to: base)])
        }
    }

    func notFinite(_ row: Int, _ name: String) -> TenonError {
        let value = type == .float32 ? Double(pointer(Float.self)[row]) : pointer(Double.self)[row]
        return TenonError(
            .batchLines,
            "The column \"\(name)\" has the value \(value), which JSON cannot carry. Filter such rows.")
    }

    /// Writes JSON text as it is, on one line; what is no JSON after all is written as a string.
    private static func write(
        json: UnsafeRawBufferPointer, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var scanner = JSONScanner(json)
        // `try?`: why it is none matters to nobody here.
        let isJSON = (try? scanner.value(maxDepth: Limits.jsonDepth)) != nil && scanner.isAtEnd()
        guard isJSON else { return JSONText.writeQuoted(json, to: target) }
        let count = copy(json, to: target)
        // Outside of strings, where alone they may stand, line ends mean no more than spaces.
        for index in 0..<count where target[index] == 0x0A || target[index] == 0x0D { target[index] = 0x20 }
        return count
    }

    private static func copy(_ bytes: UnsafeRawBufferPointer, to target: UnsafeMutablePointer<UInt8>) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        UnsafeMutableRawPointer(target).copyMemory(from: base, byteCount: bytes.count)
        return bytes.count
    }

    private static func write(_ text: String, to target: UnsafeMutablePointer<UInt8>) -> Int {
        var count = 0
        for byte in text.utf8 {
            target[count] = byte
            count += 1
        }
        return count
    }
}
