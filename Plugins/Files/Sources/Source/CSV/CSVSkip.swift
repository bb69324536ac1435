/// Passes over one record that is too long to be looked at as a whole.
struct CSVSkip {
    private enum Place { case fieldStart, plain, quoted, closed }

    private let dialect: CSVDialect
    private var place = Place.fieldStart

    init(_ dialect: CSVDialect) { self.dialect = dialect }

    /// The bytes of `block` that belong to the record, its line end included, and whether it ends there.
    mutating func run(_ block: Block) -> (byteCount: Int, isWhole: Bool) {
        for position in 0..<block.count {
            let byte = block.bytes[position]
            if place == .quoted {
                if byte == dialect.quote { place = .closed }
            } else if byte == UInt8(ascii: "\n") {
                return (position + 1, true)
            } else if byte == UInt8(ascii: "\r"), position + 1 < block.count,
                block.bytes[position + 1] != UInt8(ascii: "\n")
            {
                return (position + 1, true)
            } else if byte == UInt8(ascii: "\r"), position > 0, position + 1 == block.count, !block.isEnd {
                // What follows tells: the next block begins with it.
                return (position, false)
            } else if byte == dialect.delimiter {
                place = .fieldStart
            } else if byte == dialect.quote, place == .fieldStart || place == .closed {
                place = .quoted
            } else {
                place = .plain
            }
        }
        return (block.count, block.isEnd)
    }
}
