/// The places where matches may be at one position of a text, the preferred first, each once and with the
/// positions it has noted on its way.
struct FinderThreads {
    private(set) var places: [Int32] = []
    private(set) var slots: [Int32] = []
    let slotCount: Int
    private var marks: [UInt32]
    private var mark: UInt32 = 1

    init(placeCount: Int, slotCount: Int) {
        self.slotCount = slotCount
        marks = [UInt32](repeating: 0, count: placeCount)
    }

    mutating func removeAll() {
        places.removeAll(keepingCapacity: true)
        slots.removeAll(keepingCapacity: true)
        if mark == .max {
            mark = 0
            for index in marks.indices { marks[index] = 0 }
        }
        mark += 1
    }

    /// False where the place has been reached by a way that is preferred.
    @inline(__always)
    mutating func reach(_ place: Int) -> Bool {
        guard marks[place] != mark else { return false }
        marks[place] = mark
        return true
    }

    mutating func append(_ place: Int, _ noted: [Int32]) {
        places.append(Int32(truncatingIfNeeded: place))
        slots.append(contentsOf: noted)
    }

    /// Copies the positions of one thread to `noted`.
    @inline(__always)
    func take(_ thread: Int, into noted: inout [Int32]) {
        let begin = thread * slotCount
        for slot in 0..<slotCount { noted[slot] = slots[begin + slot] }
    }
}
