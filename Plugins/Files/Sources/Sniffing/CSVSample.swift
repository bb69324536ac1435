/// The first records of a CSV text, taken apart leniently: what is wrong in them is found when they are read.
struct CSVSample {
    /// Valid as long as the text that was taken apart.
    struct Field {
        /// As it is written, without the quotes around it.
        var written: UnsafeRawBufferPointer
        var isQuoted = false
        /// What it means, where that is not how it is written.
        var unquoted: [UInt8]?

        var text: [UInt8] { unquoted ?? Array(written) }
        var isEmpty: Bool { unquoted?.isEmpty ?? written.isEmpty }
        var byteCount: Int { unquoted?.count ?? written.count }

        func withText<Answer>(_ body: (UnsafeRawBufferPointer) -> Answer) -> Answer {
            guard let unquoted else { return body(written) }
            return unquoted.withUnsafeBytes(body)
        }
    }

    var records: [[Field]] = []

    /// Takes at most `maxRecords`. A record that the end of `text` may cut is left out unless the text is
    /// whole.
    init(_ text: UnsafeRawBufferPointer, delimiter: UInt8, quote: UInt8?, maxRecords: Int, isWhole: Bool) {
        var parser = Parser(text: text, delimiter: delimiter, quote: quote)
        while records.count < maxRecords, parser.position < text.count {
            let record = parser.record()
            if parser.position == text.count, !isWhole, !records.isEmpty { break }
            // An empty line is no record.
            if record.count == 1, record[0].isEmpty, !record[0].isQuoted { continue }
            records.append(record)
        }
    }

    private struct Parser {
        let text: UnsafeRawBufferPointer
        let delimiter: UInt8
        let quote: UInt8?
        var position = 0

        mutating func record() -> [Field] {
            var fields: [Field] = []
            while true {
                fields.append(field())
                guard position < text.count else { return fields }
                let byte = text[position]
                position += 1
                if byte == delimiter {
                    if position == text.count { fields.append(Field(written: slice(position, position))) }
                    continue
                }
                if byte == 0x0D, position < text.count, text[position] == 0x0A { position += 1 }
                return fields
            }
        }

        private func slice(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: text[start..<end])
        }

        /// Up to a delimiter, the end of the record or of the text.
        private mutating func field() -> Field {
            var field = Field(written: slice(position, position))
            if let quote, position < text.count, text[position] == quote {
                field = quoted(quote)
            }
            let start = position
            while position < text.count, text[position] != delimiter, text[position] != 0x0A,
                text[position] != 0x0D
            {
                position += 1
            }
            guard position > start else { return field }
            let rest = slice(start, position)
            if field.isQuoted { field.unquoted = field.text + rest } else { field.written = rest }
            return field
        }

        /// From the opening quote to the closing one.
        private mutating func quoted(_ quote: UInt8) -> Field {
            position += 1
            let start = position
            var end = text.count
            var unquoted: [UInt8]?
            while position < text.count {
                let byte = text[position]
                position += 1
                if byte == quote {
                    guard position < text.count, text[position] == quote else {
                        end = position - 1
                        break
                    }
                    unquoted = unquoted ?? Array(slice(start, position - 1))
                    position += 1
                }
                unquoted?.append(byte)
            }
            return Field(written: slice(start, end), isQuoted: true, unquoted: unquoted)
        }
    }
}
