/// A text by the borders between its scalars.
struct FinderText {
    let bytes: [UInt8]
    private let program: FinderProgram

    /// Two scalars and the position between them.
    struct Border {
        var position: Int
        var before: PatternState.Before
        /// Nil at the end of the text.
        var scalar: UInt32?
        var scalarLength = 0
        var after: PatternState.Before?
    }

    init(_ bytes: [UInt8], _ program: FinderProgram) {
        self.bytes = bytes
        self.program = program
    }

    /// The border at `position`, which is one between scalars.
    func border(at position: Int) -> Border {
        guard position > 0 else { return looking(Border(position: position, before: .textBegin)) }
        var begin = position - 1
        // A scalar has at most three bytes after its first.
        while begin > 0, position - begin < 4, bytes[begin] & 0xC0 == 0x80 { begin -= 1 }
        return looking(Border(position: position, before: kind(of: scalar(at: begin).0)))
    }

    /// The border behind the scalar that follows `border`.
    func border(after border: Border) -> Border {
        looking(Border(position: border.position + border.scalarLength, before: border.after ?? .other))
    }

    /// The position behind the scalar at `position`.
    func position(after position: Int) -> Int {
        position < bytes.count ? position + scalar(at: position).1 : position + 1
    }

    private func looking(_ border: Border) -> Border {
        var border = border
        guard border.position < bytes.count else { return border }
        let (scalar, length) = scalar(at: border.position)
        (border.scalar, border.scalarLength, border.after) = (scalar, length, kind(of: scalar))
        return border
    }

    private func scalar(at position: Int) -> (UInt32, Int) {
        let byte = bytes[position]
        if byte < 0x80 { return (UInt32(byte), 1) }
        return bytes.withUnsafeBufferPointer { UTF8Scalar.decode($0, at: position) }
    }

    private func kind(of scalar: UInt32) -> PatternState.Before {
        if scalar < 0x80 { return program.lowKinds[Int(scalar)] }
        return program.lineEnds.contains(scalar) ? .lineEnd : .other
    }
}
