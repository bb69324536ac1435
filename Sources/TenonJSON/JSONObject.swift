/// The members of a JSON object in their order. Keys are unique.
package struct JSONObject: Sendable {
    package typealias Member = (key: String, value: JSON)
    /// Objects with more members have an index.
    static let indexThreshold = 16

    package private(set) var members: [Member]
    /// Position by key, kept only for larger objects.
    private var positions: [KeyBytes: Int]?

    package init() {
        members = []
        positions = nil
    }

    /// Later members with a key that occurred before replace the earlier value.
    package init(_ members: [Member]) {
        self.init()
        self.members.reserveCapacity(members.count)
        for member in members { self[member.key] = member.value }
    }

    /// Of few members, no two of which have the same key.
    init(distinct members: [Member]) {
        self.members = members
        positions = nil
    }

    package var count: Int { members.count }
    package var isEmpty: Bool { members.isEmpty }
    package var keys: [String] { members.map(\.key) }

    package func position(of key: String) -> Int? {
        if let positions { return positions[KeyBytes(key)] }
        return members.firstIndex { $0.key.hasSameBytes(as: key) }
    }

    package subscript(key: String) -> JSON? {
        get { position(of: key).map { members[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?): members[position].value = value
            case (nil, let value?): append(key, value)
            case (let position?, nil):
                members.remove(at: position)
                reindex()
            case (nil, nil): break
            }
        }
    }

    /// An object of members as they stand in a text, and the place of the first whose key occurred before.
    /// Later members replace the earlier value.
    static func read(_ members: [Member]) -> (object: JSONObject, duplicate: Int?) {
        var object = JSONObject()
        if members.count <= indexThreshold {
            for index in members.indices.dropFirst() {
                let key = members[index].key
                guard members[..<index].contains(where: { $0.key.hasSameBytes(as: key) }) else { continue }
                return (JSONObject(members), index)
            }
            object.members = members
            return (object, nil)
        }
        var positions = [KeyBytes: Int](minimumCapacity: members.count)
        for (index, member) in members.enumerated() {
            let earlier = positions.updateValue(index, forKey: KeyBytes(member.key))
            if earlier != nil { return (JSONObject(members), index) }
        }
        object.members = members
        object.positions = positions
        return (object, nil)
    }

    private mutating func append(_ key: String, _ value: JSON) {
        members.append((key, value))
        if positions != nil {
            positions?[KeyBytes(key)] = members.count - 1
        } else if members.count > Self.indexThreshold {
            reindex()
        }
    }

    private mutating func reindex() {
        guard members.count > Self.indexThreshold else {
            positions = nil
            return
        }
        positions = Dictionary(
            uniqueKeysWithValues: members.enumerated().map { (KeyBytes($1.key), $0) })
    }
}

extension JSONObject: Equatable {
    /// Equal members in any order.
    package static func == (left: Self, right: Self) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }
}

extension JSONObject: Sequence {
    package func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(elements.map { (key: $0.0, value: $0.1) })
    }
}
