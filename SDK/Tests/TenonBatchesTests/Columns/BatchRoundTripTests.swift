import TenonBatches
import Testing

/// One value of a column, for comparing.
enum Sample: Equatable {
    case null, int(Int64), uint(UInt64), double(Double), bool(Bool), decimal(Int128), text(String)
}

extension ColumnWriter {
    @discardableResult
    func append(_ sample: Sample) -> Bool {
        switch sample {
        case .null:
            appendNull()
            return true
        case .int(let value): return append(int64: value)
        case .uint(let value): return append(uint64: value)
        case .double(let value): return append(double: value)
        case .bool(let value): return append(bool: value)
        case .decimal(let value): return append(decimal: value)
        case .text(let value): return append(text: value)
        }
    }
}

extension ColumnView {
    func sample(_ row: Int) -> Sample {
        if isNull(row) { return .null }
        switch kind {
        case .null: return .null
        case .bool: return .bool(bool(row))
        case .uint64: return .uint(uint64(row))
        case .float32, .float64: return .double(double(row))
        case .decimal128: return .decimal(decimal(row))
        case .utf8, .binary, .json: return .text(string(row))
        default: return .int(int64(row))
        }
    }
}

@Suite struct BatchRoundTripTests {
    struct Column: Sendable, CustomTestStringConvertible {
        let kind: ColumnKind
        let values: [Sample]
        var testDescription: String { kind.name }

        init(_ kind: ColumnKind, _ values: [Sample]) {
            self.kind = kind
            self.values = values
        }
    }

    static let columns: [Column] = [
        Column(.bool, [.bool(true), .bool(false)]), Column(.int8, [.int(-128), .int(127)]),
        Column(.int16, [.int(-32768), .int(32767)]),
        Column(.int32, [.int(Int64(Int32.min)), .int(Int64(Int32.max))]),
        Column(.int64, [.int(.min), .int(.max)]), Column(.uint8, [.int(0), .int(255)]),
        Column(.uint16, [.int(65535)]),
        Column(.uint32, [.int(Int64(UInt32.max))]), Column(.uint64, [.uint(.max), .uint(1)]),
        Column(.float32, [.double(1.5), .double(-0.0), .double(.infinity)]),
        Column(.float64, [.double(0.1), .double(-1e300)]),
        Column(
            .decimal128(precision: 38, scale: 2),
            [.decimal(-1), .decimal(99_999_999_999_999_999_999_999_999_999_999_999_999)]),
        Column(.utf8, [.text(""), .text("käse 😀"), .text(String(repeating: "long ", count: 50))]),
        Column(.binary, [.text("\0\u{1}"), .text("")]), Column(.json, [.text("{\"a\":[1]}"), .text("null")]),
        Column(.date32, [.int(-1), .int(20_000)]), Column(.time64, [.int(86_399_999_999)]),
        Column(.timestamp(isUTC: true), [.int(.min), .int(0)]), Column(.timestamp(isUTC: false), [.int(-1)]),
        Column(.null, []),
    ]

    private func export(_ writer: inout BatchWriter) -> UnsafeMutablePointer<ArrowArray> {
        let array = UnsafeMutablePointer<ArrowArray>.allocate(capacity: 1)
        writer.export(to: array)
        return array
    }

    private func release(_ array: UnsafeMutablePointer<ArrowArray>) {
        array.pointee.release(array)
        #expect(array.pointee.release == nil)
        array.deallocate()
    }

    /// `count` values of the column's, every third of them null if asked for.
    private func samples(_ column: Column, _ count: Int, hasNulls: Bool) -> [Sample] {
        (0..<count).map { row in
            column.values.isEmpty || hasNulls && row % 3 == 1
                ? .null : column.values[row % column.values.count]
        }
    }

    @Test(arguments: columns, [0, 1, 7, 64, 1000])
    func `every kind comes back as it was written, whole and in slices`(_ column: Column, _ count: Int) throws
    {
        let schema = BatchSchema([ColumnDescription("x", column.kind), ColumnDescription("k", .int64)])
        var writer = BatchWriter(schema)
        // Twice, so that buffers that were used before are clean.
        for hasNulls in [true, false, true] {
            let values = samples(column, count, hasNulls: hasNulls)
            for (row, value) in values.enumerated() {
                #expect(writer.columns[0].append(value))
                writer.columns[1].append(int64: Int64(row))
            }
            let array = export(&writer)
            #expect(writer.rowCount == 0 && writer.byteCount <= 8)
            let view = try BatchView(array, schema: schema)
            #expect(view.rowCount == count)
            #expect((0..<count).map { view.columns[0].sample($0) } == values)
            #expect(view.columns[0].nullCount == values.count { $0 == .null } || column.kind == .null)
            try checkSlices(array, schema, values)
            release(array)
        }
    }

    private func checkSlices(
        _ array: UnsafeMutablePointer<ArrowArray>, _ schema: BatchSchema, _ values: [Sample]
    ) throws {
        for start in [1, 5, 63, 500] where start < values.count {
            // An offset of the batch, and one of the column alone.
            let length = values.count - start
            array.pointee.offset = Int64(start)
            array.pointee.length = Int64(length)
            var view = try BatchView(array, schema: schema)
            #expect((0..<length).map { view.columns[0].sample($0) } == Array(values[start...]))
            #expect(view.columns[1].int64(0) == Int64(start))
            array.pointee.offset = 0
            array.pointee.children[0]?.pointee.offset = Int64(start)
            array.pointee.children[0]?.pointee.length = Int64(length)
            view = try BatchView(array, schema: schema)
            #expect((0..<length).map { view.columns[0].sample($0) } == Array(values[start...]))
            #expect(view.columns[1].int64(0) == 0)
            array.pointee.length = Int64(values.count)
            #expect(throws: BatchError.self) { try BatchView(array, schema: schema) }
            array.pointee.children[0]?.pointee.offset = 0
            array.pointee.children[0]?.pointee.length = Int64(values.count)
        }
    }

    @Test(arguments: columns) func `rows are taken back at any place`(_ column: Column) throws {
        let schema = BatchSchema([ColumnDescription("x", column.kind)])
        for keep in [0, 1, 8, 9, 99] {
            var writer = BatchWriter(schema)
            let values = samples(column, 100, hasNulls: true)
            for value in values { writer.columns[0].append(value) }
            writer.truncate(to: keep)
            let again = samples(column, 100, hasNulls: false)
            for value in again { writer.columns[0].append(value) }
            let array = export(&writer)
            let view = try BatchView(array, schema: schema)
            #expect((0..<view.rowCount).map { view.columns[0].sample($0) } == values[0..<keep] + again)
            release(array)
        }
    }

    @Test func `a value beyond its kind is refused and leaves no trace`() {
        let misfits: [(ColumnKind, Sample)] = [
            (.int8, .int(128)), (.uint8, .int(-1)), (.uint64, .int(-1)), (.int64, .uint(.max)),
            (.int32, .double(1)),
            (.float32, .double(1e300)), (.bool, .int(1)), (.utf8, .int(1)), (.int64, .text("1")),
            (.date32, .int(1 << 31)),
            (.decimal128(precision: 4, scale: 2), .decimal(10_000)),
            (.decimal128(precision: 4, scale: 2), .decimal(-10_000)),
            (.null, .int(1)), (.null, .text("")),
        ]
        for (kind, value) in misfits {
            let writer = ColumnWriter(kind)
            #expect(!writer.append(value), "\(kind)")
            #expect(writer.rowCount == 0)
        }
    }

    @Test func `sinks write the same as the checked functions`() throws {
        let schema = BatchSchema([ColumnDescription("t", .utf8), ColumnDescription("n", .float64)])
        var writer = BatchWriter(schema)
        let texts = (0..<300).map { String(repeating: "ab", count: $0 % 40) }
        let room = texts.joined().utf8.count
        #expect(writer.columns[0].reserve(rows: texts.count, bytes: room))
        writer.columns[0].withTextSink { sink in
            for (row, text) in texts.enumerated() {
                var bytes = Array(text.utf8)
                if row % 3 < 2 { sink.append(&bytes, bytes.count) } else { sink.appendNull() }
            }
        }
        writer.columns[1].reserve(rows: 300)
        writer.columns[1].withFixedSink(of: Double.self) { sink in
            for row in 0..<300 { if row % 2 == 0 { sink.append(Double(row)) } else { sink.appendNull(0) } }
        }
        let array = export(&writer)
        let view = try BatchView(array, schema: schema)
        for row in 0..<300 {
            #expect(view.columns[0].sample(row) == (row % 3 == 2 ? .null : .text(texts[row])))
            #expect(view.columns[1].sample(row) == (row % 2 == 1 ? .null : .double(Double(row))))
        }
        #expect(view.columns[0].nullCount == 100 && view.columns[1].nullCount == 150)
        release(array)
    }

    @Test func `a column that was moved out lives on`() {
        let schema = BatchSchema([ColumnDescription("t", .utf8), ColumnDescription("n", .int64)])
        var writer = BatchWriter(schema)
        writer.columns[0].append(text: "kept")
        writer.columns[1].append(int64: 7)
        let array = export(&writer)
        guard let first = array.pointee.children[0] else { return }
        var moved = first.pointee
        first.pointee.release = nil
        release(array)
        let data = moved.buffers[2].map { UnsafeRawBufferPointer(start: $0, count: 4) }
        #expect(data.map { String(decoding: $0, as: UTF8.self) } == "kept")
        moved.release(&moved)
    }

    @Test func `batches are released on other threads while new ones are made`() async throws {
        let schema = BatchSchema([ColumnDescription("t", .utf8)])
        struct Moved: @unchecked Sendable {
            // Unchecked: only the task that gets it touches it.
            let array: UnsafeMutablePointer<ArrowArray>
        }
        await withTaskGroup(of: Void.self) { group in
            var writer = BatchWriter(schema)
            for round in 0..<50 {
                for _ in 0..<2000 { writer.columns[0].append(text: "round \(round)") }
                let moved = Moved(array: export(&writer))
                group.addTask {
                    guard let view = try? BatchView(moved.array, schema: schema) else { return }
                    #expect((0..<2000).allSatisfy { view.columns[0].string($0) == "round \(round)" })
                    moved.array.pointee.release(moved.array)
                    moved.array.deallocate()
                }
            }
        }
    }
}
