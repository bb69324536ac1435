internal import TenonBatches

/// The bytes of a field.
struct FieldText {
    let start: UnsafePointer<UInt8>
    let count: Int
    let isNull: Bool

    @inline(__always)
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }
}

/// Looks up the fields of an indexed block; only for loops, without any check.
struct CSVFields {
    let bytes: UnsafePointer<UInt8>
    let separators: UnsafeMutablePointer<UInt32>
    let quote: UInt8
    let hasQuotes: Bool
    let trimsSpace: Bool
    /// Unquoted fields are what stands between their separators, and null where that is nothing.
    let isSimple: Bool
    /// nil: only the empty field is null.
    let nullText: TextLiteral?
    /// Of a record: the only field that a carriage return may follow.
    let lastField: Int
    /// Room for the text of any field of the block without its doubled quotes.
    let scratch: UnsafeMutablePointer<UInt8>

    /// Field `field` of the record whose first one is `row`, as it stands in the file.
    @inline(__always)
    func raw(_ row: UInt32, _ field: Int) -> (start: Int, end: Int) {
        let place = Int(row) &+ field
        let start = Int(separators[place &- 1] &+ 1)
        var end = Int(separators[place])
        if field == lastField, end > start, bytes[end &- 1] == UInt8(ascii: "\r") { end &-= 1 }
        return (start, end)
    }

    /// The value of a field; it may lie in `scratch` until the next one.
    @inline(__always)
    func text(_ row: UInt32, _ field: Int) -> FieldText {
        let (start, end) = raw(row, field)
        if isSimple, !hasQuotes || bytes[start] != quote {
            return FieldText(start: bytes + start, count: end &- start, isNull: start == end)
        }
        return careful(start, end)
    }

    @inline(never)
    private func careful(_ from: Int, _ to: Int) -> FieldText {
        var (start, end) = (from, to)
        if trimsSpace {
            while start < end, Self.isSpace(bytes[start]) { start += 1 }
            while start < end, Self.isSpace(bytes[end - 1]) { end -= 1 }
        }
        if hasQuotes, start < end, bytes[start] == quote { return unquoted(start + 1, end - 1) }
        let isNull = start == end || nullText?.equals(bytes + start, end - start) ?? false
        return FieldText(start: bytes + start, count: end - start, isNull: isNull)
    }

    private func unquoted(_ start: Int, _ end: Int) -> FieldText {
        let inner = UnsafeRawBufferPointer(start: bytes + start, count: max(0, end - start))
        guard ByteSearch.first(quote, in: inner) != nil else {
            return FieldText(start: bytes + start, count: inner.count, isNull: false)
        }
        let count = CSVText.unquote(inner, quote: quote, to: scratch)
        return FieldText(start: UnsafePointer(scratch), count: count, isNull: false)
    }

    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
