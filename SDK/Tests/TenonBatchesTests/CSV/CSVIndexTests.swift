import TenonBatches
import Testing

/// The fields' places by the index; nil where the text is not regular.
private func indexed(_ bytes: [UInt8], _ dialect: CSVDialect, places: Int? = nil) -> [[Range<Int>]]? {
    bytes.withUnsafeBytes { bytes in
        var index = CSVIndex(delimiter: dialect.delimiter, quote: dialect.quote)
        let room = places ?? bytes.count + CSVIndex.sparePlaces
        let separators = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: room)
        let recordEnds = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: room)
        defer {
            separators.deallocate()
            recordEnds.deallocate()
        }
        let end = index.scan(bytes, separators: separators, recordEnds: recordEnds)
        guard end == bytes.count, index.isRegular, !index.isInsideQuotes, !index.endsWithReturn else {
            return nil
        }
        var records: [[Range<Int>]] = []
        var fields: [Range<Int>] = []
        var start = 0
        var nextRecord = 0
        for place in 0..<index.separatorCount {
            let position = Int(separators[place])
            var end = position
            let isLast = nextRecord < index.recordCount && Int(recordEnds[nextRecord]) == place
            if isLast, end > start, bytes[end - 1] == 0x0D { end -= 1 }
            fields.append(start..<end)
            start = position + 1
            guard isLast else { continue }
            nextRecord += 1
            records.append(fields)
            fields = []
        }
        #expect(nextRecord == index.recordCount)
        if start < bytes.count || !fields.isEmpty { records.append(fields + [start..<bytes.count]) }
        return records
    }
}

/// The same byte by byte, and whether a quote stands where none should.
private func scanned(_ bytes: [UInt8], _ dialect: CSVDialect) -> (records: [[Range<Int>]], hasDefects: Bool) {
    func byte(_ index: Int) -> UInt8? { bytes.indices.contains(index) ? bytes[index] : nil }
    func isEnd(_ byte: UInt8?) -> Bool {
        byte == nil || byte == dialect.delimiter || byte == 0x0A || byte == 0x0D
    }
    var records: [[Range<Int>]] = []
    var fields: [Range<Int>] = []
    var hasDefects = false
    var at = 0
    while at < bytes.count || !fields.isEmpty {
        let start = at
        if byte(at) == dialect.quote {
            at += 1
            while let next = byte(at), next != dialect.quote || byte(at + 1) == dialect.quote {
                at += next == dialect.quote ? 2 : 1
            }
            at += 1
            hasDefects = hasDefects || at > bytes.count || !isEnd(byte(at))
        }
        while !isEnd(byte(at)) {
            hasDefects = hasDefects || byte(at) == dialect.quote
            at += 1
        }
        fields.append(start..<at)
        if byte(at) == dialect.delimiter {
            at += 1
            continue
        }
        at += byte(at) == 0x0D && byte(at + 1) == 0x0A ? 2 : 1
        records.append(fields)
        fields = []
    }
    return (records, hasDefects)
}

@Suite struct CSVIndexTests {
    private static let pieces: [String] = [
        "a", "b", ",", ",", "\n", "\r\n", "\"", "\"\"", "\"x\"", "\",\"", "é", "long text without anything",
        "1.5",
        ",\"a,b\"\"c\",", "\"two\nlines\",", "\r", ";", "'",
    ]

    @Test func `texts of all kinds are split as byte by byte, or said to be irregular`() {
        var random = SeededRandom(1)
        var regular = 0
        var withQuotes = 0
        for round in 0..<20_000 {
            let wild = round % 4
            let count = Int.random(in: 0...60, using: &random)
            var text: [UInt8] = []
            for _ in 0..<count {
                let last = wild == 0 ? Self.pieces.count : wild == 1 ? 6 : 15
                var piece = Self.pieces[Int.random(in: 0..<last, using: &random)]
                if wild > 1, piece.hasPrefix("\"") { piece = ",\"q,\"\"\n\"," }
                text += Array(piece.utf8)
            }
            let dialect = round % 10 == 9 ? CSVDialect(delimiter: 0x3B, quote: 0x27) : CSVDialect()
            let (records, hasDefects) = scanned(text, dialect)
            guard let found = indexed(text, dialect) else { continue }
            regular += 1
            if text.contains(0x22) { withQuotes += 1 }
            #expect(found == records, "\(String(decoding: text, as: UTF8.self).debugDescription)")
            #expect(!hasDefects, "\(String(decoding: text, as: UTF8.self).debugDescription)")
        }
        #expect(regular > 5000 && withQuotes > 1000)
    }

    @Test func `a text without defects is never called irregular`() {
        var random = SeededRandom(2)
        for _ in 0..<5000 {
            var text = ""
            for _ in 0..<Int.random(in: 1...30, using: &random) {
                let fields = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: "\"a\"\"b,c\nd\r\""
                    case 1: "\"\""
                    case 2: ""
                    default: String(repeating: "x", count: Int.random(in: 1...70, using: &random))
                    }
                }
                text += fields.joined(separator: ",") + (Bool.random(using: &random) ? "\n" : "\r\n")
            }
            let bytes = Array(text.utf8)
            #expect(indexed(bytes, CSVDialect()) == scanned(bytes, CSVDialect()).records)
        }
    }

    @Test(arguments: [
        "a\"b\n", "\"a\"b\n", "\"a\" \n", " \"a\"\n", "a\rb\n", "\"a\"\rb\n", "a,b\"\"\n", "\"a\"\"\"b\"\n",
    ]) func `what is irregular is seen at every place of a block`(_ text: String) {
        for distance in 0..<130 {
            let before = String(repeating: "x", count: max(0, distance - 1)) + (distance > 0 ? "\n" : "")
            let after = String(repeating: "y", count: 70)
            #expect(indexed(Array((before + text + after).utf8), CSVDialect()) == nil, "\(distance)")
            #expect(indexed(Array((before + text).utf8), CSVDialect()) == nil, "\(distance)")
        }
    }

    @Test func `a scan stops where its places are full and goes on from there`() {
        let text = Array(String(repeating: "a,b,\"c,d\"\n", count: 100).utf8)
        text.withUnsafeBytes { bytes in
            let small = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: 100)
            let large = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: 2000)
            defer {
                small.deallocate()
                large.deallocate()
            }
            var index = CSVIndex()
            let stop = index.scan(bytes, separators: small, recordEnds: small)
            #expect(stop < bytes.count && stop % 64 == 0)
            index.startOver()
            let first = UnsafeRawBufferPointer(rebasing: bytes[0..<448])
            let ends = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: 2000)
            defer { ends.deallocate() }
            var next = index.scan(first, separators: large, recordEnds: ends)
            #expect(next == 448)
            next = index.scan(bytes, from: next, separators: large, recordEnds: ends)
            #expect(next == bytes.count)
            #expect(index.separatorCount == 300 && index.recordCount == 100 && index.isRegular)
            #expect((0..<100).allSatisfy { ends[$0] == $0 * 3 + 2 })
            #expect((0..<300).allSatisfy { Int(large[$0]) == $0 / 3 * 10 + [1, 3, 9][$0 % 3] })
        }
    }

    /// What a scan found: its state and all places.
    private struct Found: Equatable {
        var places: [[UInt32]]
        var flags: [Bool]
        var end: Int

        init(
            _ bytes: [UInt8],
            _ scan: (inout tenon_csv_t, UnsafePointer<UInt8>, [UnsafeMutablePointer<UInt32>]) -> Int
        ) {
            var csv = tenon_csv_t()
            csv.delimiter = 0x2C
            csv.quote = 0x22
            csv.is_quoting = 1
            csv.at_start = 1
            let room = bytes.count + CSVIndex.sparePlaces
            let places = [
                UnsafeMutablePointer<UInt32>.allocate(capacity: room), .allocate(capacity: room),
            ]
            defer { places.forEach { $0.deallocate() } }
            end = scan(&csv, bytes, places)
            flags = [csv.irregular != 0, csv.has_quotes != 0, csv.inside != 0, csv.has_returned != 0]
            self.places = zip(places, [csv.separator_count, csv.record_count]).map { place, count in
                Array(UnsafeBufferPointer(start: place, count: Int(count)))
            }
        }
    }

    @Test func `machines with and without wider vectors find the same`() {
        var random = SeededRandom(3)
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)]
            }
            let bytes = Array(text.joined().utf8)
            let room = bytes.count + CSVIndex.sparePlaces
            let best = Found(bytes) { csv, text, places in
                Int(tenon_csv_scan(&csv, text, bytes.count, 0, places[0], places[1], room))
            }
            let plain = Found(bytes) { csv, text, places in
                Int(tenon_csv_scan_any(&csv, text, bytes.count, 0, places[0], places[1], room))
            }
            #expect(best == plain)
        }
    }
}
