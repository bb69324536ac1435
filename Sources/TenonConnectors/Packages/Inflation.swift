internal import CZlib
internal import TenonModel

/// Inflates one entry and watches its size while doing so.
enum Inflation {
    private static let pieceBytes = 1 << 16

    static func run(
        _ stored: UnsafeRawBufferPointer, expecting entry: PackageEntry,
        into sink: (UnsafeRawBufferPointer) throws(TenonError) -> Void
    ) throws(TenonError) {
        // zlib remembers the address of its stream, so the stream must not move.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceBytes, alignment: 8)
        defer {
            inflateEnd(stream)
            stream.deallocate()
            piece.deallocate()
        }
        guard inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw TenonError(.packageUnreadable, "The package cannot be unpacked: not enough memory.")
        }
        // zlib only reads the input; its field lacks `const`.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: stored.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(stored.count)
        var total: Int64 = 0
        var code = Z_OK
        while code == Z_OK {
            stream.pointee.next_out = piece.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.avail_out = UInt32(pieceBytes)
            code = inflate(stream, Z_NO_FLUSH)
            let count = pieceBytes - Int(stream.pointee.avail_out)
            total += Int64(count)
            guard total <= entry.byteCount else {
                throw TenonError(
                    .packageBomb,
                    "\(PackageRules.quoted(entry.name)) inflates to more than the \(entry.byteCount) bytes that the "
                        + "package declares. Do not trust this package.")
            }
            if count > 0 { try sink(UnsafeRawBufferPointer(rebasing: piece[..<count])) }
        }
        guard code == Z_STREAM_END, total == entry.byteCount else {
            throw TenonError(
                .packageDamaged,
                "\(PackageRules.quoted(entry.name)) in the package is damaged. Get the package again.")
        }
    }

    /// The bytes deflated, or nil where that does not make them smaller.
    static func deflated(_ bytes: [UInt8]) -> [UInt8]? {
        var count = compressBound(UInt(bytes.count))
        var output = [UInt8](repeating: 0, count: Int(count))
        let code = compress2(&output, &count, bytes, UInt(bytes.count), Z_BEST_COMPRESSION)
        guard code == Z_OK, count < UInt(bytes.count) else { return nil }
        return Array(output.prefix(Int(count)))
    }
}
