internal import TenonBatches
internal import TenonModel

/// Layouts that are turned into others.
extension ArrowReader {
    func large(_ slice: ArrowSlice, _ type: ColumnType) throws(TenonError) -> Column {
        let (validity, nullCount) = try self.validity(slice)
        let offsets = try buffer(slice, 1)
        let data = slice.array.n_buffers > 2 ? slice.array.buffers?[2] : nil
        return try collect(slice, type, validity, nullCount) { (row) throws(TenonError) in
            let start = offsets.loadUnaligned(fromByteOffset: row * 8, as: Int64.self)
            let end = offsets.loadUnaligned(fromByteOffset: row * 8 + 8, as: Int64.self)
            guard start >= 0, start <= end else {
                throw broken("has offsets that are negative or run backwards")
            }
            guard start < end else { return UnsafeRawBufferPointer(start: nil, count: 0) }
            guard let data else { throw broken("has offsets beyond its data") }
            return UnsafeRawBufferPointer(start: data + Int(start), count: Int(end - start))
        }
    }

    func view(_ slice: ArrowSlice, _ type: ColumnType) throws(TenonError) -> Column {
        let (validity, nullCount) = try self.validity(slice)
        let views = try buffer(slice, 1)
        let bufferCount = Int(slice.array.n_buffers)
        guard bufferCount >= 3, let buffers = slice.array.buffers else {
            throw broken("has too few buffers for views")
        }
        let sizes = buffers[bufferCount - 1]
        return try collect(slice, type, validity, nullCount) { (row) throws(TenonError) in
            let view = views + row * 16
            let count = Int(view.loadUnaligned(as: Int32.self))
            guard count >= 0 else { throw broken("has a view of negative length") }
            if count <= 12 { return UnsafeRawBufferPointer(start: view + 4, count: count) }
            let index = Int(view.loadUnaligned(fromByteOffset: 8, as: Int32.self))
            let start = Int(view.loadUnaligned(fromByteOffset: 12, as: Int32.self))
            guard index >= 0, index < bufferCount - 3, start >= 0, let data = buffers[index + 2], let sizes
            else {
                throw broken("has a view into a buffer that does not exist")
            }
            guard Int64(start + count) <= sizes.loadUnaligned(fromByteOffset: index * 8, as: Int64.self)
            else {
                throw broken("has a view beyond its buffer")
            }
            return UnsafeRawBufferPointer(start: data + start, count: count)
        }
    }

    func dictionary(_ slice: ArrowSlice, _ index: ColumnType, _ values: ArrowLayout) throws(TenonError)
        -> Column
    {
        guard let dictionary = slice.array.dictionary?.pointee else { throw broken("has no dictionary") }
        guard (0...Int64(Int32.max)).contains(dictionary.length) else {
            throw broken("has a dictionary of \(dictionary.length) values")
        }
        let count = Int(dictionary.length)
        let words = try column(dictionary, values, rows: 0..<count)
        let (validity, _) = try self.validity(slice)
        let indices = try buffer(slice, 1)
        var rows: [Int32] = []
        rows.reserveCapacity(slice.count)
        for row in 0..<slice.count {
            if let validity, !Bits.isSet(validity.pointer, row) {
                rows.append(-1)
                continue
            }
            let position = Self.integer(indices, slice.start + row, index)
            guard let position, (0..<count).contains(position) else {
                throw broken("has an index beyond its dictionary")
            }
            rows.append(Int32(truncatingIfNeeded: position))
        }
        return words.gathered(rows)
    }

    private static func integer(_ values: UnsafeRawPointer, _ row: Int, _ type: ColumnType) -> Int? {
        switch type {
        case .int8: Int(values.load(fromByteOffset: row, as: Int8.self))
        case .uint8: Int(values.load(fromByteOffset: row, as: UInt8.self))
        case .int16: Int(values.loadUnaligned(fromByteOffset: row * 2, as: Int16.self))
        case .uint16: Int(values.loadUnaligned(fromByteOffset: row * 2, as: UInt16.self))
        case .int32: Int(values.loadUnaligned(fromByteOffset: row * 4, as: Int32.self))
        case .uint32: Int(values.loadUnaligned(fromByteOffset: row * 4, as: UInt32.self))
        case .int64: Int(values.loadUnaligned(fromByteOffset: row * 8, as: Int64.self))
        default: Int(exactly: values.loadUnaligned(fromByteOffset: row * 8, as: UInt64.self))
        }
    }

    /// Copies the bytes of row after row.
    private func collect(
        _ slice: ArrowSlice, _ type: ColumnType, _ validity: Buffer?, _ nullCount: Int,
        _ bytes: (Int) throws(TenonError) -> UnsafeRawBufferPointer
    ) throws(TenonError) -> Column {
        let builder = ColumnBuilder(type)
        for row in 0..<slice.count {
            if let validity, !Bits.isSet(validity.pointer, row) {
                builder.appendNull()
                continue
            }
            guard builder.append(try bytes(slice.start + row)) else {
                throw broken("has more than 2 GiB of data")
            }
        }
        let built = builder.finish()
        if type != .binary {
            try ColumnCheck.text(
                built.offsets, count: built.count, data: (built.data ?? .zeros).pointer, column: column)
        }
        return built
    }

    // MARK: Nested

    func structure(_ slice: ArrowSlice, _ members: [ArrowMember]) throws(TenonError) -> Column {
        let (validity, _) = try self.validity(slice)
        guard slice.array.n_children == members.count else {
            throw broken("has the wrong number of children")
        }
        var parts: [Column] = []
        for (index, member) in members.enumerated() {
            guard let child = slice.array.children?[index]?.pointee else { throw broken("lacks a child") }
            parts.append(try column(child, member.layout, rows: slice.start..<slice.start + slice.count))
        }
        let keys = members.map { JSONText.quoted($0.name) + ":" }
        return try json(slice.count, validity) { (row, text) throws(TenonError) in
            text.append(UInt8(ascii: "{"))
            for (index, part) in parts.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                text.append(contentsOf: keys[index].utf8)
                try part.appendJSON(row: row, column: column, to: &text)
            }
            text.append(UInt8(ascii: "}"))
        }
    }

    func list(_ slice: ArrowSlice, _ element: ArrowLayout, isLarge: Bool) throws(TenonError) -> Column {
        let (validity, _) = try self.validity(slice)
        let offsets = try buffer(slice, 1)
        func offset(_ row: Int) -> Int {
            isLarge
                ? Int(offsets.loadUnaligned(fromByteOffset: row * 8, as: Int64.self))
                : Int(offsets.loadUnaligned(fromByteOffset: row * 4, as: Int32.self))
        }
        guard let child = slice.array.children?[0]?.pointee, slice.array.n_children == 1 else {
            throw broken("lacks the elements of its lists")
        }
        let first = slice.count == 0 ? 0 : offset(slice.start)
        let last = slice.count == 0 ? 0 : offset(slice.start + slice.count)
        guard first >= 0, first <= last, last <= child.length else {
            throw broken("has lists beyond their elements")
        }
        let elements = try column(child, element, rows: first..<last)
        return try json(slice.count, validity) { (row, text) throws(TenonError) in
            let start = offset(slice.start + row)
            let end = offset(slice.start + row + 1)
            guard start >= first, start <= end, end <= last else {
                throw broken("has offsets that run backwards")
            }
            text.append(UInt8(ascii: "["))
            for index in start..<end {
                if index > start { text.append(UInt8(ascii: ",")) }
                try elements.appendJSON(row: index - first, column: column, to: &text)
            }
            text.append(UInt8(ascii: "]"))
        }
    }

    private func json(
        _ count: Int, _ validity: Buffer?, _ append: (Int, inout [UInt8]) throws(TenonError) -> Void
    ) throws(TenonError) -> Column {
        let builder = ColumnBuilder(.json)
        var text: [UInt8] = []
        for row in 0..<count {
            if let validity, !Bits.isSet(validity.pointer, row) {
                builder.appendNull()
                continue
            }
            text.removeAll(keepingCapacity: true)
            try append(row, &text)
            guard text.withUnsafeBytes({ builder.append($0) }) else {
                throw broken("has more than 2 GiB of data")
            }
        }
        return builder.finish()
    }
}
