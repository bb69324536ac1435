internal import Synchronization

/// A program that many threads match with at the same time, each on a table of its own as far as there are
/// enough.
struct PatternMatcher: Sendable {
    private static let tableCount = 4
    private let program: PatternProgram
    private let tables: [Table]

    init(_ program: PatternProgram) {
        self.program = program
        tables = (0..<Self.tableCount).map { _ in Table() }
    }

    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        for table in tables {
            let answer = table.automaton.withLockIfAvailable { matches(text, &$0) }
            if let answer { return answer }
        }
        return tables[0].automaton.withLock { matches(text, &$0) }
    }

    private func matches(_ text: UnsafeBufferPointer<UInt8>, _ automaton: inout LazyAutomaton?) -> Bool {
        if automaton == nil { automaton = LazyAutomaton(program) }
        return automaton?.matches(text) ?? false
    }

    /// A class, so that an array can hold the lock.
    private final class Table: Sendable {
        let automaton = Mutex<LazyAutomaton?>(nil)
    }
}
