/// The texts of one operand for a run of rows.
package enum TextLane: Sendable {
    /// A column of utf8 with one row for each.
    case each(Column)
    /// The same for every row, as UTF-8.
    case same([UInt8])
}

/// Work on texts over rows. Values of null rows mean nothing.
package enum VectorTexts {
    /// Whether `part` stands in each text.
    package static func holds(_ place: TextPart, _ text: Column, _ part: [UInt8]) -> [Bool] {
        part.withUnsafeBytes { part in
            each(text) { holds(place, $0, part) }
        }
    }

    @inline(__always)
    private static func each<Result: BitwiseCopyable>(
        _ text: Column, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> [Result] {
        [Result](unsafeUninitializedCapacity: text.count) { target, used in
            for row in 0..<text.count { target.initializeElement(at: row, to: body(text.bytes(at: row))) }
            used = text.count
        }
    }

    private static func holds(
        _ place: TextPart, _ text: UnsafeRawBufferPointer, _ part: UnsafeRawBufferPointer
    ) -> Bool {
        guard text.count >= part.count else { return false }
        return switch place {
        case .anywhere: ByteOrder.contains(text, part)
        case .start: ByteOrder.isEqual(UnsafeRawBufferPointer(rebasing: text.prefix(part.count)), part)
        case .end: ByteOrder.isEqual(UnsafeRawBufferPointer(rebasing: text.suffix(part.count)), part)
        }
    }

    /// How many Unicode scalars each text has.
    package static func scalarCounts(_ text: Column) -> [Int64] {
        each(text) { bytes in
            var count: Int64 = 0
            for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
            return count
        }
    }

    /// Which texts have more than so many bytes; nil: none.
    package static func longer(than limit: Int, _ text: Column) -> RowMask? {
        let mask = each(text) { $0.count > limit }
        return mask.contains(true) ? mask : nil
    }

    /// Texts with ASCII letters in the other case; nil where they are too much.
    package static func ascii(_ text: Column, isUpper: Bool, _ budget: inout TextBudget) -> Column? {
        let first = UInt8(ascii: isUpper ? "a" : "A")
        var changed: [UInt8] = []
        return made(of: text, &budget) { bytes, builder in
            changed.removeAll(keepingCapacity: true)
            for byte in bytes { changed.append(byte &- first < 26 ? byte ^ 0x20 : byte) }
            return changed.withUnsafeBytes { builder.append($0) }
        }
    }

    /// A text of the same length for each row that is not null; nil where all of them are too much.
    private static func made(
        of text: Column, _ budget: inout TextBudget,
        _ append: (UnsafeRawBufferPointer, ColumnBuilder) -> Bool
    ) -> Column? {
        let builder = ColumnBuilder(.utf8)
        for row in 0..<text.count {
            if text.isNull(at: row) {
                builder.appendNull()
            } else if !budget.take(text.bytes(at: row).count) || !append(text.bytes(at: row), builder) {
                return nil
            }
        }
        return builder.finish()
    }

    /// Two texts, one after the other; null where one is. Nil where that is too much.
    package static func joined(
        _ left: TextLane, _ right: TextLane, count: Int, _ budget: inout TextBudget
    ) -> Column? {
        let builder = ColumnBuilder(.utf8)
        var joined: [UInt8] = []
        for row in 0..<count {
            joined.removeAll(keepingCapacity: true)
            guard append(left, row, to: &joined), append(right, row, to: &joined) else {
                builder.appendNull()
                continue
            }
            guard budget.take(joined.count), joined.withUnsafeBytes({ builder.append($0) as Bool }) else {
                return nil
            }
        }
        return builder.finish()
    }

    /// False where it is null.
    private static func append(_ lane: TextLane, _ row: Int, to text: inout [UInt8]) -> Bool {
        switch lane {
        case .same(let bytes): text += bytes
        case .each(let column):
            if column.isNull(at: row) { return false }
            text += column.bytes(at: row)
        }
        return true
    }
}

extension VectorTexts {
    /// Of each row the first or the second text. Nil where that is too much. What stands in rows that are null
    /// means nothing.
    package static func picked(
        _ takesFirst: [Bool], _ first: TextLane, _ second: TextLane, _ budget: inout TextBudget
    ) -> Column? {
        let builder = ColumnBuilder(.utf8)
        for row in takesFirst.indices {
            let isTaken =
                switch takesFirst[row] ? first : second {
                case .same(let bytes):
                    budget.take(bytes.count) && bytes.withUnsafeBytes { builder.append($0) as Bool }
                case .each(let column): append(column, row, to: builder, &budget)
                }
            if !isTaken { return nil }
        }
        return builder.finish()
    }

    private static func append(
        _ column: Column, _ row: Int, to builder: ColumnBuilder, _ budget: inout TextBudget
    ) -> Bool {
        guard !column.isNull(at: row) else {
            builder.appendNull()
            return true
        }
        let bytes = column.bytes(at: row)
        return budget.take(bytes.count) && builder.append(bytes) as Bool
    }
}
