import TenonBatches
import Testing

@Suite struct BatchSchemaTests {
    private static let kinds: [ColumnKind] = [
        .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float32, .float64,
        .decimal128(precision: 10, scale: 2), .utf8, .binary, .date32, .time64, .timestamp(isUTC: true),
        .timestamp(isUTC: false), .null, .json,
    ]

    @Test func `names and formats name the kind`() {
        for kind in Self.kinds {
            #expect(ColumnKind(name: kind.name) == kind)
            #expect(ColumnKind(arrowFormat: kind.arrowFormat, isJSON: kind == .json) == kind)
        }
        #expect(ColumnKind(name: "Timestamp( us , UTC )") == .timestamp(isUTC: true))
        #expect(ColumnKind(name: "decimal128(38,0)") == .decimal128(precision: 38, scale: 0))
        for name in ["", "int", "decimal128(39, 0)", "decimal128(4, 5)", "decimal128(1)", "utf8 view"] {
            #expect(ColumnKind(name: name) == nil)
        }
        for format in ["", "U", "vu", "d:39,0", "d:5,2,256", "tss:", "tsu:Europe/Berlin", "+l"] {
            #expect(ColumnKind(arrowFormat: format) == nil)
        }
        #expect(ColumnKind(arrowFormat: "d:5,2,128") == .decimal128(precision: 5, scale: 2))
    }

    @Test func `a schema comes back with everything it says`() throws {
        var columns = Self.kinds.enumerated().map { index, kind in
            ColumnDescription("spalte \(index) ä", kind, isNullable: index % 2 == 0)
        }
        columns.append(ColumnDescription("late text", .utf8, late: .float64))
        columns.append(ColumnDescription("late token", .json, late: .decimal128(precision: 4, scale: 1)))
        let schema = BatchSchema(columns)
        var arrow = ArrowSchema()
        schema.export(to: &arrow)
        #expect(try BatchSchema(importing: &arrow) == schema)
        #expect(schema.index(of: "late token") == columns.count - 1 && schema.index(of: "none") == nil)
        arrow.release(&arrow)
        #expect(arrow.release == nil)
    }

    @Test func `what is no struct of known columns is refused by name`() {
        var arrow = ArrowSchema()
        #expect(throws: BatchError.self) { try BatchSchema(importing: &arrow) }
        BatchSchema([ColumnDescription("good", .int64), ColumnDescription("bad", .int64)]).export(to: &arrow)
        "+l".withCString { format in
            let before = arrow.children[1]!.pointee.format
            arrow.children[1]?.pointee.format = format
            let error = #expect(throws: BatchError.self) { try BatchSchema(importing: &arrow) }
            #expect(error?.column == "bad")
            arrow.children[1]?.pointee.format = before
        }
        arrow.release(&arrow)
    }

    @Test func `a batch that contradicts its schema is refused`() {
        var writer = BatchWriter(BatchSchema([ColumnDescription("a", .int64)]))
        writer.columns[0].append(int64: 1)
        var array = ArrowArray()
        writer.export(to: &array)
        for columns in [
            [], [ColumnDescription("a", .utf8)],
            [ColumnDescription("a", .int64), ColumnDescription("b", .null)],
        ] {
            #expect(throws: BatchError.self) { try BatchView(&array, schema: BatchSchema(columns)) }
        }
        array.length = 2
        #expect(throws: BatchError.self) {
            try BatchView(&array, schema: BatchSchema([ColumnDescription("a", .int64)]))
        }
        array.release(&array)
    }
}
