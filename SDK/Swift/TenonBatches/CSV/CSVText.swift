/// Text of single fields of CSV.
public enum CSVText {
    /// Writes what a quoted field means, without the doubled quotes, and answers how many bytes that are, at
    /// most `content.count`. `content` is what stands between the opening and the closing quote. After a
    /// quote that is not doubled, which ends the quoting, all bytes count as they are.
    @inlinable
    public static func unquote(
        _ content: UnsafeRawBufferPointer, quote: UInt8, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var read = 0
        var written = 0
        while read < content.count {
            let next = ByteSearch.first(quote, in: content, from: read) ?? content.count
            copy(content, read..<next, to: target + written)
            written += next - read
            guard next < content.count else { break }
            if next + 1 < content.count, content[next + 1] == quote {
                target[written] = quote
                written += 1
                read = next + 2
                continue
            }
            copy(content, next + 1..<content.count, to: target + written)
            written += content.count - next - 1
            break
        }
        return written
    }

    @inlinable
    static func copy(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, to target: UnsafeMutablePointer<UInt8>
    ) {
        guard let base = bytes.baseAddress, !range.isEmpty else { return }
        UnsafeMutableRawPointer(target).copyMemory(from: base + range.lowerBound, byteCount: range.count)
    }

    /// Writes a field between quotes and answers how many bytes that are, at most `2 * field.count + 2`.
    @inlinable
    @inline(never)
    public static func writeQuoted(
        _ field: UnsafeRawBufferPointer, _ quote: UInt8, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var written = 1
        var read = 0
        target[0] = quote
        while read < field.count {
            let next = ByteSearch.first(quote, in: field, from: read)
            let end = next.map { $0 + 1 } ?? field.count
            copy(field, read..<end, to: target + written)
            written += end - read
            if next != nil {
                target[written] = quote
                written += 1
            }
            read = end
        }
        target[written] = quote
        return written + 1
    }
}
