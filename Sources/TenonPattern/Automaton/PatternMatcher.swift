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

    func search(_ text: UnsafeBufferPointer<UInt8>) -> PatternSearch {
        for table in tables {
            let answer = table.automaton.withLockIfAvailable { search(text, &$0) }
            if let answer { return answer }
        }
        return tables[0].automaton.withLock { search(text, &$0) }
    }

    private func search(
        _ text: UnsafeBufferPointer<UInt8>, _ automaton: inout LazyAutomaton?
    ) -> PatternSearch {
        var table = automaton.take() ?? LazyAutomaton(program)
        defer { automaton = table }
        return table.search(text)
    }

    /// A class, so that an array can hold the lock.
    private final class Table: Sendable {
        let automaton = Mutex<LazyAutomaton?>(nil)
    }
}
