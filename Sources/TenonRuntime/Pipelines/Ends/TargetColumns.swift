internal import TenonColumns
internal import TenonModel

/// Finds the columns that a target gets: each as it is where its manifest accepts the type, else in the
/// nearest wider one.
struct TargetColumns {
    private let accepted: [ColumnType]
    /// As the manifest has them.
    private let words: [String]
    private let takesEverything: Bool
    /// Whether the target takes columns whose values were never parsed.
    let takesLate: Bool

    /// `accepts` as in a manifest; empty, or lines of JSON only: everything is taken as it is.
    init(accepts: [String]) {
        words = accepts.filter { $0 != "late" }
        accepted = words.flatMap(Self.types)
        takesEverything = accepted.isEmpty
        takesLate = accepts.contains("late")
    }

    /// The types that a word of a manifest stands for: without parameters all of its family.
    private static func types(_ word: String) -> [ColumnType] {
        switch word {
        case "decimal128": [.decimal128(precision: 38, scale: 0)]
        case "timestamp": [.timestamp(isUTC: false), .timestamp(isUTC: true)]
        default: ColumnType(name: word).map { [$0] } ?? []
        }
    }

    func columns(for schema: Schema) throws(TenonError) -> Schema {
        var fields: [Field] = []
        for field in schema.fields {
            if field.late == nil ? takesEverything : takesLate {
                fields.append(field)
                continue
            }
            guard let type = takesEverything ? field.meantType : type(for: field.meantType) else {
                throw TenonError(
                    .pipelineTypeNotAccepted,
                    "The target takes no column like \"\(field.name)\" of type \(field.meantType.name). It takes "
                        + "\(words.joined(separator: ", ")). Leave the column out, or cast it."
                )
            }
            fields.append(Field(field.name, type, isNullable: field.isNullable))
        }
        return Schema(fields)
    }

    private func type(for type: ColumnType) -> ColumnType? {
        ([type] + Self.wider(type)).first(where: accepts)
    }

    /// Of decimals any one stands for all.
    private func accepts(_ type: ColumnType) -> Bool {
        if case .decimal128 = type {
            return accepted.contains { if case .decimal128 = $0 { true } else { false } }
        }
        return accepted.contains(type)
    }

    /// Types that hold every value of `type`, the nearest first; text is the last resort.
    private static func wider(_ type: ColumnType) -> [ColumnType] {
        switch type {
        case .bool: [.int8, .int16, .int32, .int64, .utf8]
        case .int8: [.int16, .int32, .int64, .utf8]
        case .int16: [.int32, .int64, .utf8]
        case .int32: [.int64, .utf8]
        case .uint8: [.uint16, .int16, .uint32, .int32, .uint64, .int64, .utf8]
        case .uint16: [.uint32, .int32, .uint64, .int64, .utf8]
        case .uint32: [.uint64, .int64, .utf8]
        case .float32: [.float64, .utf8]
        case .null: [.utf8, .int64, .float64, .bool]
        case .int64, .uint64, .float64, .decimal128, .binary, .date32, .time64, .timestamp, .json: [.utf8]
        case .utf8: [.json]
        }
    }
}
