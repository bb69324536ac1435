import CTenon
import TenonColumns
import TenonModel
import Testing

@Suite struct ArrowTests {
    @Test func `what is exported imports as the same records without a copy`() throws {
        let batch = try Samples.allTypes()
        var schema = ArrowSchema()
        var array = ArrowArray()
        batch.schema.export(to: &schema)
        batch.export(to: &array)
        defer { schema.release(&schema) }
        let imported = try Batch(importing: &array, schema: ArrowImport(&schema))
        #expect(array.release == nil)
        #expect(imported.schema == batch.schema)
        #expect(try text(imported) == text(batch))
        #expect(imported.columns[4].values.pointer == batch.columns[4].values.pointer)
    }

    @Test func `releasing an exported batch lets go of its columns`() throws {
        var array = ArrowArray()
        weak var column: Column?
        do {
            let batch = try Samples.allTypes()
            column = batch.columns[0]
            batch.export(to: &array)
        }
        #expect(column != nil)
        array.release(&array)
        #expect(column == nil)
        #expect(array.release == nil)
    }

    // MARK: Sources' own layouts

    /// Builds arrays by hand; what they point at lives as long as the test's arrays do.
    private final class Source {
        var keep: [UnsafeMutableRawPointer] = []
        deinit { keep.forEach { $0.deallocate() } }

        func buffer<T>(_ values: [T]) -> UnsafeRawPointer? {
            let bytes = values.count * MemoryLayout<T>.stride
            let pointer = UnsafeMutableRawPointer.allocate(byteCount: bytes + 8, alignment: 16)
            values.withUnsafeBytes {
                if let base = $0.baseAddress { pointer.copyMemory(from: base, byteCount: bytes) }
            }
            keep.append(pointer)
            return UnsafeRawPointer(pointer)
        }
        func text(_ text: String) -> UnsafePointer<CChar>? {
            buffer(text.utf8.map { CChar(bitPattern: $0) } + [0])?.assumingMemoryBound(to: CChar.self)
        }
        func pointer<T>(_ value: T) -> UnsafeMutablePointer<T> {
            let pointer = UnsafeMutablePointer<T>.allocate(capacity: 1)
            pointer.initialize(to: value)
            keep.append(UnsafeMutableRawPointer(pointer))
            return pointer
        }
        func pointers<T>(_ values: [T]) -> UnsafeMutablePointer<UnsafeMutablePointer<T>?> {
            let pointers = UnsafeMutablePointer<UnsafeMutablePointer<T>?>.allocate(
                capacity: max(1, values.count))
            for (index, value) in values.enumerated() { pointers[index] = pointer(value) }
            keep.append(UnsafeMutableRawPointer(pointers))
            return pointers
        }
        func schema(
            _ format: String, _ name: String = "x", children: [ArrowSchema] = [],
            dictionary: ArrowSchema? = nil
        )
            -> ArrowSchema
        {
            var schema = ArrowSchema()
            schema.format = text(format)
            schema.name = text(name)
            schema.flags = 2
            schema.n_children = Int64(children.count)
            schema.children = pointers(children)
            schema.dictionary = dictionary.map { pointer($0) }
            schema.release = { $0?.pointee.release = nil }
            return schema
        }
        func array(
            _ length: Int, _ buffers: [UnsafeRawPointer?], offset: Int = 0, nulls: Int = 0,
            children: [ArrowArray] = [],
            dictionary: ArrowArray? = nil
        ) -> ArrowArray {
            var array = ArrowArray()
            array.length = Int64(length)
            array.null_count = Int64(nulls)
            array.offset = Int64(offset)
            array.n_buffers = Int64(buffers.count)
            let list = UnsafeMutablePointer<UnsafeRawPointer?>.allocate(capacity: max(1, buffers.count))
            for (index, buffer) in buffers.enumerated() { list[index] = buffer }
            keep.append(UnsafeMutableRawPointer(list))
            array.buffers = list
            array.n_children = Int64(children.count)
            array.children = pointers(children)
            array.dictionary = dictionary.map { pointer($0) }
            array.release = { $0?.pointee.release = nil }
            return array
        }
        func lines(_ schema: ArrowSchema, _ array: ArrowArray, rows: Int) throws -> [String] {
            var top = self.schema("+s", "", children: [schema])
            var batch = self.array(rows, [nil], children: [array])
            let imported = try Batch(importing: &batch, schema: ArrowImport(&top))
            #expect(batch.release == nil)
            return try TenonColumnsTests.text(imported).split(separator: "\n").map(String.init)
        }
    }

    @Test func `large text with an offset becomes text`() throws {
        let source = Source()
        let array = source.array(
            2,
            [
                source.buffer([UInt8(0b0000_0101)]), source.buffer([Int64(0), 1, 3, 6]),
                source.buffer(Array("abbccc".utf8)),
            ],
            offset: 1, nulls: 1)
        #expect(try source.lines(source.schema("U"), array, rows: 2) == ["{\"x\":null}", "{\"x\":\"ccc\"}"])
    }

    @Test func `views become text`() throws {
        let source = Source()
        let long = "a text of more than twelve bytes"
        var views: [UInt8] = []
        func add(_ number: Int) { withUnsafeBytes(of: Int32(number)) { views += $0 } }
        add(3)
        views += Array("abc".utf8) + [UInt8](repeating: 0, count: 9)
        add(long.utf8.count)
        views += Array("a te".utf8)
        add(0)
        add(2)
        let array = source.array(
            2,
            [
                nil, source.buffer(views), source.buffer(Array("xx\(long)".utf8)),
                source.buffer([Int64(2 + long.utf8.count)]),
            ])
        #expect(
            try source.lines(source.schema("vu"), array, rows: 2) == [
                "{\"x\":\"abc\"}", "{\"x\":\"\(long)\"}",
            ])
        let short = source.array(
            2, [nil, source.buffer(views), source.buffer(Array("xx".utf8)), source.buffer([Int64(2)])])
        #expect(throws: TenonError.self) { _ = try source.lines(source.schema("vu"), short, rows: 2) }
    }

    @Test func `dictionaries become their values`() throws {
        let source = Source()
        let words = source.array(
            2, [nil, source.buffer([Int32(0), 3, 5]), source.buffer(Array("redtw".utf8))])
        let schema = source.schema("c", dictionary: source.schema("u"))
        let validity = source.buffer([UInt8(0b101)])
        let array = source.array(
            3, [validity, source.buffer([Int8(1), 99, 0])], nulls: 1, dictionary: words)
        #expect(
            try source.lines(schema, array, rows: 3) == ["{\"x\":\"tw\"}", "{\"x\":null}", "{\"x\":\"red\"}"])
        let beyond = source.array(1, [nil, source.buffer([Int8(2)])], dictionary: words)
        let error = #expect(throws: TenonError.self) { _ = try source.lines(schema, beyond, rows: 1) }
        #expect(error?.message == "The column \"x\" has an index beyond its dictionary.")
    }

    @Test func `structs and lists become JSON, with offsets inside their children`() throws {
        let source = Source()
        let numbers = source.array(4, [nil, source.buffer([Int32(9), 1, 2, 3, 4])], offset: 1)
        let list = source.array(
            3, [source.buffer([UInt8(0b011)]), source.buffer([Int32(0), 1, 3, 3])], nulls: 1,
            children: [numbers])
        #expect(
            try source.lines(source.schema("+l", children: [source.schema("i", "item")]), list, rows: 3)
                == ["{\"x\":[1]}", "{\"x\":[2,3]}", "{\"x\":null}"])
        let flags = source.array(3, [nil, source.buffer([UInt8(0b110)])])
        let structure = source.array(2, [nil], offset: 1, children: [flags])
        #expect(
            try source.lines(source.schema("+s", children: [source.schema("b", "on")]), structure, rows: 2)
                == ["{\"x\":{\"on\":true}}", "{\"x\":{\"on\":true}}"])
    }

    @Test func `bits and numbers with an offset are taken from there`() throws {
        let source = Source()
        let bits = source.array(
            5, [source.buffer([UInt8(0xFF), 0b10]), source.buffer([UInt8(0b0100_0000), 0b11])], offset: 5,
            nulls: -1)
        #expect(
            try source.lines(source.schema("b"), bits, rows: 5)
                == ["{\"x\":false}", "{\"x\":true}", "{\"x\":false}", "{\"x\":null}", "{\"x\":true}"])
    }

    @Test(arguments: ["tdm", "tsn:", "tsu:Europe/Berlin", "+m", "w:4", "d:50,2,256", "", "tin"])
    func `a type that records cannot have is refused with the column's name`(_ format: String) {
        let source = Source()
        var top = source.schema("+s", "", children: [source.schema(format, "odd")])
        let error = #expect(throws: TenonError.self) { _ = try ArrowImport(&top) }
        #expect(error?.code == .batchType)
        #expect(error?.message.contains("\"odd\"") == true)
    }

    @Test func `arrays that contradict themselves are refused and still released`() throws {
        let source = Source()
        let text = source.schema("u")
        let cases: [(ArrowArray, String)] = [
            (source.array(1, [nil, source.buffer([Int32(0), 5])]), "needs 3"),
            (source.array(1, [nil, source.buffer([Int32(5), 0]), nil]), "backwards"),
            (source.array(2, [nil, nil, nil]), "no buffer 1"),
            (source.array(1, [nil, source.buffer([Int32(0), 1]), source.buffer([UInt8(0xFF)])]), "UTF-8"),
            (source.array(0, [nil, source.buffer([Int32(0), 1]), source.buffer([UInt8(65)])]), "needs 2"),
        ]
        for (array, problem) in cases {
            let error = #expect(throws: TenonError.self) {
                _ = try source.lines(text, array, rows: problem == "needs 2" ? 2 : Int(array.length))
            }
            #expect(error?.message.contains(problem) == true, "\(error?.message ?? "") instead of \(problem)")
        }
        let released = #expect(throws: TenonError.self) {
            var top = source.schema("+s", "", children: [text])
            var none = ArrowArray()
            _ = try Batch(importing: &none, schema: ArrowImport(&top))
        }
        #expect(released?.code == .batchInvalid)
    }
}
