/// The first records of a CSV text, taken apart leniently: what is wrong in them is found when they are read.
struct CSVSample {
    struct Field {
        var text: [UInt8]
        var isQuoted: Bool
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
            if record.count == 1, record[0].text.isEmpty, !record[0].isQuoted { continue }
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
                    if position == text.count { fields.append(Field(text: [], isQuoted: false)) }
                    continue
                }
                if byte == 0x0D, position < text.count, text[position] == 0x0A { position += 1 }
                return fields
            }
        }

        /// Up to a delimiter, the end of the record or of the text.
        private mutating func field() -> Field {
            var field = Field(text: [], isQuoted: false)
            if let quote, position < text.count, text[position] == quote {
                field.isQuoted = true
                position += 1
                quoted(quote, &field)
            }
            while position < text.count, text[position] != delimiter, text[position] != 0x0A,
                text[position] != 0x0D
            {
                field.text.append(text[position])
                position += 1
            }
            return field
        }

        private mutating func quoted(_ quote: UInt8, _ field: inout Field) {
            while position < text.count {
                let byte = text[position]
                position += 1
                if byte == quote {
                    guard position < text.count, text[position] == quote else { return }
                    position += 1
                }
                field.text.append(byte)
            }
        }
    }
}
