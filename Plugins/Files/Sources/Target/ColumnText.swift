internal import TenonConnectorKit

/// A column of texts (utf8, binary, json) of one batch, for loops over its rows.
struct ColumnText {
    let offsets: UnsafePointer<Int32>
    let data: UnsafePointer<UInt8>
    /// A value that ends before this may be copied with up to 16 bytes that follow it.
    let paddedEnd: Int

    /// A column of another kind has no offsets: nothing of it is read here, nor may be of what this makes.
    init(_ column: ColumnView) {
        offsets = column.values.assumingMemoryBound(to: Int32.self)
        data = column.data
        let hasOffsets = column.kind.layout == .variable && column.rowCount > 0
        paddedEnd = (hasOffsets ? Int(offsets[column.rowCount]) : 0) - 16
    }

    /// All bytes of some rows.
    func bytes(_ rows: Range<Int>) -> UnsafeRawBufferPointer {
        let start = Int(offsets[rows.lowerBound])
        return UnsafeRawBufferPointer(start: data + start, count: Int(offsets[rows.upperBound]) - start)
    }

    /// Copies bytes of `data` to `target`, behind which so many bytes and 16 more can be written.
    @inline(__always)
    func copy(_ start: Int, _ count: Int, to target: UnsafeMutablePointer<UInt8>) {
        let from = UnsafeRawPointer(data + start)
        let to = UnsafeMutableRawPointer(target)
        guard start &+ count <= paddedEnd, count <= 256 else {
            to.copyMemory(from: from, byteCount: count)
            return
        }
        var at = 0
        repeat {
            let piece = from.loadUnaligned(fromByteOffset: at, as: SIMD16<UInt8>.self)
            to.storeBytes(of: piece, toByteOffset: at, as: SIMD16<UInt8>.self)
            at &+= 16
        } while at < count
    }
}
