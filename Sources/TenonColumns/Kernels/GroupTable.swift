package import TenonModel

/// Gives each distinct combination of key values a number, in the order in which they come.
package final class GroupTable {
    private let builders: [ColumnBuilder]
    private let maxGroups: Int
    /// Positions in `hashes` + 1; 0 is free. At most half full.
    private var slots = [Int32](repeating: 0, count: 64)
    private var hashes: [UInt64] = []
    /// Where each group's key begins in `keys`.
    private var starts: [Int] = [0]
    private var keys: [UInt8] = []
    private var scratch: [UInt8] = []

    package init(_ types: [ColumnType], maxGroups: Int = Limits.aggregateGroups) {
        builders = types.map { ColumnBuilder($0) }
        self.maxGroups = maxGroups
    }

    package var count: Int { hashes.count }

    /// The number of each row's group; `rows` nil means all.
    package func groups(
        of columns: [Column], rows: [Int32]?, rowCount: Int
    ) throws(TenonError) -> [Int32] {
        var numbers: [Int32] = []
        numbers.reserveCapacity(rows?.count ?? rowCount)
        for position in 0..<(rows?.count ?? rowCount) {
            let row = rows.map { Int($0[position]) } ?? position
            scratch.removeAll(keepingCapacity: true)
            for column in columns { column.appendKey(row: row, to: &scratch) }
            let (number, isNew) = try number(ofKey: scratch)
            if isNew {
                for (builder, column) in zip(builders, columns) { builder.append(row: row, of: column) }
            }
            numbers.append(number)
        }
        return numbers
    }

    /// The key values of all groups.
    package func keyColumns() -> [Column] { builders.map { $0.finish() } }

    func number(ofKey key: [UInt8]) throws(TenonError) -> (Int32, isNew: Bool) {
        let hash = key.withUnsafeBytes { ByteOrder.hash($0) }
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if hashes[number] == hash, isKey(number, equalTo: key) {
                return (Int32(truncatingIfNeeded: number), false)
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        guard hashes.count < maxGroups else {
            throw TenonError(
                .batchLimit,
                "There are more than \(maxGroups) different values to group by; group by fewer fields.")
        }
        hashes.append(hash)
        keys.append(contentsOf: key)
        starts.append(keys.count)
        slots[slot] = Int32(truncatingIfNeeded: hashes.count)
        if hashes.count * 2 > slots.count { grow() }
        return (Int32(truncatingIfNeeded: hashes.count - 1), true)
    }

    private func isKey(_ number: Int, equalTo key: [UInt8]) -> Bool {
        keys.withUnsafeBytes { keys in
            key.withUnsafeBytes { key in
                ByteOrder.isEqual(
                    UnsafeRawBufferPointer(rebasing: keys[starts[number]..<starts[number + 1]]), key)
            }
        }
    }

    private func grow() {
        slots = [Int32](repeating: 0, count: slots.count * 2)
        for (number, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(truncatingIfNeeded: number + 1)
        }
    }
}

extension Column {
    /// Appends bytes that are equal exactly for equal values; each begins with whether there is a value.
    func appendKey(row: Int, to key: inout [UInt8]) {
        guard !isNull(at: row) else { return key.append(0) }
        key.append(1)
        switch type.layout {
        case .none: break
        case .bits: key.append(bool(at: row) ? 1 : 0)
        case .fixed(let width):
            if let reader = FloatReader(self) {
                // -0.0 equals 0.0.
                let value = reader[row] == 0 ? 0 : reader[row]
                withUnsafeBytes(of: value.bitPattern) { key.append(contentsOf: $0) }
            } else {
                let bytes = UnsafeRawBufferPointer(start: values.pointer + row * width, count: width)
                key.append(contentsOf: bytes)
            }
        case .variable:
            let bytes = bytes(at: row)
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: bytes.count)) { key.append(contentsOf: $0) }
            key.append(contentsOf: bytes)
        }
    }
}

extension ColumnBuilder {
    /// Appends the value of a row of a column of the same type.
    package func append(row: Int, of column: Column) {
        if column.isNull(at: row) { return appendNull() }
        switch type.layout {
        case .none: appendNull()
        case .bits: append(column.bool(at: row))
        case .fixed(1): append(fixed: column.pointer(UInt8.self)[row])
        case .fixed(2): append(fixed: column.pointer(UInt16.self)[row])
        case .fixed(4): append(fixed: column.pointer(UInt32.self)[row])
        case .fixed(8): append(fixed: column.pointer(UInt64.self)[row])
        case .fixed: append(decimal: column.decimal(at: row))
        case .variable: append(column.bytes(at: row))
        }
    }
}
