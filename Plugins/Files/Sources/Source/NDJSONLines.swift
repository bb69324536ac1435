internal import TenonBatches

/// The lines of a block as they are taken one after the other.
struct NDJSONLines {
    struct Kept {
        let start: Int
        let line: Int
    }

    let text: UnsafeRawBufferPointer
    /// All of the text is UTF-8.
    let isValid: Bool
    var position = 0
    /// Lines before `position`, since the chunk's start.
    var line: Int
    var kept: [Kept] = []
    var keptCount = 0
    var skippedCount = 0

    init(text: UnsafeRawBufferPointer, isValid: Bool, firstLine: Int) {
        self.text = text
        self.isValid = isValid
        line = firstLine
        kept.reserveCapacity(text.count / 128)
    }

    /// Whether the line may hold nothing but space: it does not begin like an object.
    @inline(__always)
    func isBlank(_ start: Int) -> Bool { text[start] <= 0x20 }

    /// Where the next line begins.
    func end(of start: Int) -> Int {
        ByteSearch.first(UInt8(ascii: "\n"), in: text, from: start).map { $0 + 1 } ?? text.count
    }

    func reject(_ problem: String, _ start: Int, _ line: Int, place: Int?) -> RejectedRecord {
        var end = end(of: start)
        while end > start, text[end - 1] == 0x0A || text[end - 1] == 0x0D { end -= 1 }
        let shown = text[start..<min(end, start + RejectedRecord.maxBytes)]
        return RejectedRecord(problem: problem, line: line, place: place, bytes: Array(shown))
    }
}
