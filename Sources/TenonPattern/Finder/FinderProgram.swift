/// A pattern as a program of which a machine takes every way at once, the preferred first.
struct FinderProgram: Sendable {
    /// A set of scalars, with those of ASCII at hand.
    struct Letters: Sendable {
        private let low: (UInt64, UInt64)
        private let all: ScalarSet

        init(_ set: ScalarSet) {
            var low: (UInt64, UInt64) = (0, 0)
            for scalar in UInt32(0)..<64 where set.contains(scalar) { low.0 |= 1 << UInt64(scalar) }
            for scalar in UInt32(0)..<64 where set.contains(scalar + 64) { low.1 |= 1 << UInt64(scalar) }
            self.low = low
            all = set
        }

        @inline(__always)
        func contains(_ scalar: UInt32) -> Bool {
            if scalar < 64 { return low.0 >> UInt64(scalar) & 1 == 1 }
            if scalar < 128 { return low.1 >> UInt64(scalar - 64) & 1 == 1 }
            return all.contains(scalar)
        }
    }

    let instructions: [PatternProgram.Instruction]
    let sets: [Letters]
    /// A match can begin at the begin of the text only.
    let isAnchored: Bool
    /// The UTF-8 bytes every match begins with; empty where there are none or what stands before counts.
    let prefix: [UInt8]
    let lineEnds: ScalarSet

    /// What each scalar of ASCII counts for as the one before or behind a border.
    let lowKinds: [PatternState.Before]

    init(
        instructions: [PatternProgram.Instruction], sets: [ScalarSet], prefix: [UInt8], isAnchored: Bool,
        syntax: PatternSyntax
    ) {
        self.instructions = instructions
        self.sets = sets.map(Letters.init)
        self.isAnchored = isAnchored
        self.prefix = prefix
        lineEnds = syntax.lineEnds
        let lineEnds = self.lineEnds
        lowKinds = (UInt32(0)..<128).map { scalar in
            if lineEnds.contains(scalar) { return .lineEnd }
            return ScalarSet.word.contains(scalar) ? .word : .other
        }
    }

    /// Where a match may begin, at `position` or after it; nil where none can.
    func nextBegin(in text: [UInt8], from position: Int) -> Int? {
        guard !prefix.isEmpty else { return position }
        return text.withUnsafeBufferPointer { PatternPrefix.find(prefix, in: $0, from: position) }
    }
}
