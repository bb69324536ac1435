package import TenonModel

/// What operators over columns may hold.
package enum ColumnLimits {
    /// Of the values that one aggregation or one group table keeps; also keeps their columns below 2 GiB.
    package static let aggregateBytes = 256 << 20
}

/// Gives each distinct combination of key values a number, in the order in which they come.
package final class GroupTable {
    private let builders: [ColumnBuilder]
    private var table: KeyTable

    package init(
        _ types: [ColumnType], maxGroups: Int = Limits.aggregateGroups,
        maxBytes: Int = ColumnLimits.aggregateBytes
    ) {
        builders = types.map { ColumnBuilder($0) }
        table = KeyTable(maxCount: maxGroups, maxBytes: maxBytes)
    }

    package var count: Int { table.count }

    /// The number of each row's group; `rows` nil means all.
    package func groups(
        of columns: [Column], rows: [Int32]?, rowCount: Int
    ) throws(TenonError) -> [Int32] {
        // Taken out while it works: access through the object would be checked for each row.
        var table = KeyTable(maxCount: 0, maxBytes: 0)
        swap(&table, &self.table)
        defer { swap(&table, &self.table) }
        let count = rows?.count ?? rowCount
        var numbers: [Int32] = []
        numbers.reserveCapacity(count)
        var key: [UInt8] = []
        for position in 0..<count {
            let row = rows.map { Int($0[position]) } ?? position
            key.removeAll(keepingCapacity: true)
            for column in columns { column.appendKey(row: row, to: &key) }
            let (number, isNew) = try table.number(ofKey: key)
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
        try table.number(ofKey: key)
    }
}

/// Numbers distinct runs of bytes from 0.
private struct KeyTable {
    private let maxCount: Int
    private let maxBytes: Int
    /// Positions in `hashes` + 1; 0 is free. At most half full.
    private var slots = [Int32](repeating: 0, count: 64)
    private var hashes: [UInt64] = []
    /// Where each key begins in `bytes`.
    private var starts: [Int] = [0]
    private var bytes: [UInt8] = []

    init(maxCount: Int, maxBytes: Int) {
        self.maxCount = maxCount
        self.maxBytes = maxBytes
    }

    var count: Int { hashes.count }

    mutating func number(ofKey key: [UInt8]) throws(TenonError) -> (Int32, isNew: Bool) {
        let hash = key.withUnsafeBytes { ByteOrder.hash($0) }
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let number = slots[slot] - 1
            if hashes[Int(number)] == hash, isKey(Int(number), equalTo: key) { return (number, false) }
            slot = (slot + 1) & mask
        }
        guard hashes.count < maxCount, bytes.count + key.count <= maxBytes else {
            throw TenonError(
                .batchLimit,
                "There are more than \(maxCount) different values to group by, or they have more than "
                    + "\(maxBytes >> 20) MiB; group by fewer or shorter fields.")
        }
        hashes.append(hash)
        bytes.append(contentsOf: key)
        starts.append(bytes.count)
        slots[slot] = Int32(truncatingIfNeeded: hashes.count)
        if hashes.count * 2 > slots.count { grow() }
        return (Int32(truncatingIfNeeded: hashes.count - 1), true)
    }

    private func isKey(_ number: Int, equalTo key: [UInt8]) -> Bool {
        let range = starts[number]..<starts[number + 1]
        return bytes.withUnsafeBytes { bytes in
            key.withUnsafeBytes { ByteOrder.isEqual(UnsafeRawBufferPointer(rebasing: bytes[range]), $0) }
        }
    }

    private mutating func grow() {
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
