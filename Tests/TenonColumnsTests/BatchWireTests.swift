import Synchronization
import TenonColumns
import TenonModel
import TenonTestKit
import Testing

@Suite struct BatchWireTests {
    /// Rows of an int64, a float64, a bool, two text columns and a binary one; some null.
    private static func sample(rows: Int = 100) throws -> Batch {
        let schema = """
            {"columns":[{"name":"id","type":"int64","nullable":false},{"name":"x","type":"float64"},
            {"name":"flag","type":"bool"},{"name":"name","type":"utf8"},{"name":"note","type":"json"},
            {"name":"raw","type":"binary"},{"name":"none","type":"null"}]}
            """
        var lines = ""
        for row in 0..<rows {
            let x = row % 3 == 0 ? "null" : "\(row).5"
            lines +=
                "{\"id\":\(row),\"x\":\(x),\"flag\":\(row % 2 == 0),\"name\":\"näme \(row)\",\"note\":[\(row)],\"raw\":\"AAEC\"}\n"
        }
        return try #require(try Samples.reader(schema, lines).first)
    }

    private static func encoded(_ batch: Batch) -> [UInt64] {
        var words = [UInt64](repeating: .max, count: BatchWire.encodedByteCount(batch) / 8)
        let written = words.withUnsafeMutableBytes { BatchWire.encode(batch, into: $0) }
        #expect(written == words.count * 8)
        return words
    }

    @Test func `every type comes back as it was`() throws {
        let batch = try Samples.allTypes()
        let words = Self.encoded(batch)
        let back = try words.withUnsafeBytes { try BatchWire.decode($0, schema: batch.schema) }
        #expect(back.rowCount == 3)
        #expect(try text(back) == text(batch))
        #expect(back.columns.map(\.nullCount) == batch.columns.map(\.nullCount))
    }

    @Test func `an empty batch and a batch without columns come back`() throws {
        for batch in [
            Batch(empty: try Self.sample().schema), Batch(schema: Schema([]), columns: [], rowCount: 5),
        ] {
            let words = Self.encoded(batch)
            let back = try words.withUnsafeBytes { try BatchWire.decode($0, schema: batch.schema) }
            #expect(back.rowCount == batch.rowCount)
            #expect(back.schema == batch.schema)
        }
    }

    @Test func `a column whose text begins in the middle of its data is rebased`() throws {
        let batch = try Self.sample()
        let name = try #require(batch.column(named: "name"))
        let offsets = Buffer(name.values.pointer + 40, count: 4 * 91, owner: name)
        let tail = Column(.utf8, count: 90, values: offsets, data: name.data)
        let part = Batch(schema: Schema([Field("name", .utf8)]), columns: [tail], rowCount: 90)
        let words = Self.encoded(part)
        let back = try words.withUnsafeBytes { try BatchWire.decode($0, schema: part.schema) }
        #expect(back.columns[0].string(at: 0) == "näme 10")
        #expect(back.columns[0].string(at: 89) == "näme 99")
    }

    @Test func `too little room writes nothing`() throws {
        let batch = try Self.sample()
        var words = [UInt64](repeating: 7, count: BatchWire.encodedByteCount(batch) / 8 - 1)
        #expect(words.withUnsafeMutableBytes { BatchWire.encode(batch, into: $0) } == 0)
        #expect(words.allSatisfy { $0 == 7 })
    }

    @Test func `what was decoded no longer depends on the shared memory`() throws {
        let batch = try Self.sample()
        var words = Self.encoded(batch)
        let back = try words.withUnsafeBytes { try BatchWire.decode($0, schema: batch.schema) }
        _ = words.withUnsafeMutableBytes { $0.initializeMemory(as: UInt8.self, repeating: 0xFF) }
        #expect(try text(back) == text(batch))
    }

    // MARK: Hostile peers

    /// Where the sample's parts lie: 24 bytes of header, 40 a column, then the buffers.
    private static func column(_ index: Int) -> Int { 24 + 40 * index }
    private static let payload = 24 + 40 * 7

    struct Mutation: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let problem: String
        let change: @Sendable (inout [UInt8]) -> Void
        init(_ name: String, _ problem: String, _ change: @escaping @Sendable (inout [UInt8]) -> Void) {
            testDescription = name
            self.problem = problem
            self.change = change
        }
    }

    private static func put<T: FixedWidthInteger>(_ value: T, _ offset: Int, _ bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) {
            bytes.replaceSubrange(offset..<offset + $0.count, with: $0)
        }
    }
    /// Payload offsets for 100 rows: id 800, x 16 + 800, flag 16, name 408 + data.
    private static let xValidity = payload + 800
    private static let nameOffsets = payload + 800 + 16 + 800 + 16
    private static let nameData = nameOffsets + 408

    static let mutations: [Mutation] = [
        Mutation("format 0", "unknown format") { put(UInt32(0), 0, &$0) },
        Mutation("format of the future", "unknown format") { put(UInt32(2), 0, &$0) },
        Mutation("no columns", "columns") { put(UInt32(0), 4, &$0) },
        Mutation("one column too many", "columns") { put(UInt32(8), 4, &$0) },
        Mutation("four billion columns", "columns") { put(UInt32.max, 4, &$0) },
        Mutation("more rows than there are", "wrong size") { put(UInt64(101), 8, &$0) },
        Mutation("fewer rows than there are", "wrong size") { put(UInt64(50), 8, &$0) },
        Mutation("a huge number of rows", "too many") { put(UInt64.max, 8, &$0) },
        Mutation("rows whose bytes wrap around", "too many") { put(UInt64(1) << 61, 8, &$0) },
        Mutation("another length than it has", "bytes") { put(UInt64(64), 16, &$0) },
        Mutation("a huge length", "bytes") { put(UInt64.max, 16, &$0) },
        Mutation("another type", "another type") { $0[column(0)] = 11 },
        Mutation("an unknown type", "another type") { $0[column(0)] = 200 },
        Mutation("text that claims to be JSON", "another type") { $0[column(3)] = 20 },
        Mutation("a precision where none belongs", "another type") { $0[column(0) + 1] = 9 },
        Mutation("unknown flags", "unknown flags") { $0[column(0) + 3] = 0x80 },
        Mutation("bits in the reserved word", "unknown flags") { put(UInt32(1), column(0) + 4, &$0) },
        Mutation("more nulls than rows", "more nulls") { put(UInt64(101), column(1) + 8, &$0) },
        Mutation("too few nulls", "number of nulls") { put(UInt64(1), column(1) + 8, &$0) },
        Mutation("a negative number of nulls", "more nulls") { put(Int64(-1), column(1) + 8, &$0) },
        Mutation("nulls without a bitmap", "no validity") { put(UInt64(3), column(3) + 8, &$0) },
        Mutation("a bitmap that says otherwise", "number of nulls") { $0[xValidity] ^= 1 },
        Mutation("a bitmap of the wrong size", "wrong size") { put(UInt64(5), column(1) + 16, &$0) },
        Mutation("a bitmap without its flag", "wrong size") { $0[column(1) + 3] = 0 },
        Mutation("values of the wrong size", "wrong size") { put(UInt64(799), column(0) + 24, &$0) },
        Mutation("values of a huge size", "wrong size") { put(UInt64.max - 7, column(0) + 24, &$0) },
        Mutation("data in a column without data", "wrong size") { put(UInt64(8), column(0) + 32, &$0) },
        Mutation("data beyond the message", "longer than the batch") {
            put(UInt64(1) << 30, column(3) + 32, &$0)
        },
        Mutation("data whose end wraps around", "wrong size") { put(UInt64.max - 4, column(3) + 32, &$0) },
        Mutation("a buffer that runs into the next", "buffers of") { put(UInt64(2000), column(3) + 32, &$0) },
        Mutation("a first offset that is not 0", "no row uses") { put(Int32(2), nameOffsets, &$0) },
        Mutation("a negative offset", "run backwards") { put(Int32(-1), nameOffsets + 40, &$0) },
        Mutation("the most negative offset", "run backwards") { put(Int32.min, nameOffsets + 40, &$0) },
        Mutation("offsets that step back", "run backwards") { put(Int32(0), nameOffsets + 200, &$0) },
        Mutation("a last offset beyond the data", "beyond its data") {
            put(Int32.max, nameOffsets + 400, &$0)
        },
        Mutation("a last offset before the data's end", "no row uses") {
            put(Int32($0[nameOffsets + 396]) | Int32($0[nameOffsets + 397]) << 8, nameOffsets + 400, &$0)
        },
        Mutation("text with an impossible byte", "UTF-8") { $0[nameData] = 0xFF },
        Mutation("text with an overlong form", "UTF-8") { $0[nameData + 1] = 0xC0 },
        Mutation("text with a surrogate", "UTF-8") {
            $0[nameData + 1] = 0xED
            $0[nameData + 2] = 0xA0
            $0[nameData + 3] = 0x80
        },
        Mutation("a value that ends within a character", "UTF-8") {
            // The first name is 7 bytes; its second character takes bytes 1 and 2.
            put(Int32(2), nameOffsets + 4, &$0)
        },
        Mutation("fewer bytes than a header", "shorter") { $0.removeLast($0.count - 23) },
        Mutation("an end within the columns", "within its columns") {
            $0.removeLast($0.count - 100)
            put(UInt64(100), 16, &$0)
        },
        Mutation("a lost end", "bytes") { $0.removeLast(8) },
        Mutation("a lost end that the header hides", "buffers of") {
            $0.removeLast(8)
            put(UInt64($0.count), 16, &$0)
        },
        Mutation("bytes after the end", "buffers of") {
            $0 += [UInt8](repeating: 0, count: 8)
            put(UInt64($0.count), 16, &$0)
        },
        Mutation("nothing", "shorter") { $0.removeAll() },
    ]

    @Test(arguments: mutations) func `a hostile batch is refused`(_ mutation: Mutation) throws {
        let batch = try Self.sample()
        var bytes = Self.encoded(batch).withUnsafeBytes { Array($0) }
        mutation.change(&bytes)
        let error = #expect(throws: TenonError.self) {
            try bytes.withUnsafeBytes { _ = try BatchWire.decode($0, schema: batch.schema) }
        }
        #expect(error?.code == .batchInvalid)
        #expect(error?.message.contains(mutation.problem) == true, "\(error?.message ?? "")")
    }

    @Test func `nulls in a column that excludes them are refused`() throws {
        let nullable = Schema([Field("x", .int64)])
        let column = Column.nulls(.int64, count: 2)
        let words = Self.encoded(Batch(schema: nullable, columns: [column], rowCount: 2))
        let error = #expect(throws: TenonError.self) {
            try words.withUnsafeBytes {
                _ = try BatchWire.decode($0, schema: Schema([Field("x", .int64, isNullable: false)]))
            }
        }
        #expect(error?.message == "The column \"x\" has nulls, which its schema excludes.")
    }

    @Test func `random damage is refused or gives a batch that can be read`() throws {
        let batch = try Self.sample(rows: 20)
        let original = Self.encoded(batch).withUnsafeBytes { Array($0) }
        var random = SeededGenerator(seed: 7)
        var refused = 0
        for _ in 0..<2000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            do {
                let back = try bytes.withUnsafeBytes { try BatchWire.decode($0, schema: batch.schema) }
                for row in 0..<back.rowCount {
                    #expect(
                        back.columns[3].string(at: row).utf8.elementsEqual(back.columns[3].bytes(at: row)))
                }
            } catch {
                refused += 1
            }
        }
        #expect(refused > 500)
    }

    @Test func `a peer that writes while the batch is read cannot break what was read`() async throws {
        let batch = try Self.sample(rows: 2000)
        let schema = batch.schema
        let original = Self.encoded(batch).withUnsafeBytes { Array($0) }
        let shared = SharedBytes(original)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                var random = SeededGenerator(seed: 21)
                while !shared.isDone.load(ordering: .relaxed) {
                    let position = Int.random(in: 0..<original.count, using: &random)
                    shared.bytes[position] = UInt8.random(in: 0...255, using: &random)
                    shared.bytes[position] = original[position]
                }
            }
            for _ in 0..<300 {
                // Refused or sound: offsets inside the data, text valid, counts as the bitmap says.
                guard let back = try? BatchWire.decode(UnsafeRawBufferPointer(shared.bytes), schema: schema)
                else {
                    continue
                }
                for (field, column) in zip(schema.fields, back.columns) where field.type == .utf8 {
                    let total = (0..<column.count).reduce(0) { $0 + column.bytes(at: $1).count }
                    #expect(total == column.data?.count)
                    #expect(
                        (0..<column.count).allSatisfy {
                            String(validating: column.bytes(at: $0), as: UTF8.self) != nil
                        })
                }
                let x = back.columns[1]
                #expect((0..<x.count).count { x.isNull(at: $0) } == x.nullCount)
            }
            shared.isDone.store(true, ordering: .relaxed)
        }
    }
}

/// Memory that two tasks use without a lock, as two processes would.
private final class SharedBytes: @unchecked Sendable {
    // Unchecked: the race is what the test is about; the memory lives as long as this.
    let bytes: UnsafeMutableBufferPointer<UInt8>
    let isDone = Atomic(false)

    init(_ original: [UInt8]) {
        bytes = .allocate(capacity: original.count)
        _ = bytes.initialize(from: original)
    }

    deinit { bytes.deallocate() }
}
