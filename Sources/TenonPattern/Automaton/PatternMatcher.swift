internal import Synchronization

/// A program that many threads match with at the same time, each on a table of its own as far as there are
/// enough.
struct PatternMatcher: Sendable {
    private static let tableCount = 4
    private let tables: [Table]

    init(_ program: PatternProgram) {
        tables = (0..<Self.tableCount).map { _ in Table(LazyAutomaton(program)) }
    }

    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        for table in tables {
            let answer = table.automaton.withLockIfAvailable { $0.matches(text) }
            if let answer { return answer }
        }
        return tables[0].automaton.withLock { $0.matches(text) }
    }

    /// A class, so that an array can hold the lock.
    private final class Table: Sendable {
        let automaton: Mutex<LazyAutomaton>

        init(_ automaton: LazyAutomaton) { self.automaton = Mutex(automaton) }
    }
}
