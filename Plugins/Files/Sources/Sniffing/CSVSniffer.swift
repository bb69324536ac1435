internal import TenonConnectorKit

/// Finds out how a CSV text is written: the delimiter and the quote that give the most even records, whether
/// the first one names the columns, and what the columns hold. What is configured is not asked.
struct CSVSniffer {
    let configuration: FilesConfiguration

    private static let delimiters: [UInt8] = [",", ";", "\t", "|"].map { UInt8(ascii: $0) }
    private static let quotes: [UInt8] = [UInt8(ascii: "\""), UInt8(ascii: "'")]
    /// So many records tell the delimiter.
    private static let delimiterRecords = 200

    /// `text` is the beginning of the file behind its byte order mark; `isWhole`: all of it.
    func sniff(_ text: UnsafeRawBufferPointer, name: String, isWhole: Bool) -> SniffedFile {
        var dialect = dialect(text, name: name, isWhole: isWhole)
        let sample = CSVSample(
            text, delimiter: dialect.delimiter, quote: dialect.quote,
            maxRecords: configuration.sampleRows + 1, isWhole: isWhole)
        let rows = sample.records.map { $0.map(trimmed) }
        dialect.hasHeader = configuration.csv.hasHeader ?? firstIsHeader(rows)
        return SniffedFile(form: .csv(dialect), columns: columns(rows, hasHeader: dialect.hasHeader))
    }

    // MARK: delimiter and quote

    private func dialect(_ text: UnsafeRawBufferPointer, name: String, isWhole: Bool) -> CSVDialect {
        var dialect = CSVDialect()
        dialect.nullText = configuration.csv.nullText
        dialect.trimsSpace = configuration.csv.trims
        let delimiters = configuration.csv.delimiter.map { [$0] } ?? Self.delimiters
        let quotes: [UInt8?] =
            configuration.csv.isUnquoted ? [nil] : configuration.csv.quote.map { [$0] } ?? Self.quotes
        var best = Evenness()
        dialect.delimiter = configuration.csv.delimiter ?? Self.usualDelimiter(of: name)
        dialect.quote = quotes[0]
        for quote in quotes {
            for delimiter in delimiters {
                let sample = CSVSample(
                    text, delimiter: delimiter, quote: quote, maxRecords: Self.delimiterRecords,
                    isWhole: isWhole)
                let evenness = Evenness(sample, mayHaveHeader: configuration.csv.hasHeader != false)
                // Another quote than the usual one needs quoted fields to show for it.
                if quote != quotes[0], evenness.quotedCount == 0 { continue }
                guard evenness > best else { continue }
                best = evenness
                dialect.delimiter = delimiter
                dialect.quote = quote
            }
        }
        return dialect
    }

    static func usualDelimiter(of name: String) -> UInt8 {
        let name = name.lowercased()
        if name.contains(".tsv") || name.contains(".tab") { return 0x09 }
        return name.contains(".psv") ? UInt8(ascii: "|") : UInt8(ascii: ",")
    }

    /// How well a delimiter explains a sample.
    private struct Evenness: Comparable {
        /// The share of records that have as many fields as most, in thousandths; 0 where that is one field or
        /// where the first record, which may name them, has another number.
        var share = 0
        var fieldCount = 1
        var quotedCount = 0

        init() {}

        init(_ sample: CSVSample, mayHaveHeader: Bool) {
            var counts: [Int: Int] = [:]
            for record in sample.records {
                counts[record.count, default: 0] += 1
                quotedCount += record.count { $0.isQuoted }
            }
            guard let most = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }), most.key > 1 else {
                return
            }
            fieldCount = most.key
            if mayHaveHeader {
                fieldCount = sample.records[0].count
                guard fieldCount > 1, counts[fieldCount] == most.value else { return }
            }
            share = most.value * 1000 / sample.records.count
        }

        static func < (one: Evenness, other: Evenness) -> Bool {
            (one.share, one.fieldCount) < (other.share, other.fieldCount)
        }
    }

    private func trimmed(_ field: CSVSample.Field) -> CSVSample.Field {
        guard configuration.csv.trims, !field.isQuoted else { return field }
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        var text = field.written[...]
        while text.last.map(isSpace) == true { text.removeLast() }
        var field = field
        field.written = UnsafeRawBufferPointer(rebasing: text.drop(while: isSpace))
        return field
    }

    // MARK: header and types

    /// The first record names the columns where it differs in kind from those below, and where nothing tells,
    /// as most files have it.
    private func firstIsHeader(_ rows: [[CSVSample.Field]]) -> Bool {
        guard let first = rows.first else { return true }
        let kinds = kinds(rows.dropFirst(), count: first.count)
        let own = first.map { $0.withText(ValueShape.kind) }
        for (index, field) in first.enumerated() where !field.isEmpty {
            if let kind = kinds[index], kind != .utf8, ValueShape.common(kind, own[index]) != kind {
                return true
            }
        }
        if own.contains(where: { $0 != .utf8 }) { return false }
        let names = first.map(\.text)
        return Set(names).count == names.count && !names.contains([])
    }

    private func columns(_ rows: [[CSVSample.Field]], hasHeader: Bool) -> [ColumnDescription] {
        guard let first = rows.first else { return [] }
        let body = hasHeader ? rows.dropFirst() : rows[...]
        let names =
            hasHeader
            ? Self.names(first.map { String(decoding: $0.text, as: UTF8.self) })
            : Self.names(Array(repeating: "", count: first.count))
        let kinds = kinds(body, count: names.count)
        return zip(names, kinds).map { name, kind in
            let sniffed = configuration.isTextOnly ? .utf8 : kind ?? .utf8
            return ColumnDescription(name, configuration.types[name] ?? sniffed)
        }
    }

    /// Names that are there and unique: "column_3" for an empty one, "name_2" for the second of its kind.
    static func names(_ written: [String]) -> [String] {
        var taken: Set<String> = []
        return written.enumerated().map { index, written in
            let base = written.isEmpty ? "column_\(index + 1)" : written
            var name = base
            var number = 1
            while !taken.insert(name).inserted {
                number += 1
                name = "\(base)_\(number)"
            }
            return name
        }
    }

    /// The narrowest type of each column; nil where all its fields are empty.
    private func kinds(_ rows: ArraySlice<[CSVSample.Field]>, count: Int) -> [ColumnKind?] {
        var kinds = [ColumnKind?](repeating: nil, count: count)
        // Integers that a double does not hold exactly.
        var isLarge = [Bool](repeating: false, count: count)
        for row in rows {
            for index in 0..<min(count, row.count) where kinds[index] != .utf8 {
                let field = row[index]
                if isNull(field) { continue }
                let kind = field.withText(ValueShape.kind)
                if kind == .int64, field.byteCount > 15 { isLarge[index] = true }
                kinds[index] = kinds[index].map { ValueShape.common($0, kind) } ?? kind
            }
        }
        return zip(kinds, isLarge).map { kind, isLarge in kind == .float64 && isLarge ? .utf8 : kind }
    }

    private func isNull(_ field: CSVSample.Field) -> Bool {
        if field.isQuoted { return false }
        return field.isEmpty || field.text == configuration.csv.nullText
    }
}
