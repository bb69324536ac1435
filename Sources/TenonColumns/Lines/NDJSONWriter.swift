internal import TenonBatches
package import TenonModel

/// Writes batches as lines of JSON, by the contract of `tenon/records.h`.
package struct NDJSONWriter {
    /// Rows are put together here before they join the others.
    private static let scratchBytes = 64 << 10

    /// One object a row, each line ended by LF. Throws where a float is not a number or infinite.
    package static func lines(of batch: Batch) throws(TenonError) -> [UInt8] {
        let keys = LineKeys(batch.schema.names)
        var text: [UInt8] = []
        text.reserveCapacity(batch.byteCount + batch.rowCount * keys.byteCount)
        var capacity = scratchBytes
        var scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        defer { scratch.deallocate() }
        var count = 0
        for row in 0..<batch.rowCount {
            let room = batch.columns.reduce(keys.room) { $0 + $1.textRoom(row) }
            if count + room > capacity {
                text.append(contentsOf: UnsafeBufferPointer(start: scratch, count: count))
                count = 0
                if room > capacity {
                    scratch.deallocate()
                    capacity = room
                    scratch = .allocate(capacity: capacity)
                }
            }
            count += try write(row, of: batch, keys, to: scratch + count)
        }
        text.append(contentsOf: UnsafeBufferPointer(start: scratch, count: count))
        return text
    }

    private static func write(
        _ row: Int, of batch: Batch, _ keys: LineKeys, to target: UnsafeMutablePointer<UInt8>
    ) throws(TenonError) -> Int {
        var count = 0
        for index in batch.columns.indices {
            count += keys.write(index, to: target + count)
            count += try batch.columns[index].writeJSON(
                row, column: batch.schema.fields[index].name, to: target + count)
        }
        if batch.columns.isEmpty {
            target[0] = UInt8(ascii: "{")
            count = 1
        }
        target[count] = UInt8(ascii: "}")
        target[count + 1] = UInt8(ascii: "\n")
        return count + 2
    }
}

/// What stands before each value of a line: `{"id":`, then `,"name":`.
private struct LineKeys {
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0]

    init(_ names: [String]) {
        for name in names {
            bytes += (bytes.isEmpty ? "{" : ",").utf8
            bytes += (JSONText.quoted(name) + ":").utf8
            ends.append(bytes.count)
        }
    }

    var byteCount: Int { bytes.count + 3 }
    /// What a line may touch besides its values.
    var room: Int { bytes.count + 16 }

    @inline(__always)
    func write(_ index: Int, to target: UnsafeMutablePointer<UInt8>) -> Int {
        let start = ends[index]
        let count = ends[index + 1] - start
        bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            target.update(from: base + start, count: count)
        }
        return count
    }
}
