/// Where the fields of a block of CSV lie: the result of indexing it, fast or exactly.
///
/// `separators[i]` is the position behind field `i`, counted through all records; the field begins behind the
/// separator before it. `recordEnds[r]` says which separator ends record `r`.
final class CSVPlaces {
    private var memory: UnsafeMutablePointer<UInt32>
    private var capacity = 0
    private(set) var recordEnds: UnsafeMutablePointer<UInt32>
    /// The records to be handed out, each by its first field.
    private(set) var rows: UnsafeMutablePointer<UInt32>
    var separatorCount = 0
    var recordCount = 0
    var rowCount = 0
    /// Records that were looked at, blank lines among them.
    var takenCount = 0
    /// Records that are not CSV, in order.
    var defects: [BrokenQuote] = []
    /// Some fields may be quoted.
    var hasQuotes = false
    /// Some records end with a carriage return alone.
    var hasLoneReturns = false
    /// Some lines may end within records.
    var hasInnerLineEnds = false
    /// Known to have no byte above 0x7F.
    var isASCII = false
    private static let sparePlaces = 80

    init() {
        memory = .allocate(capacity: 1)
        recordEnds = .allocate(capacity: 1)
        rows = .allocate(capacity: 1)
    }

    deinit { free() }

    private func free() {
        memory.deallocate()
        recordEnds.deallocate()
        rows.deallocate()
    }

    /// Before the first separator stands -1, so that the first field begins at 0.
    var separators: UnsafeMutablePointer<UInt32> { memory + 1 }
    var places: Int { capacity - 1 }

    /// Forgets everything and makes room for all that `byteCount` bytes can hold.
    func startOver(_ byteCount: Int) {
        if capacity < byteCount + Self.sparePlaces {
            free()
            capacity = byteCount + Self.sparePlaces
            memory = .allocate(capacity: capacity)
            recordEnds = .allocate(capacity: capacity)
            rows = .allocate(capacity: capacity)
            memory[0] = .max
        }
        separatorCount = 0
        recordCount = 0
        rowCount = 0
        defects.removeAll(keepingCapacity: true)
        hasQuotes = false
        hasLoneReturns = false
        hasInnerLineEnds = false
        isASCII = false
    }

    /// Where the record that begins with field `first` begins.
    @inline(__always)
    func start(_ first: Int) -> Int { Int(separators[first - 1] &+ 1) }

    func append(_ separator: Int) {
        separators[separatorCount] = UInt32(truncatingIfNeeded: separator)
        separatorCount += 1
    }

    /// The separator that was appended last ends a record.
    func endRecord() {
        recordEnds[recordCount] = UInt32(truncatingIfNeeded: separatorCount - 1)
        recordCount += 1
    }
}

/// A record that is not CSV.
struct BrokenQuote {
    enum Kind { case unterminatedQuote, textAfterQuote }
    let kind: Kind
    let record: Int
    /// Where in the block.
    let position: Int
}
