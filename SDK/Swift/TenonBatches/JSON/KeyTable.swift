/// Numbers keys by their bytes.
struct KeyTable {
    private let keys: [[UInt8]]
    /// Numbers + 1 by hash; 0 is free. At most half full.
    private var slots: [Int32]
    private let mask: Int

    /// Of two equal keys the first counts.
    init(_ keys: [[UInt8]]) {
        self.keys = keys
        var size = 8
        while size < keys.count * 2 { size *= 2 }
        mask = size - 1
        slots = [Int32](repeating: 0, count: size)
        for (number, key) in keys.enumerated() {
            let slot = key.withUnsafeBytes { self.slot(of: $0) }
            if slots[slot] == 0 { slots[slot] = Int32(truncatingIfNeeded: number + 1) }
        }
    }

    func number(of key: UnsafeRawBufferPointer) -> Int? {
        let found = slots[slot(of: key)]
        return found == 0 ? nil : Int(found) - 1
    }

    /// The slot of the key, or the free one where it would be.
    private func slot(of key: UnsafeRawBufferPointer) -> Int {
        var slot = Self.hash(key) & mask
        while slots[slot] != 0, !isEqual(keys[Int(slots[slot]) - 1], key) { slot = (slot + 1) & mask }
        return slot
    }

    private func isEqual(_ known: [UInt8], _ key: UnsafeRawBufferPointer) -> Bool {
        known.count == key.count && known.elementsEqual(key)
    }

    private static func hash(_ key: UnsafeRawBufferPointer) -> Int {
        var hash = UInt64(key.count)
        for byte in key {
            hash = (hash ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
        }
        return Int(truncatingIfNeeded: hash ^ hash >> 32)
    }
}
