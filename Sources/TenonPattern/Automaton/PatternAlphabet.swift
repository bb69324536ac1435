/// The scalars that a program tells apart: those that are in the same sets are one letter.
struct PatternAlphabet: Sendable {
    private static let maxWork = 4_000_000
    private static let maxLetters = 60_000
    private static let lowCount: UInt32 = 0x800

    /// Letters are numbered from 0.
    let count: Int
    /// One scalar of each letter.
    let examples: [UInt32]
    /// The letter of each scalar below 0x800, which are those of one and of two bytes.
    let lowLetters: [UInt16]
    /// Where the letter changes, from 0 on.
    private let starts: [UInt32]
    private let letters: [UInt16]

    init(separating sets: [ScalarSet]) throws(PatternError) {
        var bounds: Set<UInt32> = [0]
        for set in sets {
            for range in set.ranges {
                bounds.insert(range.lowerBound)
                if range.upperBound < ScalarSet.last { bounds.insert(range.upperBound + 1) }
            }
        }
        let starts = bounds.sorted()
        var partition = Partition(starts: starts)
        var work = 0
        for set in sets {
            work += partition.split(by: set)
            guard work <= Self.maxWork else {
                throw PatternError(
                    kind: .tooLarge, message: "tells too many kinds of characters apart", offset: nil)
            }
        }
        let (letters, examples) = partition.numbered()
        guard examples.count <= Self.maxLetters else {
            throw PatternError(
                kind: .tooLarge, message: "tells too many kinds of characters apart", offset: nil)
        }
        self.starts = starts
        self.letters = letters
        self.examples = examples
        count = examples.count
        lowLetters = Self.lowLetters(starts, letters)
    }

    private static func lowLetters(_ starts: [UInt32], _ letters: [UInt16]) -> [UInt16] {
        var low: [UInt16] = []
        low.reserveCapacity(Int(lowCount))
        for (index, letter) in letters.enumerated() where starts[index] < lowCount {
            let end = index + 1 < starts.count ? min(starts[index + 1], lowCount) : lowCount
            low.append(contentsOf: repeatElement(letter, count: Int(end - starts[index])))
        }
        return low
    }

    func letter(of scalar: UInt32) -> Int {
        scalar < Self.lowCount
            ? Int(lowLetters[Int(scalar)]) : Int(letters[Self.place(of: scalar, in: starts)])
    }

    /// The place of the last start that is not above `scalar`.
    private static func place(of scalar: UInt32, in starts: [UInt32]) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= scalar { low = middle } else { high = middle }
        }
        return low
    }

    /// Intervals in groups, which each set splits.
    private struct Partition {
        let starts: [UInt32]
        private let places: [UInt32: Int]
        private var groups: [Int]
        private var groupCount = 1

        init(starts: [UInt32]) {
            self.starts = starts
            places = Dictionary(uniqueKeysWithValues: starts.enumerated().map { ($1, $0) })
            groups = [Int](repeating: 0, count: starts.count)
        }

        /// Puts what is in `set` into groups of its own, and answers how many intervals it looked at.
        mutating func split(by set: ScalarSet) -> Int {
            var parts: [Int: Int] = [:]
            var work = 0
            for range in set.ranges {
                guard let first = places[range.lowerBound] else { continue }
                let end = places[range.upperBound + 1] ?? starts.count
                for place in first..<end {
                    let group = groups[place]
                    if let part = parts[group] {
                        groups[place] = part
                    } else {
                        parts[group] = groupCount
                        groups[place] = groupCount
                        groupCount += 1
                    }
                }
                work += end - first
            }
            return work
        }

        /// The groups as numbers without gaps, and the first scalar of each.
        func numbered() -> (letters: [UInt16], examples: [UInt32]) {
            var numbers: [Int: UInt16] = [:]
            var letters: [UInt16] = []
            var examples: [UInt32] = []
            for (place, group) in groups.enumerated() {
                if let number = numbers[group] {
                    letters.append(number)
                } else {
                    let number = UInt16(truncatingIfNeeded: examples.count)
                    numbers[group] = number
                    letters.append(number)
                    examples.append(starts[place])
                }
            }
            return (letters, examples)
        }
    }
}
