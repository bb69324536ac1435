package import TenonModel

/// What operators over columns may hold.
package enum ColumnLimits {
    /// Of the values that one aggregation or one group table keeps; also keeps their columns below 2 GiB.
    package static let aggregateBytes = 256 << 20
}

/// Gives each distinct combination of key values a number, in the order in which they come.
package final class GroupTable {
    private let builders: [ColumnBuilder]
    private let table: KeyTable
    private let maxGroups: Int
    private let maxBytes: Int

    package init(
        _ types: [ColumnType], maxGroups: Int = Limits.aggregateGroups,
        maxBytes: Int = ColumnLimits.aggregateBytes
    ) {
        builders = types.map { ColumnBuilder($0) }
        self.maxGroups = maxGroups
        self.maxBytes = maxBytes
        table = KeyTable(maxCount: maxGroups, maxBytes: maxBytes)
    }

    package var count: Int { table.count }

    /// The number of each row's group; `rows` nil means all.
    package func groups(
        of columns: [Column], rows: [Int32]?, rowCount: Int
    ) throws(TenonError) -> [Int32] {
        let count = rows?.count ?? rowCount
        var hasRoom = true
        let numbers = [Int32](unsafeUninitializedCapacity: count) { target, used in
            guard let target = target.baseAddress else { return }
            if let rows {
                hasRoom = rows.withUnsafeBufferPointer { fill(target, columns, $0.baseAddress, count) }
            } else {
                hasRoom = fill(target, columns, nil, count)
            }
            used = hasRoom ? count : 0
        }
        guard hasRoom else {
            throw TenonError(
                .batchLimit,
                "There are more than \(maxGroups) different values to group by, or they have more than "
                    + "\(maxBytes >> 20) MiB; group by fewer or shorter fields.")
        }
        return numbers
    }

    /// The key values of all groups.
    package func keyColumns() -> [Column] { builders.map { $0.finish() } }

    /// False where there is no room for another group.
    private func fill(
        _ target: UnsafeMutablePointer<Int32>, _ columns: [Column], _ rows: UnsafePointer<Int32>?,
        _ count: Int
    ) -> Bool {
        guard columns.count == 1, let column = columns.first else {
            return mixed(target, columns, rows, count)
        }
        let values = column.values.pointer
        switch column.type {
        case .utf8, .json, .binary: return texts(target, column, rows, count)
        case .float32, .float64, .bool, .null: return mixed(target, columns, rows, count)
        default: break
        }
        switch column.type.layout {
        case .fixed(1):
            return words(target, column, rows, count) {
                UInt64(values.load(fromByteOffset: $0, as: UInt8.self))
            }
        case .fixed(2):
            return words(target, column, rows, count) {
                UInt64(values.load(fromByteOffset: $0 &* 2, as: UInt16.self))
            }
        case .fixed(4):
            return words(target, column, rows, count) {
                UInt64(values.load(fromByteOffset: $0 &* 4, as: UInt32.self))
            }
        case .fixed(8):
            return words(target, column, rows, count) {
                values.load(fromByteOffset: $0 &* 8, as: UInt64.self)
            }
        default: return mixed(target, columns, rows, count)
        }
    }

    // MARK: Loops

    private func texts(
        _ target: UnsafeMutablePointer<Int32>, _ column: Column, _ rows: UnsafePointer<Int32>?, _ count: Int
    ) -> Bool {
        let offsets = column.offsets
        let data = (column.data ?? .zeros).pointer
        // Where 16 bytes may be read.
        let safeStart = column.dataRange.upperBound - ShortBytes.maxCount
        let validity = column.validity?.pointer
        return each(target, column, rows, count) { row in
            if let validity, !Bits.isSet(validity, row) { return (0, 0, KeyTable.null) }
            let start = Int(offsets[row])
            let length = Int(offsets[row &+ 1]) &- start
            if length > ShortBytes.maxCount { return nil }
            let tag = UInt32(truncatingIfNeeded: length)
            let (low, high) =
                start <= safeStart
                ? ShortBytes.load(data + start, length) : ShortBytes.loadSlowly(data + start, length)
            return (low, high, tag)
        }
    }

    @inline(__always)
    private func words(
        _ target: UnsafeMutablePointer<Int32>, _ column: Column, _ rows: UnsafePointer<Int32>?, _ count: Int,
        _ load: (Int) -> UInt64
    ) -> Bool {
        let validity = column.validity?.pointer
        return each(target, column, rows, count) { row in
            if let validity, !Bits.isSet(validity, row) { return (0, 0, KeyTable.null) }
            return (load(row), 0, 8)
        }
    }

    /// `key` is nil for a key that is longer than 16 bytes.
    @inline(__always)
    private func each(
        _ target: UnsafeMutablePointer<Int32>, _ column: Column, _ rows: UnsafePointer<Int32>?, _ count: Int,
        _ key: (Int) -> (UInt64, UInt64, UInt32)?
    ) -> Bool {
        let hash = table.hash
        var slots = table.slots
        var mask = table.mask
        for position in 0..<count {
            let row = rows.map { Int($0[position]) } ?? position
            let number: Int32
            let isNew: Bool
            if let (low, high, tag) = key(row) {
                let slot = KeyTable.find(low, high, tag, hash: hash(low, high, tag), slots, mask)
                if slot.pointee.number >= 0 {
                    target[position] = slot.pointee.number
                    continue
                }
                number = table.insert(low, high, tag, at: slot)
                isNew = true
            } else {
                (number, isNew) = table.number(of: column.bytes(at: row))
            }
            guard number >= 0 else { return false }
            target[position] = number
            if isNew {
                builders[0].append(row: row, of: column)
                slots = table.slots
                mask = table.mask
            }
        }
        return true
    }

    private func mixed(
        _ target: UnsafeMutablePointer<Int32>, _ columns: [Column], _ rows: UnsafePointer<Int32>?,
        _ count: Int
    ) -> Bool {
        var key = RowKey(columns)
        for position in 0..<count {
            let row = rows.map { Int($0[position]) } ?? position
            key.make(row)
            let (number, isNew) = key.bytes.withUnsafeBytes { table.number(of: $0) }
            guard number >= 0 else { return false }
            target[position] = number
            if isNew {
                for (builder, column) in zip(builders, columns) { builder.append(row: row, of: column) }
            }
        }
        return true
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
