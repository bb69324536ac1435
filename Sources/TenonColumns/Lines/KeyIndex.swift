/// Finds a column by the bytes of its name.
struct KeyIndex {
    private let names: [[UInt8]]
    /// Positions + 1 by hash; 0 is free. At most half full.
    private var slots: [Int32]
    private let mask: Int
    /// Keys of records mostly come in the same order, so the one after the last found is tried first.
    private var expected = 0

    init(_ names: [String]) {
        self.names = names.map { Array($0.utf8) }
        var size = 8
        while size < names.count * 2 { size *= 2 }
        mask = size - 1
        slots = [Int32](repeating: 0, count: size)
        for (position, name) in self.names.enumerated() {
            var slot = name.withUnsafeBytes { Self.hash($0) } & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(truncatingIfNeeded: position + 1)
        }
    }

    mutating func startRow() { expected = 0 }

    mutating func position(of key: UnsafeRawBufferPointer) -> Int? {
        if expected < names.count, Self.isEqual(names[expected], key) {
            expected &+= 1
            return expected &- 1
        }
        var slot = Self.hash(key) & mask
        while slots[slot] != 0 {
            let position = Int(slots[slot]) - 1
            if Self.isEqual(names[position], key) {
                expected = position + 1
                return position
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    func contains(_ key: UnsafeRawBufferPointer) -> Bool {
        var slot = Self.hash(key) & mask
        while slots[slot] != 0 {
            if Self.isEqual(names[Int(slots[slot]) - 1], key) { return true }
            slot = (slot + 1) & mask
        }
        return false
    }

    private static func isEqual(_ name: [UInt8], _ key: UnsafeRawBufferPointer) -> Bool {
        guard name.count == key.count else { return false }
        return name.withUnsafeBytes { ByteOrder.isEqual($0, key) }
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
        Int(truncatingIfNeeded: ByteOrder.hash(bytes))
    }
}
