/// Builds a column row by row.
package final class ColumnBuilder {
    package let type: ColumnType
    // Unchecked exclusivity: no function here hands these out or calls back while it changes them, and the
    // checks would cost more than the values.
    @exclusivity(unchecked) package private(set) var count = 0
    @exclusivity(unchecked) private var nullCount = 0
    @exclusivity(unchecked) private var hasValidity = false
    @exclusivity(unchecked) private var validity = BitBuilder()
    @exclusivity(unchecked) private var bits = BitBuilder()
    @exclusivity(unchecked) private var values: RawBuilder
    @exclusivity(unchecked) private var data: RawBuilder
    private let layout: ColumnLayout

    package init(_ type: ColumnType) {
        self.type = type
        layout = type.layout
        values = RawBuilder()
        data = RawBuilder(capacity: 64)
        if layout == .variable { values.append(Int32(0)) }
    }

    /// The bytes collected so far, about.
    package var byteCount: Int { values.count + data.count + (count >> 3) }

    // MARK: Rows

    package func appendNull() {
        if !hasValidity {
            hasValidity = true
            validity.append(repeating: true, count: count)
        }
        validity.append(false)
        nullCount += 1
        count += 1
        switch layout {
        case .bits: bits.append(false)
        case .fixed(let width): values.appendZeros(width)
        case .variable: values.append(Int32(truncatingIfNeeded: data.count))
        case .none: break
        }
    }

    /// Appends a value of the type's own width.
    @inline(__always)
    func append<T: BitwiseCopyable>(fixed value: T) {
        values.append(value)
        didAppend()
    }

    package func append(_ value: Bool) {
        bits.append(value)
        didAppend()
    }

    /// Appends to utf8, binary or json. False where the column would pass 2 GiB.
    @inline(__always)
    @discardableResult
    package func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard data.count &+ bytes.count <= Int(Int32.max) else { return false }
        data.append(bytes)
        values.append(Int32(truncatingIfNeeded: data.count))
        didAppend()
        return true
    }

    @discardableResult
    package func append(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    @inline(__always)
    private func didAppend() {
        if hasValidity { validity.append(true) }
        count &+= 1
    }

    /// Takes back the rows from `row` on.
    package func truncate(to row: Int) {
        guard row < count else { return }
        if hasValidity {
            for index in row..<count where !validity.isSet(index) { nullCount -= 1 }
            validity.truncate(to: row)
        }
        switch layout {
        case .bits: bits.truncate(to: row)
        case .fixed(let width): values.truncate(to: row * width)
        case .variable:
            values.truncate(to: (row + 1) * 4)
            data.truncate(to: Int(values.pointer.load(fromByteOffset: row * 4, as: Int32.self)))
        case .none: break
        }
        count = row
    }

    /// The column; the builder starts over.
    package func finish() -> Column {
        defer { reset() }
        return Column(
            type, count: count, nullCount: nullCount, validity: hasValidity ? validity.finish() : nil,
            values: layout == .bits ? bits.finish() : values.finish(),
            data: layout == .variable ? data.finish() : nil)
    }

    private func reset() {
        count = 0
        nullCount = 0
        hasValidity = false
        if layout == .variable { values.append(Int32(0)) }
    }
}
