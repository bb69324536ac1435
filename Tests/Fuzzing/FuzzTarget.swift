/// One parser, fed with bytes that libFuzzer makes up.
struct FuzzTarget: Sendable {
    let name: String
    /// Where the search begins.
    let seeds: [String]
    /// The same in files of the machine; those that are not there are left out.
    var seedFiles: [String] = []
    /// The same where it is made by programs.
    var madeSeeds: @Sendable () -> [[UInt8]] = { [] }
    /// Must return. What the parser promises (it prints what it reads, it never goes backwards) is checked
    /// here, and a broken promise ends the process.
    let run: @Sendable ([UInt8]) -> Void

    static let all: [FuzzTarget] = [
        .json, .expression, .template, .schedule, .zone, .moment, .schema, .pattern, .version, .definition,
        .pipeline, .yaml, .manifest, .package, .cell, .ring, .batch, .lines, .csv, .ndjson,
    ]
}

/// Ends the process, so that libFuzzer keeps the input: this is a broken promise.
func broken(_ promise: String) -> Never {
    fatalError("broken promise: \(promise)")
}

extension [UInt8] {
    /// The parts between NUL bytes, for targets that take more than one text.
    func parts(_ count: Int) -> [[UInt8]] {
        var parts = split(separator: 0, maxSplits: count - 1, omittingEmptySubsequences: false).map(
            Array.init)
        while parts.count < count { parts.append([]) }
        return parts
    }

    var text: String { String(decoding: self, as: UTF8.self) }
}
