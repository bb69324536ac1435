internal import TenonBatches

/// The lines of a block that were taken: those kept by the place of their fields, and those rejected.
struct NDJSONLines {
    private struct Item {
        let start: Int
        let problem: String
        let place: Int?
    }

    let text: UnsafeRawBufferPointer
    /// Where each kept line begins.
    let starts: UnsafeMutablePointer<UInt32>
    var keptCount = 0
    private var items: [Item] = []

    init(_ text: UnsafeRawBufferPointer, starts: UnsafeMutablePointer<UInt32>) {
        self.text = text
        self.starts = starts
    }

    /// Where the line after the one that begins at `start` begins.
    func end(of start: Int) -> Int {
        ByteSearch.first(UInt8(ascii: "\n"), in: text, from: start).map { $0 + 1 } ?? text.count
    }

    /// `place` is the byte in the line, from 1.
    mutating func reject(_ problem: String, _ start: Int, place: Int? = nil) {
        items.append(Item(start: start, problem: problem, place: place))
    }

    /// The rejected lines in the order of the file; `firstLine` lines stand before the block.
    func rejects(firstLine: Int) -> [RejectedRecord] {
        guard !items.isEmpty else { return [] }
        var line = firstLine
        var position = 0
        return items.sorted { $0.start < $1.start }.map { item in
            line += ByteSearch.count(
                UInt8(ascii: "\n"), in: UnsafeRawBufferPointer(rebasing: text[position..<item.start]))
            position = item.start
            var end = end(of: item.start)
            while end > item.start, text[end - 1] == 0x0A || text[end - 1] == 0x0D { end -= 1 }
            let shown = text[item.start..<min(end, item.start + RejectedRecord.maxBytes)]
            return RejectedRecord(
                problem: item.problem, line: line, place: item.place, bytes: Array(shown))
        }
    }
}
