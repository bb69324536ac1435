/// Numbers distinct keys from 0. Keys of at most 16 bytes lie in their slot, longer ones in one piece of
/// memory.
///
/// Slots and bytes are plain memory of this object: whoever loops over rows takes the pointers out first and
/// takes them again after `insert`.
final class KeyTable {
    struct Slot: BitwiseCopyable {
        /// The key, or the hash of a long one and where it begins.
        var low: UInt64
        var high: UInt64
        /// The length of the key; `null` for none.
        var tag: UInt32
        /// Below zero: the slot is free.
        var number: Int32

        static let free = Slot(low: 0, high: 0, tag: 0, number: -1)
    }

    static let null = UInt32.max

    let hash = KeyHash()
    private(set) var slots: UnsafeMutablePointer<Slot>
    private(set) var mask: Int
    private(set) var count = 0
    /// Of all keys.
    private(set) var byteCount = 0
    private var slotByteCount: Int { (mask + 1) * MemoryLayout<Slot>.stride }
    private var longKeys: [UInt8] = []
    private let maxCount: Int
    private let maxBytes: Int

    init(maxCount: Int, maxBytes: Int) {
        self.maxCount = maxCount
        self.maxBytes = maxBytes
        mask = 63
        slots = Self.allocate(64)
    }

    deinit { slots.deallocate() }

    private static func allocate(_ count: Int) -> UnsafeMutablePointer<Slot> {
        let slots = UnsafeMutablePointer<Slot>.allocate(capacity: count)
        slots.initialize(repeating: .free, count: count)
        return slots
    }

    /// Where a short key is, or the free slot where it belongs.
    @inline(__always)
    static func find(
        _ low: UInt64, _ high: UInt64, _ tag: UInt32, hash: UInt64,
        _ slots: UnsafeMutablePointer<Slot>, _ mask: Int
    ) -> UnsafeMutablePointer<Slot> {
        var index = Int(truncatingIfNeeded: hash) & mask
        while true {
            let slot = slots + index
            let difference = (slot.pointee.low ^ low) | (slot.pointee.high ^ high)
            if difference == 0, slot.pointee.tag == tag, slot.pointee.number >= 0 { return slot }
            if slot.pointee.number < 0 { return slot }
            index = (index &+ 1) & mask
        }
    }

    /// The number of a key of any length; below zero where it is new and there is room for no more.
    func number(of key: UnsafeRawBufferPointer) -> (number: Int32, isNew: Bool) {
        guard key.count > ShortBytes.maxCount else {
            let (low, high) = key.baseAddress.map { ShortBytes.loadSlowly($0, key.count) } ?? (0, 0)
            let tag = UInt32(truncatingIfNeeded: key.count)
            let slot = Self.find(low, high, tag, hash: hash(low, high, tag), slots, mask)
            if slot.pointee.number >= 0 { return (slot.pointee.number, false) }
            return (insert(low, high, tag, at: slot), true)
        }
        let full = hash(key)
        let slot = findLong(key, full)
        if slot.pointee.number >= 0 { return (slot.pointee.number, false) }
        let start = UInt64(longKeys.count)
        guard hasRoom(key.count) else { return (-1, true) }
        longKeys.append(contentsOf: key)
        return (insert(full, start, UInt32(truncatingIfNeeded: key.count), at: slot), true)
    }

    /// Whether the key is known.
    func contains(_ key: UnsafeRawBufferPointer) -> Bool {
        guard key.count > ShortBytes.maxCount else {
            let (low, high) = key.baseAddress.map { ShortBytes.loadSlowly($0, key.count) } ?? (0, 0)
            let tag = UInt32(truncatingIfNeeded: key.count)
            return Self.find(low, high, tag, hash: hash(low, high, tag), slots, mask).pointee.number >= 0
        }
        return findLong(key, hash(key)).pointee.number >= 0
    }

    private func findLong(_ key: UnsafeRawBufferPointer, _ full: UInt64) -> UnsafeMutablePointer<Slot> {
        longKeys.withUnsafeBytes { known in
            var index = Int(truncatingIfNeeded: full) & mask
            while true {
                let slot = slots + index
                if slot.pointee.number < 0 { return slot }
                if slot.pointee.low == full, slot.pointee.tag == UInt32(truncatingIfNeeded: key.count) {
                    let start = Int(truncatingIfNeeded: slot.pointee.high)
                    let bytes = UnsafeRawBufferPointer(rebasing: known[start..<start + key.count])
                    if ByteOrder.isEqual(bytes, key) { return slot }
                }
                index = (index &+ 1) & mask
            }
        }
    }

    /// Takes a free slot that `find` gave; the slots may move. Below zero where there is room for no more.
    @inline(never)
    func insert(_ low: UInt64, _ high: UInt64, _ tag: UInt32, at slot: UnsafeMutablePointer<Slot>) -> Int32 {
        let size = tag == Self.null ? 0 : Int(tag)
        guard hasRoom(size) else { return -1 }
        let number = Int32(truncatingIfNeeded: count)
        slot.pointee = Slot(low: low, high: high, tag: tag, number: number)
        count += 1
        byteCount += size
        if isCrowded(count) { grow() }
        return number
    }

    /// Whether one more key of that size may be kept, with the slots that it takes.
    private func hasRoom(_ size: Int) -> Bool {
        let slotBytes = isCrowded(count + 1) ? slotByteCount * 2 : slotByteCount
        return count < maxCount && size <= maxBytes - byteCount - slotBytes
    }

    /// Small tables stay half empty, for speed; those of 100 MB and more fill up further.
    private func isCrowded(_ count: Int) -> Bool {
        mask < 1 << 22 ? count * 2 > mask : count * 4 > mask * 3
    }

    private func grow() {
        let larger = Self.allocate((mask + 1) * 2)
        let newMask = (mask + 1) * 2 - 1
        for index in 0...mask where slots[index].number >= 0 {
            let slot = slots[index]
            let isLong = slot.tag != Self.null && slot.tag > UInt32(ShortBytes.maxCount)
            let full = isLong ? slot.low : hash(slot.low, slot.high, slot.tag)
            var place = Int(truncatingIfNeeded: full) & newMask
            while larger[place].number >= 0 { place = (place + 1) & newMask }
            larger[place] = slot
        }
        slots.deallocate()
        slots = larger
        mask = newMask
    }
}
