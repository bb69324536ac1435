internal import TenonBatches
internal import TenonConnectorKit

/// A file being read: its bytes, where its records begin, and where in them the stream's columns stand.
final class OpenFile: Sendable {
    /// Among the stream's files.
    let index: Int
    let bytes: FileBytes
    /// Where the first record begins, behind a byte order mark and a header, and how many lines stand before.
    let dataStart: Int
    let dataLine: Int
    private let form: RecordForm
    private let fieldOfColumn: [Int?]
    private let fieldCount: Int

    /// Opens the file and reads its header. `buffer` is left somewhere near the beginning of the file.
    init(
        _ stream: FileStream, _ index: Int, _ makeBuffer: (FileBytes) -> ReadBuffer
    ) throws(ConnectorError) {
        self.index = index
        form = stream.form
        bytes = try FileBytes(stream.files[index])
        let buffer = makeBuffer(bytes)
        let start = try Self.skipMark(buffer, bytes.name)
        guard case .csv(let dialect) = stream.form else {
            (dataStart, dataLine, fieldOfColumn, fieldCount) = (start, 0, [], 0)
            return
        }
        guard dialect.hasHeader else {
            (dataStart, dataLine) = (start, 0)
            fieldCount = stream.columns.count
            fieldOfColumn = stream.columns.indices.map { $0 }
            return
        }
        let header = try CSVHeader(buffer, at: start, dialect, bytes.name)
        (dataStart, dataLine) = (header.end, header.lineCount)
        let places = Dictionary(
            header.names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first }
        )
        fieldOfColumn = stream.columns.map { places[$0.name] }
        fieldCount = header.names.count
        guard fieldCount > 0, !stream.columns.isEmpty, !fieldOfColumn.contains(where: { $0 != nil }) else {
            return
        }
        throw ConnectorError(
            .badData,
            "The header of \"\(bytes.name)\" has none of the columns of the stream \"\(stream.name)\": it is "
                + "no file of the same kind, or is written with another delimiter or quote than "
                + "\"\(stream.files[0].name)\".",
            effect: .notApplied)
    }

    func makeParser(_ plan: ReadPlan) -> any BlockParser {
        switch form {
        case .csv(let dialect):
            CSVBlockParser(dialect, plan, fieldOfColumn: fieldOfColumn, fieldCount: max(1, fieldCount))
        case .ndjson: NDJSONBlockParser(plan)
        }
    }

    /// Where the text begins behind a byte order mark.
    private static func skipMark(_ buffer: ReadBuffer, _ name: String) throws(ConnectorError) -> Int {
        try buffer.load(at: 0, min(buffer.capacity, firstBytes))
        let bytes = UnsafeBufferPointer(start: buffer.bytes, count: buffer.count)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return 3 }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw ConnectorError(
                .badData, "The file \"\(name)\" is written in UTF-16. Convert it to UTF-8.",
                effect: .notApplied)
        }
        return 0
    }

    private static let firstBytes = 64 << 10
}

/// The first record of a CSV file, which holds the names of its columns.
struct CSVHeader {
    /// Unique and not empty.
    let names: [String]
    /// Where the records begin, and how many lines stand before.
    let end: Int
    let lineCount: Int

    private static let maxBytes = 4 << 20

    init(
        _ buffer: ReadBuffer, at start: Int, _ dialect: CSVDialect, _ file: String
    ) throws(ConnectorError) {
        var wanted = 64 << 10
        let places = CSVPlaces()
        while true {
            try buffer.load(at: start, wanted)
            let block = Block(
                bytes: buffer.bytes, count: buffer.count, border: buffer.count, isEnd: buffer.isAtEnd)
            places.startOver(block.count + 1)
            var scan = CSVExactScan(block, dialect)
            scan.run(into: places)
            if let found = Self.firstRecord(block, places) {
                let fields = Self.fields(block, places, dialect, found.last - found.first)
                let texts = (found.first...found.last).map { place in
                    String(
                        decoding: fields.text(UInt32(found.first), place - found.first).bytes, as: UTF8.self)
                }
                withExtendedLifetime(fields.scratch) { fields.scratch.deallocate() }
                names = CSVSniffer.names(texts)
                let last = Int(places.separators[found.last])
                end = start + min(last + 1, block.count)
                lineCount =
                    found.blankCount + 1
                    + (places.start(found.first)..<min(last, block.count)).count { block.bytes[$0] == 0x0A }
                return
            }
            if buffer.isAtEnd {
                (names, end, lineCount) = ([], start + block.count, 0)
                return
            }
            guard wanted < Self.maxBytes else {
                throw ConnectorError(
                    .badData,
                    "The first record of \"\(file)\", its header, is longer than \(Self.maxBytes) bytes.",
                    effect: .notApplied)
            }
            wanted *= 4
        }
    }

    /// Blank lines before it do not count.
    private static func firstRecord(
        _ block: Block, _ places: CSVPlaces
    ) -> (first: Int, last: Int, blankCount: Int)? {
        var first = 0
        for record in 0..<places.recordCount {
            let last = Int(places.recordEnds[record])
            let start = places.start(first)
            let length = Int(places.separators[last]) - start
            let isBlank = length == 0 || length == 1 && block.bytes[start] == UInt8(ascii: "\r")
            if !isBlank { return (first, last, record) }
            first = last + 1
        }
        return nil
    }

    private static func fields(
        _ block: Block, _ places: CSVPlaces, _ dialect: CSVDialect, _ lastField: Int
    ) -> CSVFields {
        CSVFields(
            bytes: block.bytes, separators: places.separators, quote: dialect.quote ?? 0,
            hasQuotes: dialect.quote != nil, trimsSpace: dialect.trimsSpace,
            isSimple: !dialect.trimsSpace && dialect.nullText == nil, nullText: nil,
            lastField: lastField,
            scratch: .allocate(capacity: block.count + ReadBuffer.spareBytes))
    }
}
