/// What stood before the values of earlier lines, white space and colon included, in order: the next line
/// most likely has the same bytes there, and then nobody needs to read its keys.
struct KeyOrder {
    struct Entry {
        /// Where the bytes begin in `bytes`, and how many they are.
        let start: Int
        let count: Int
        /// The number of the wanted key; -1 for keys that nobody wants.
        let key: Int
    }

    /// The bytes of all entries, each followed by room to read whole words.
    private(set) var bytes: UnsafeMutablePointer<UInt8>
    private(set) var entries: UnsafeMutablePointer<Entry>
    private(set) var count = 0
    private var byteCount = 0
    private let byteCapacity: Int
    private let capacity: Int

    private static let maxEntryBytes = 256
    private static let spare = 8

    /// Room for the wanted keys and some more; what does not fit is not remembered.
    init(keyCount: Int) {
        capacity = keyCount * 2 + 64
        byteCapacity = min(capacity * 64, 1 << 20)
        bytes = .allocate(capacity: byteCapacity)
        entries = .allocate(capacity: capacity)
    }

    func free() {
        bytes.deallocate()
        entries.deallocate()
    }

    mutating func insert(_ text: UnsafeRawBufferPointer, key: Int, at position: Int) {
        guard count < capacity, text.count <= Self.maxEntryBytes, position <= count,
            byteCount + text.count + Self.spare <= byteCapacity
        else { return }
        for index in 0..<text.count { bytes[byteCount + index] = text[index] }
        for index in stride(from: count, to: position, by: -1) { entries[index] = entries[index - 1] }
        entries[position] = Entry(start: byteCount, count: text.count, key: key)
        byteCount += text.count + Self.spare
        count += 1
    }

    /// Whether the entry's bytes stand at `text`, of which 8 bytes more than the entry has can be read.
    @inline(__always)
    static func matches(
        _ entry: Entry, _ bytes: UnsafeMutablePointer<UInt8>, _ text: UnsafeRawPointer
    ) -> Bool {
        let known = UnsafeRawPointer(bytes + entry.start)
        var at = 0
        while at &+ 8 <= entry.count {
            if known.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                != text.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            {
                return false
            }
            at &+= 8
        }
        let difference =
            known.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            ^ text.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        return difference & (1 &<< UInt64(truncatingIfNeeded: (entry.count &- at) &* 8) &- 1) == 0
    }
}
