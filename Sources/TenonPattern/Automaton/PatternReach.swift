/// What can be said of a program from its begin on.
struct PatternReach {
    let instructions: [PatternProgram.Instruction]

    /// Whether nothing but a begin of the text can be passed without reading.
    var isAnchored: Bool {
        var seen = [Bool](repeating: false, count: instructions.count)
        var open = [0]
        while let place = open.popLast() {
            guard !seen[place] else { continue }
            seen[place] = true
            switch instructions[place] {
            case .scalar, .accept: return false
            case .split(let first, let second): open += [first, second]
            case .assertion(.textBegin): break
            case .assertion, .save: open.append(place + 1)
            }
        }
        return true
    }

    private static let maxPrefix = 32

    /// The UTF-8 of the scalars that stand at the begin, each the only one of its set.
    func prefix(_ sets: [ScalarSet]) -> [UInt8] {
        var bytes: [UInt8] = []
        for instruction in instructions {
            if case .save = instruction { continue }
            guard case .scalar(let number) = instruction,
                let scalar = sets[number].single.flatMap(Unicode.Scalar.init)
            else { break }
            let encoded = Array(String(scalar).utf8)
            guard bytes.count + encoded.count <= Self.maxPrefix else { break }
            bytes += encoded
        }
        return bytes
    }
}
