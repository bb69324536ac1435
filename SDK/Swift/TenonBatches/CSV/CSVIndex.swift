/// Finds the separators of CSV text in one pass over 64 bytes at a time, as long as its quotes are regular:
/// they enclose whole fields, and quotes within are doubled. Everything else takes a reader that goes byte by
/// byte.
///
/// A scan begins at the beginning of a record.
@frozen
public struct CSVIndex {
    /// Places that must be free in both buffers for a scan to go on.
    @inlinable public static var sparePlaces: Int { 72 }

    @usableFromInline var state = tenon_csv_t()

    /// `quote` nil: no byte quotes.
    @inlinable
    public init(delimiter: UInt8 = UInt8(ascii: ","), quote: UInt8? = UInt8(ascii: "\"")) {
        state.delimiter = delimiter
        state.quote = quote ?? 0
        state.is_quoting = quote == nil ? 0 : 1
        state.at_start = 1
    }

    /// Forgets everything scanned, for the next text.
    @inlinable
    public mutating func startOver() {
        self = CSVIndex(delimiter: state.delimiter, quote: state.is_quoting == 0 ? nil : state.quote)
    }

    /// Separators found so far.
    @inlinable public var separatorCount: Int { Int(state.separator_count) }
    /// Record ends found so far.
    @inlinable public var recordCount: Int { Int(state.record_count) }
    /// Whether the text so far ends within quotes: at its end, a quote that nobody closed.
    @inlinable public var isInsideQuotes: Bool { state.inside != 0 }
    /// Whether there was a quote; without one no field needs to be looked at for them.
    @inlinable public var hasQuotes: Bool { state.has_quotes != 0 }
    /// Line feeds within quotes: lines that end where no record does.
    @inlinable public var quotedFeedCount: Int { Int(state.quoted_feed_count) }
    /// Whether all bytes scanned so far are below 0x80.
    @inlinable public var isASCII: Bool { state.high == 0 }
    /// False where a quote stood within an unquoted field, text followed a closing quote, or a carriage
    /// return stood alone outside of quotes. What the scan found means nothing then.
    @inlinable public var isRegular: Bool { state.irregular == 0 }
    /// Whether the last byte was a carriage return outside of quotes: a line end of its own at the end.
    @inlinable public var endsWithReturn: Bool { state.has_returned != 0 }

    /// Appends to `separators` the positions in `bytes` of delimiters and line feeds outside of quotes, and
    /// to `recordEnds` for each of those line feeds which of the separators it is. The line feed of CRLF is
    /// the separator; the carriage return before it is the reader's to leave out.
    ///
    /// Goes on after what was scanned before; `start` must be where the last call stopped. Answers where this
    /// one stopped: at the end of `bytes` (below 4 GiB), or earlier where the buffers have fewer than
    /// `sparePlaces` free. With `bytes.count + sparePlaces` places one call is enough.
    @inlinable
    public mutating func scan(
        _ bytes: UnsafeRawBufferPointer, from start: Int = 0, separators: UnsafeMutableBufferPointer<UInt32>,
        recordEnds: UnsafeMutableBufferPointer<UInt32>
    ) -> Int {
        guard let base = bytes.baseAddress, let separatorPlaces = separators.baseAddress,
            let recordPlaces = recordEnds.baseAddress, start < bytes.count
        else { return bytes.count }
        return Int(
            tenon_csv_scan(
                &state, base.assumingMemoryBound(to: UInt8.self), bytes.count, start, separatorPlaces,
                recordPlaces, min(separators.count, recordEnds.count)))
    }
}
