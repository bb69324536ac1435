internal import TenonBatches
internal import TenonModel

/// How an Arrow array of a source lies in memory and what it becomes here.
indirect enum ArrowLayout: Sendable {
    /// Taken as it is.
    case plain(ColumnType)
    /// Offsets of 64 bits.
    case large(ColumnType)
    /// Views of 16 bytes into several buffers.
    case view(ColumnType)
    case dictionary(index: ColumnType, values: ArrowLayout)
    /// Turned into JSON text.
    case structure([ArrowMember])
    /// Turned into JSON text; offsets of 64 bits where `isLarge`.
    case list(ArrowLayout, isLarge: Bool)

    var type: ColumnType {
        switch self {
        case .plain(let type), .large(let type), .view(let type): type
        case .dictionary(_, let values): values.type
        case .structure, .list: .json
        }
    }
}

struct ArrowMember: Sendable {
    let name: String
    let layout: ArrowLayout
}

extension ArrowLayout {
    /// Reads the layout of the column `name`.
    init(_ schema: ArrowSchema, column name: String, depth: Int = 0) throws(TenonError) {
        guard depth < Limits.jsonDepth else { throw Self.unknown(name, "nested too deeply") }
        guard let rawFormat = schema.format else { throw Self.unknown(name, "a type without a format") }
        let format = String(cString: rawFormat)
        if let dictionary = schema.dictionary {
            guard let index = Self.plainTypes[format], index.isInteger else {
                throw Self.unknown(name, "a dictionary with indices of the format \"\(format)\"")
            }
            let values = try ArrowLayout(dictionary.pointee, column: name, depth: depth + 1)
            self = .dictionary(index: index, values: values)
            return
        }
        let isJSON = ArrowMetadata.value(of: ArrowMetadata.extensionKey, in: schema) == "arrow.json"
        switch format {
        case "u": self = .plain(isJSON ? .json : .utf8)
        case "U": self = .large(isJSON ? .json : .utf8)
        case "vu": self = .view(isJSON ? .json : .utf8)
        case "Z": self = .large(.binary)
        case "vz": self = .view(.binary)
        case "+s": self = .structure(try Self.members(of: schema, column: name, depth: depth))
        case "+l", "+L":
            let members = try Self.members(of: schema, column: name, depth: depth)
            guard members.count == 1 else { throw Self.unknown(name, "a list without an element type") }
            self = .list(members[0].layout, isLarge: format == "+L")
        default:
            guard let type = Self.plainType(format) else {
                throw Self.unknown(name, "the format \"\(format)\"")
            }
            self = .plain(type)
        }
    }

    static func members(of schema: ArrowSchema, column name: String, depth: Int) throws(TenonError)
        -> [ArrowMember]
    {
        guard (0...Int64(Limits.batchColumns)).contains(schema.n_children),
            schema.n_children == 0 || schema.children != nil
        else { throw Self.unknown(name, "\(schema.n_children) children") }
        var members: [ArrowMember] = []
        for index in 0..<Int(schema.n_children) {
            guard let child = schema.children[index]?.pointee else {
                throw Self.unknown(name, "a missing child")
            }
            let childName = child.name.map { String(cString: $0) } ?? ""
            members.append(
                ArrowMember(name: childName, layout: try ArrowLayout(child, column: name, depth: depth + 1)))
        }
        return members
    }

    private static let plainTypes: [String: ColumnType] = [
        "n": .null, "b": .bool, "c": .int8, "C": .uint8, "s": .int16, "S": .uint16, "i": .int32, "I": .uint32,
        "l": .int64, "L": .uint64, "f": .float32, "g": .float64, "z": .binary, "tdD": .date32, "ttu": .time64,
        "tsu:": .timestamp(isUTC: false), "tsu:UTC": .timestamp(isUTC: true),
        "tsu:Z": .timestamp(isUTC: true),
        "tsu:+00:00": .timestamp(isUTC: true), "tsu:Etc/UTC": .timestamp(isUTC: true),
    ]

    private static func plainType(_ format: String) -> ColumnType? {
        if let type = plainTypes[format] { return type }
        guard format.hasPrefix("d:") else { return nil }
        let numbers = format.dropFirst(2).split(separator: ",", omittingEmptySubsequences: false).map {
            Int($0)
        }
        guard numbers.count == 2 || numbers.count == 3 && numbers[2] == 128, let precision = numbers[0],
            let scale = numbers[1]
        else { return nil }
        return .decimal(precision: precision, scale: scale)
    }

    private static func unknown(_ column: String, _ what: String) -> TenonError {
        TenonError(
            .batchType, "The column \"\(column)\" has \(what), which records cannot have.",
            context: ["column": column])
    }
}
