/// Finds the events in the bytes of a `text/event-stream` (HTML Standard, section 9.2). Ids and retry times
/// are passed over: every event here tells the whole state.
struct EventStreamParser {
    struct Event: Equatable {
        /// "message" where the stream names none.
        var name: String
        var data: [UInt8]
    }
    struct TooLarge: Error {}

    let maxEventBytes: Int
    private var line: [UInt8] = []
    private var name = ""
    private var data: [UInt8]?
    private var isAfterReturn = false
    private var isFirstLine = true

    init(maxEventBytes: Int) { self.maxEventBytes = maxEventBytes }

    /// The events that `bytes` complete.
    mutating func events(in bytes: some Sequence<UInt8>) throws(TooLarge) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            let isSecondOfLineEnd = isAfterReturn && byte == UInt8(ascii: "\n")
            isAfterReturn = byte == UInt8(ascii: "\r")
            if isSecondOfLineEnd { continue }
            if isAfterReturn || byte == UInt8(ascii: "\n") {
                if let event = endLine() { events.append(event) }
            } else {
                line.append(byte)
                if line.count + (data?.count ?? 0) > maxEventBytes { throw TooLarge() }
            }
        }
        return events
    }

    private mutating func endLine() -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        // A byte order mark at the beginning is no part of the first line.
        if isFirstLine, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        isFirstLine = false
        guard !line.isEmpty else {
            defer { (name, data) = ("", nil) }
            return data.map { Event(name: name.isEmpty ? "message" : name, data: $0) }
        }
        let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count > 1 ? parts[1] : []
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch String(decoding: parts[0], as: UTF8.self) {
        case "event": name = String(decoding: value, as: UTF8.self)
        case "data": data = data.map { $0 + [UInt8(ascii: "\n")] + value } ?? Array(value)
        default: break
        }
        return nil
    }
}
