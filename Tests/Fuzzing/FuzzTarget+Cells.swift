internal import TenonTransport

extension FuzzTarget {
    /// Whatever comes over a socket, its frames are those that stand in the bytes, up to the first that is none; a
    /// message that can be read is written as it was.
    static let cell = FuzzTarget(name: "cell", seeds: ["\u{10}\0hello"], madeSeeds: CellFrames.seeds) {
        bytes in
        let (frames, violation) = CellFrames.frames(in: bytes)
        let received = CellFrames.receive(bytes)
        if received.frames != frames { broken("a socket hands out the frames that were sent") }
        if received.violation != violation { broken("a socket sees what is wrong with a frame") }
        for frame in frames { CellFrames.check(frame.kind, frame.body) }
        // The first byte also tells what all others are, so that bodies are found without their headers.
        guard let first = bytes.first, let kind = FrameKind(rawValue: UInt16(first)) else { return }
        CellFrames.check(kind, Array(bytes.dropFirst()))
        CellFrames.checkLog(Array(bytes.dropFirst()))
    }

    /// A ring gives out places in its memory only, and none that was not freed; an honest producer is always
    /// believed.
    static let ring = FuzzTarget(
        name: "ring", seeds: ["\u{8}abcabcabcabc", "\u{1}aaaabbbbccccaaaabbbb\u{2}\u{2}\u{2}"]
    ) { bytes in
        var reader = ByteReader(bytes)
        let capacity = 8 * (1 + Int(reader.byte() % 32))
        var producer = RingProducer(capacity: capacity)
        var consumer = RingConsumer(capacity: capacity)
        var held: [Range<Int>] = []
        func hold(_ range: Range<Int>) {
            if range.lowerBound < 0 || range.upperBound > capacity { broken("a message lies in its ring") }
            if held.contains(where: { $0.overlaps(range) }) {
                broken("what is not freed is not written over")
            }
            held.append(range)
        }
        while !reader.isEmpty {
            switch reader.byte() % 4 {
            case 0, 1:
                let count = 8 * (1 + Int(reader.byte() % 40))
                guard let room = producer.room(for: count) else { continue }
                producer.commit(position: room.position, byteCount: count)
                let taken = try? consumer.take(position: room.position, byteCount: UInt64(count))
                if taken != room.range { broken("both sides mean the same place") }
                hold(room.range)
            case 2:
                let freed = consumer.free()
                held = []
                if (try? producer.free(upTo: freed)) == nil { broken("what was taken can be freed") }
            default:
                // What follows would be a lie: it is refused, or means what the producer would have said.
                var (liar, freed) = (consumer, producer)
                let (position, count) = (reader.number(UInt64.self), UInt64(reader.byte()))
                if let range = try? liar.take(position: position, byteCount: count) {
                    if range.upperBound > capacity || held.contains(where: { $0.overlaps(range) }) {
                        broken("a lie does not reach what is not freed")
                    }
                }
                _ = try? freed.free(upTo: position)
            }
        }
    }
}
