internal import TenonJSON

/// Nodes by the names of properties. Names are the same where their UTF-8 bytes are, while Swift's strings
/// are equal where they look alike.
struct NameTable: Sendable {
    private(set) var names: [String] = []
    private var nodes: [Int] = []
    /// Positions of names that look alike.
    private var positions: [String: [Int]] = [:]

    var isEmpty: Bool { names.isEmpty }

    init() {}

    init(_ members: [(name: String, node: Int)]) {
        for member in members {
            positions[member.name, default: []].append(names.count)
            names.append(member.name)
            nodes.append(member.node)
        }
    }

    subscript(name: String) -> Int? {
        guard !names.isEmpty, let alike = positions[name] else { return nil }
        return alike.first { names[$0].hasSameBytes(as: name) }.map { nodes[$0] }
    }

    /// All nodes in the order of their names.
    var all: [Int] { nodes }
}
