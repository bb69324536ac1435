/// Which scalars differ only in case (Unicode's simple case folding).
final class CaseFolding: Sendable {
    static let shared = CaseFolding()

    /// All scalars of a group, by each of them. A scalar without others is not here.
    private let groups: [UInt32: [UInt32]]
    private let members: [UInt32]

    private init() {
        var byFold: [UInt32: [UInt32]] = [:]
        // Case exists in the first two planes only.
        for value in UInt32(0)..<0x20000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let fold = Self.fold(scalar)
            if fold != value { byFold[fold, default: [fold]].append(value) }
        }
        var groups: [UInt32: [UInt32]] = [:]
        for group in byFold.values {
            for member in group { groups[member] = group }
        }
        self.groups = groups
        members = groups.keys.sorted()
    }

    /// The lower case of the upper case, which puts all forms of a letter together.
    private static func fold(_ scalar: Unicode.Scalar) -> UInt32 {
        // The dotted and the dotless i of Turkish fold to nothing in simple case folding.
        if scalar.value == 0x130 || scalar.value == 0x131 { return scalar.value }
        let upper = single(scalar.properties.uppercaseMapping) ?? scalar
        let lower = single(upper.properties.lowercaseMapping) ?? upper
        return lower.value
    }

    private static func single(_ text: String) -> Unicode.Scalar? {
        let scalars = text.unicodeScalars
        return scalars.count == 1 ? scalars.first : nil
    }

    /// `set` and everything that differs from a member only in case.
    func closure(of set: ScalarSet) -> ScalarSet {
        var added: [ClosedRange<UInt32>] = []
        for range in set.ranges {
            for value in membersIn(range) {
                added += (groups[value] ?? []).map { $0...$0 }
            }
        }
        return added.isEmpty ? set : ScalarSet(set.ranges + added)
    }

    /// How many scalars of `set` have others that differ only in case.
    func memberCount(of set: ScalarSet) -> Int { set.ranges.reduce(0) { $0 + membersIn($1).count } }

    private func membersIn(_ range: ClosedRange<UInt32>) -> ArraySlice<UInt32> {
        members[place(of: range.lowerBound)..<place(of: range.upperBound + 1)]
    }

    /// The place of the first member that is not below `value`.
    private func place(of value: UInt32) -> Int {
        var low = 0
        var high = members.count
        while low < high {
            let middle = (low + high) / 2
            if members[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
