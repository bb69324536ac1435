package import TenonJSON

/// Measures a value as long as it is within bounds.
///
/// Memory shares what occurs in several places, so a value that is put into others many times is small there
/// and enormous as text: it has to be measured before anybody writes it.
package struct ValueMeter {
    private var bytesLeft: Int
    /// A key that two entries of one map would have as JSON, such as 1 and "1".
    private(set) var repeatedKey: String?

    private init(maxBytes: Int) { bytesLeft = maxBytes }

    /// Whether `value` as text has not much more than `maxBytes` and no more than `maxDepth` levels.
    package static func fits(_ value: JSON, maxBytes: Int, maxDepth: Int) -> Bool {
        var meter = ValueMeter(maxBytes: maxBytes)
        return meter.take(value, maxDepth)
    }

    /// Nil where it does not fit.
    static func measure(_ value: Value, maxBytes: Int, maxDepth: Int) -> ValueMeter? {
        var meter = ValueMeter(maxBytes: maxBytes)
        return meter.take(value, maxDepth) ? meter : nil
    }

    private mutating func take(_ byteCount: Int) -> Bool {
        bytesLeft -= byteCount
        return bytesLeft >= 0
    }

    private mutating func take(_ value: JSON, _ depthLeft: Int) -> Bool {
        switch value {
        case .null, .bool, .int, .uint, .double: return take(2)
        case .number(let text): return take(text.utf8.count + 1)
        case .string(let text): return take(text.utf8.count + 3)
        case .array(let elements):
            guard depthLeft > 0, take(3) else { return false }
            return elements.allSatisfy { take($0, depthLeft - 1) }
        case .object(let object):
            guard depthLeft > 0, take(3) else { return false }
            return object.members.allSatisfy { member in
                take(member.key.utf8.count + 3) && take(member.value, depthLeft - 1)
            }
        }
    }

    private mutating func take(_ value: Value, _ depthLeft: Int) -> Bool {
        switch value {
        case .string(let text): return take(text.utf8.count + 3)
        case .bytes(let bytes): return take(bytes.count + 3)
        case .optional(.some(let value)):
            guard depthLeft > 0 else { return false }
            return take(value, depthLeft - 1)
        case .jsonList(let elements): return take(.array(elements), depthLeft)
        case .jsonObject(let object): return take(.object(object), depthLeft)
        case .list(let values):
            guard depthLeft > 0, take(3) else { return false }
            return values.allSatisfy { take($0, depthLeft - 1) }
        case .map(let entries):
            guard depthLeft > 0, take(3), take(entries.count) else { return false }
            noteRepeatedKey(entries)
            return entries.allSatisfy { take($0.key, depthLeft) && take($0.value, depthLeft - 1) }
        default: return take(2)
        }
    }

    private mutating func noteRepeatedKey(_ entries: [(key: Value, value: Value)]) {
        // Keys of one kind differ in their texts too.
        guard entries.contains(where: { if case .string = $0.key { false } else { true } }) else { return }
        var texts: Set<[UInt8]> = []
        for entry in entries where !texts.insert(Array(entry.key.text.utf8)).inserted {
            repeatedKey = entry.key.described
        }
    }
}
