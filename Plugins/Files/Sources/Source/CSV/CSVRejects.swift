internal import TenonBatches

/// The records of a block that cannot be handed out.
struct CSVRejects {
    private struct Item {
        var problem: String
        var range: Range<Int>
        var place: Int?
    }

    private let block: Block
    private let firstLine: Int
    private var items: [Item] = []

    /// `line`: lines before the block.
    init(_ block: Block, line: Int) {
        self.block = block
        firstLine = line
    }

    var count: Int { items.count }

    mutating func add(_ broken: BrokenQuote, row: Int, lastField: Int, _ places: CSVPlaces) {
        let field = (row...lastField).first { Int(places.separators[$0]) >= broken.position } ?? lastField
        let problem =
            switch broken.kind {
            case .unterminatedQuote: "the quote that opens the field is never closed"
            case .textAfterQuote: "there is text behind the quote that closes the field"
            }
        let range = places.start(row)..<Int(places.separators[lastField])
        items.append(Item(problem: problem, range: range, place: field - row + 1))
    }

    /// A record with the wrong number of fields: the place is where it ends too early or goes on too long.
    mutating func add(wrongCount count: Int, not wanted: Int, row: Int, _ places: CSVPlaces) {
        let fields = count == 1 ? "field" : "fields"
        let range = places.start(row)..<Int(places.separators[row + count - 1])
        items.append(
            Item(
                problem: "the record has \(count) \(fields) instead of \(wanted)", range: range,
                place: min(count, wanted) + 1))
    }

    /// `field` from 0; the record has `fieldCount` fields.
    mutating func add(_ problem: String, row: Int, field: Int, fieldCount: Int, _ places: CSVPlaces) {
        let range = places.start(row)..<Int(places.separators[row + fieldCount - 1])
        items.append(Item(problem: problem, range: range, place: field + 1))
    }

    /// Whether the record that is one field is an empty line.
    func isBlank(_ row: Int, _ places: CSVPlaces) -> Bool {
        let start = places.start(row)
        let end = Int(places.separators[row])
        return start == end || end == start + 1 && block.bytes[start] == UInt8(ascii: "\r")
    }

    /// The lines of the first `byteCount` bytes.
    func lineCount(_ byteCount: Int, _ places: CSVPlaces) -> Int {
        guard places.hasInnerLineEnds else { return places.takenCount }
        var record = 0
        return lines(in: 0..<byteCount, &record, places)
    }

    /// Counts line feeds, and carriage returns alone where records end with them: those within quotes, which the
    /// fast index does not see, are none. `record` is the first that ends in the range, and then behind it.
    private func lines(in range: Range<Int>, _ record: inout Int, _ places: CSVPlaces) -> Int {
        var count = ByteSearch.count(
            UInt8(ascii: "\n"),
            in: UnsafeRawBufferPointer(start: block.bytes + range.lowerBound, count: range.count))
        guard places.hasLoneReturns else { return count }
        while record < places.recordCount {
            let end = Int(places.separators[Int(places.recordEnds[record])])
            guard end < range.upperBound else { break }
            if block.bytes[end] == UInt8(ascii: "\r") { count += 1 }
            record += 1
        }
        return count
    }

    /// The records in the order of the file.
    func finish(_ places: CSVPlaces) -> [RejectedRecord] {
        guard !items.isEmpty else { return [] }
        var line = firstLine
        var position = 0
        var record = 0
        return items.sorted { $0.range.lowerBound < $1.range.lowerBound }.map { item in
            line += lines(in: position..<item.range.lowerBound, &record, places)
            position = item.range.lowerBound
            let shown = UnsafeRawBufferPointer(
                start: block.bytes + position, count: min(item.range.count, RejectedRecord.maxBytes))
            return RejectedRecord(problem: item.problem, line: line, place: item.place, bytes: Array(shown))
        }
    }
}
