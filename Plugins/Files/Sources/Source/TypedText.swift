internal import TenonBatches

/// Reads values of all types from their text; nil and false where it is none of the type.
enum TypedText {
    /// `2.0` and `1e3` are whole numbers too.
    @inline(__always)
    static func int64(_ text: UnsafeRawBufferPointer) -> Int64? {
        if let value = NumberText.int64(text) { return value }
        return whole(text).flatMap { Int64(exactly: $0) }
    }

    /// The number where it is whole, from its digits: a double would round long ones.
    @inline(never)
    private static func whole(_ text: UnsafeRawBufferPointer) -> Int128? {
        guard NumberText.double(text) != nil else { return nil }
        var value: Int128 = 0
        // How many zeros were left out behind the value, and how many digits stand behind the point.
        var (zeroCount, fractionCount, isFraction) = (0, 0, false)
        var position = text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+") ? 1 : 0
        while position < text.count, text[position] | 0x20 != UInt8(ascii: "e") {
            let digit = text[position] &- UInt8(ascii: "0")
            position += 1
            guard digit < 10 else {
                isFraction = true
                continue
            }
            if isFraction { fractionCount += 1 }
            zeroCount += 1
            guard digit != 0 else { continue }
            for _ in 1..<zeroCount where value != 0 {
                guard let longer = appending(0, to: value) else { return nil }
                value = longer
            }
            guard let longer = appending(digit, to: value) else { return nil }
            (value, zeroCount) = (longer, 0)
        }
        guard value != 0 else { return 0 }
        var power = zeroCount - fractionCount
        if position < text.count {
            let exponent = String(decoding: text[(position + 1)...], as: UTF8.self)
            guard let exponent = Int32(exponent) else { return nil }
            power += Int(exponent)
        }
        guard (0...38).contains(power) else { return nil }
        for _ in 0..<power {
            guard let longer = appending(0, to: value) else { return nil }
            value = longer
        }
        return text.first == UInt8(ascii: "-") ? -value : value
    }

    @inline(__always)
    static func double(_ text: UnsafeRawBufferPointer) -> Double? { NumberText.double(text) }

    static func date(_ text: UnsafeRawBufferPointer) -> Int32? { TimeText.date32(text) }
    static func time(_ text: UnsafeRawBufferPointer) -> Int64? { TimeText.time64(text) }

    @inline(__always)
    static func timestamp(_ text: UnsafeRawBufferPointer, isUTC: Bool) -> Int64? {
        TimeText.timestamp(text, isUTC: isUTC)
    }

    /// `true` and `false` in any case.
    static func bool(_ text: UnsafeRawBufferPointer) -> Bool? {
        func matches(_ word: StaticString) -> Bool {
            guard text.count == word.utf8CodeUnitCount else { return false }
            for index in 0..<text.count where text[index] | 0x20 != word.utf8Start[index] { return false }
            return true
        }
        return matches("true") ? true : matches("false") ? false : nil
    }

    /// Appends a value of the writer's type; false, and nothing is appended, where the text is none.
    static func append(_ text: UnsafeRawBufferPointer, to writer: ColumnWriter) -> Bool {
        switch writer.kind {
        case .int64, .int32, .int16, .int8, .uint32, .uint16, .uint8:
            return int64(text).map { writer.append(int64: $0) } ?? false
        case .uint64:
            if let value = NumberText.uint64(text) { return writer.append(uint64: value) }
            return whole(text).flatMap { UInt64(exactly: $0) }.map { writer.append(uint64: $0) } ?? false
        case .float64, .float32: return double(text).map { writer.append(double: $0) } ?? false
        case .bool: return bool(text).map { writer.append(bool: $0) } ?? false
        case .date32: return date(text).map { writer.append(int64: Int64($0)) } ?? false
        case .time64: return time(text).map { writer.append(int64: $0) } ?? false
        case .timestamp(let isUTC):
            return timestamp(text, isUTC: isUTC).map { writer.append(int64: $0) } ?? false
        case .decimal128(_, let scale):
            return decimal(text, scale: scale).map { writer.append(decimal: $0) } ?? false
        case .utf8: return writer.append(bytes: text)
        case .json: return isJSON(text) && writer.append(bytes: text)
        case .binary:
            return Base64.decodeExact(text).map { $0.withUnsafeBytes { writer.append(bytes: $0) } } ?? false
        case .null: return false
        }
    }

    private static func isJSON(_ text: UnsafeRawBufferPointer) -> Bool {
        var scanner = JSONScanner(text)
        do throws(JSONScanError) {
            _ = try scanner.value(maxDepth: maxJSONDepth)
        } catch {
            return false
        }
        return scanner.isAtEnd()
    }

    private static let maxJSONDepth = 128

    /// The number times 10^scale, where that is whole and has at most 38 digits.
    static func decimal(_ text: UnsafeRawBufferPointer, scale: Int) -> Int128? {
        var position = 0
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative || text.first == UInt8(ascii: "+") { position = 1 }
        var value: Int128 = 0
        var fraction = -1
        var digitCount = 0
        while position < text.count {
            let digit = text[position] &- UInt8(ascii: "0")
            if digit < 10 {
                if fraction >= 0 { fraction += 1 }
                digitCount += 1
                // Zeros beyond the scale change nothing.
                if fraction > scale, digit != 0 { return nil }
                if fraction <= scale {
                    guard let longer = appending(digit, to: value) else { return nil }
                    value = longer
                }
            } else if text[position] == UInt8(ascii: "."), fraction < 0 {
                fraction = 0
            } else {
                return nil
            }
            position += 1
        }
        guard digitCount > 0 else { return nil }
        for _ in 0..<max(0, scale - max(0, fraction)) {
            let (product, isLarge) = value.multipliedReportingOverflow(by: 10)
            guard !isLarge else { return nil }
            value = product
        }
        return isNegative ? -value : value
    }

    /// Ten times the value and the digit; nil where that is too large.
    private static func appending(_ digit: UInt8, to value: Int128) -> Int128? {
        let (product, isLarge) = value.multipliedReportingOverflow(by: 10)
        let (sum, isLarger) = product.addingReportingOverflow(Int128(digit))
        return isLarge || isLarger ? nil : sum
    }
}

extension TextSink {
    /// Appends bytes of which 32 beyond `byteCount` can be read; short ones cost two stores.
    @inline(__always)
    mutating func append(short source: UnsafePointer<UInt8>, _ byteCount: Int) {
        let from = UnsafeRawPointer(source)
        let to = UnsafeMutableRawPointer(end)
        to.storeBytes(of: from.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
        if byteCount > 16 {
            if byteCount <= 32 {
                to.storeBytes(
                    of: from.loadUnaligned(fromByteOffset: 16, as: SIMD16<UInt8>.self), toByteOffset: 16,
                    as: SIMD16<UInt8>.self)
            } else {
                to.copyMemory(from: from, byteCount: byteCount)
            }
        }
        finishRow(byteCount)
    }
}
