/// How CSV text separates and quotes its fields. Records end with LF, CRLF or CR.
@frozen
public struct CSVDialect: Hashable, Sendable {
    public var delimiter: UInt8
    /// Encloses fields, doubled within them; nil where no byte does.
    public var quote: UInt8?

    @inlinable
    public init(delimiter: UInt8 = UInt8(ascii: ","), quote: UInt8? = UInt8(ascii: "\"")) {
        self.delimiter = delimiter
        self.quote = quote
    }
}
