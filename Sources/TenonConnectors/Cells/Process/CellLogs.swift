internal import CPlatform
internal import TenonModel
internal import TenonTransport

/// Turns what comes out of a cell's two pipes into lines: at most so many a second, each of bounded length;
/// what is too much is counted and dropped.
struct CellLogs {
    private static let maxLineBytes = 8192

    private let instance: String
    private let sink: @Sendable (LogLine) -> Void
    private var records: [UInt8] = []
    private var output: [UInt8] = []
    /// What came before `output` was emitted without the end of its line.
    private var isContinued = false
    private var windowStart: UInt64 = 0
    private var linesInWindow = 0
    private var dropped: UInt64 = 0

    init(instance: String, sink: @escaping @Sendable (LogLine) -> Void) {
        self.instance = instance
        self.sink = sink
    }

    /// More came in this second than is taken.
    var isFlooding: Bool { linesInWindow > Limits.cellLogLinesPerSecond }

    /// Lines of the log service.
    mutating func take(records bytes: ArraySlice<UInt8>) throws(ProtocolViolation) {
        records += bytes
        var start = 0
        while true {
            let found: Result<(LogRecord.Decoded, Int)?, ProtocolViolation> = records.withUnsafeBytes { raw in
                Result { () throws(ProtocolViolation) in
                    try LogRecord.decode(UnsafeRawBufferPointer(rebasing: raw[start...]))
                }
            }
            guard let (record, size) = try found.get() else { break }
            start += size
            countDropped(record.dropped)
            let level = LogLine.Level(rawValue: UInt32(record.level)) ?? .error
            emit(level, .service, record.message, record.fields)
        }
        records.removeFirst(start)
    }

    /// What was printed.
    mutating func take(output bytes: ArraySlice<UInt8>) {
        for byte in bytes {
            if byte == 0x0A {
                flushOutput(isWhole: true)
            } else {
                if isFull(before: byte) { flushOutput(isWhole: false) }
                output.append(byte)
            }
        }
    }

    mutating func finish() { flushOutput(isWhole: true) }

    /// Characters stay whole, so that what is found in the pieces is what was printed.
    private func isFull(before byte: UInt8) -> Bool {
        let isInside = byte & 0xC0 == 0x80 && output.count < Self.maxLineBytes + 3
        return output.count >= Self.maxLineBytes && !isInside
    }

    private mutating func flushOutput(isWhole: Bool) {
        defer { isContinued = !isWhole }
        guard !output.isEmpty else { return }
        emit(.info, .standardOutput, String(decoding: output, as: UTF8.self), "")
        output.removeAll(keepingCapacity: true)
    }

    /// The cell may say any number.
    private mutating func countDropped(_ count: UInt64) {
        let (sum, isTooLarge) = dropped.addingReportingOverflow(count)
        dropped = isTooLarge ? .max : sum
    }

    private mutating func emit(
        _ level: LogLine.Level, _ origin: LogLine.Origin, _ message: String, _ fields: String
    ) {
        let now = tp_monotonic_nanoseconds()
        if now &- windowStart > 1_000_000_000 {
            windowStart = now
            linesInWindow = 0
        }
        linesInWindow += 1
        guard linesInWindow <= Limits.cellLogLinesPerSecond else {
            countDropped(1)
            return
        }
        var line = LogLine(
            instanceName: instance, level: level, origin: origin, message: message, fieldsJSON: fields,
            droppedBefore: dropped)
        line.isContinued = isContinued && origin == .standardOutput
        sink(line)
        dropped = 0
    }
}
