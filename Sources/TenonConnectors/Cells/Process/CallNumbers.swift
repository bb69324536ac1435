internal import Synchronization

/// Ids of calls, unique in this process.
enum CallNumbers {
    private static let last = Atomic<UInt64>(0)
    static func next() -> UInt64 { last.wrappingAdd(1, ordering: .relaxed).newValue }
}
