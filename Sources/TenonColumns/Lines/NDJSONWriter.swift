internal import TenonBatches
package import TenonModel

/// Writes batches as lines of JSON, by the contract of `tenon/records.h`.
package struct NDJSONWriter {
    /// Rows are put together here before they join the others.
    private static let scratchBytes = 64 << 10

    /// One object a row, each line ended by LF. Throws where a float is not a number or infinite.
    package static func lines(of batch: Batch) throws(TenonError) -> [UInt8] {
        let columns = LineColumns(batch)
        var text: [UInt8] = []
        text.reserveCapacity(batch.byteCount + batch.rowCount * columns.keyByteCount)
        var capacity = scratchBytes
        var scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        defer { scratch.deallocate() }
        var count = 0
        for row in 0..<batch.rowCount {
            let room = columns.room(row)
            if count + room > capacity {
                text.append(contentsOf: UnsafeBufferPointer(start: scratch, count: count))
                count = 0
                if room > capacity {
                    scratch.deallocate()
                    capacity = room
                    scratch = .allocate(capacity: capacity)
                }
            }
            count += try columns.write(row, to: scratch + count)
        }
        text.append(contentsOf: UnsafeBufferPointer(start: scratch, count: count))
        return text
    }
}

/// The columns of a batch and what stands before their values: `{"id":`, then `,"name":`.
private struct LineColumns {
    private let batch: Batch
    private var keys: [UInt8] = []
    private var keyEnds: [Int] = [0]
    /// Columns whose values have different lengths, and what all others may touch in a line together.
    private var variable: [Column] = []
    private var fixedRoom = 16

    init(_ batch: Batch) {
        self.batch = batch
        for (field, column) in zip(batch.schema.fields, batch.columns) {
            keys += (keys.isEmpty ? "{" : ",").utf8
            keys += (JSONText.quoted(field.name) + ":").utf8
            keyEnds.append(keys.count)
            if column.type.layout == .variable { variable.append(column) } else { fixedRoom += 64 }
        }
        if batch.columns.isEmpty {
            keys = [UInt8(ascii: "{")]
        }
        fixedRoom += keys.count
    }

    var keyByteCount: Int { keys.count + 3 }

    /// The most bytes that writing a line may touch.
    @inline(__always)
    func room(_ row: Int) -> Int {
        var room = fixedRoom
        for column in variable { room &+= column.textRoom(row) }
        return room
    }

    /// Writes a line and answers how many bytes it has.
    @inline(__always)
    func write(_ row: Int, to target: UnsafeMutablePointer<UInt8>) throws(TenonError) -> Int {
        var count = 0
        for index in batch.columns.indices {
            count &+= writeKey(keyEnds[index]..<keyEnds[index &+ 1], to: target + count)
            guard let written = batch.columns[index].writeJSON(row, to: target + count) else {
                throw batch.columns[index].notFinite(row, batch.schema.fields[index].name)
            }
            count &+= written
        }
        if batch.columns.isEmpty { count = writeKey(0..<1, to: target) }
        target[count] = UInt8(ascii: "}")
        target[count &+ 1] = UInt8(ascii: "\n")
        return count &+ 2
    }

    @inline(__always)
    private func writeKey(_ range: Range<Int>, to target: UnsafeMutablePointer<UInt8>) -> Int {
        keys.withUnsafeBufferPointer { keys in
            guard let base = keys.baseAddress else { return }
            target.update(from: base + range.lowerBound, count: range.count)
        }
        return range.count
    }
}
