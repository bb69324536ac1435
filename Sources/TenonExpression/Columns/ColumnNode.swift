internal import TenonColumns
internal import TenonPattern

/// The kinds of values that have kernels.
enum VectorKind: Sendable {
    case bool, int, double, text
}

/// An expression worked out for columns of known types.
///
/// Where a type or an operation has no kernel, the node is `rowOnly`: its rows are unsure, and those of them
/// on which the result depends are left to the evaluation row by row.
indirect enum ColumnNode: Sendable {
    case column(String, VectorKind)
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case text([UInt8])
    case null(VectorKind)
    case rowOnly(VectorKind)
    /// Integers as doubles.
    case promoted(ColumnNode)
    case integers(ArithmeticOperation, ColumnNode, ColumnNode)
    case doubles(ArithmeticOperation, ColumnNode, ColumnNode)
    case joined(ColumnNode, ColumnNode)
    case negated(ColumnNode)
    /// Both of one kind.
    case comparison(ComparisonKind, ColumnNode, ColumnNode, isNegated: Bool)
    case isNull(ColumnNode)
    /// Equal to one of the constants of its kind, or null where that is among them.
    case member(ColumnNode, [ColumnNode], hasNull: Bool)
    case not(ColumnNode)
    /// `&&` (decided by false) and `||` (decided by true).
    case decision([ColumnNode], by: Bool)
    case choice(ColumnNode, ColumnNode, ColumnNode)
    case coalesced(ColumnNode, ColumnNode)
    case textTest(TextPart, ColumnNode, [UInt8])
    case matches(ColumnNode, Pattern)
    case textSize(ColumnNode)
    case asciiCase(ColumnNode, isUpper: Bool)
    /// Toward zero.
    case truncated(ColumnNode)
    case integerText(ColumnNode)

    var kind: VectorKind {
        switch self {
        case .column(_, let kind), .null(let kind), .rowOnly(let kind): kind
        case .bool, .comparison, .isNull, .member, .not, .decision, .textTest, .matches: .bool
        case .int, .integers, .textSize, .truncated: .int
        case .double, .promoted, .doubles: .double
        case .text, .joined, .asciiCase, .integerText: .text
        case .negated(let operand): operand.kind
        case .choice(_, let first, _): first.kind
        case .coalesced(let left, _): left.kind
        }
    }

    /// Whether no row is decided without the evaluation row by row.
    var isRowOnly: Bool { if case .rowOnly = self { true } else { false } }
}
