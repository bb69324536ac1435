internal import TenonColumns
internal import TenonExpression
internal import TenonJSON
internal import TenonModel
internal import TenonPattern

/// A filter over known columns.
enum PlannedFilter: Sendable {
    case predicate(slot: Int, ColumnPredicate)
    /// The values are JSON, or lie inside of it.
    case nested(slot: Int, [FieldPath.Part], Comparison)
    /// Text of a column in which the pattern occurs.
    case pattern(slot: Int, Pattern)
    case expression(PlannedExpression)

    var canFail: Bool { if case .expression = self { true } else { false } }

    /// How much longer than the cheapest it takes for a row, about.
    private var cost: Int {
        switch self {
        case .predicate(_, let predicate): Self.cost(predicate)
        case .pattern: 50
        case .nested: 100
        case .expression: 200
        }
    }

    private static func cost(_ predicate: ColumnPredicate) -> Int {
        switch predicate {
        case .nothing: 0
        case .isNull, .integers, .floats, .bool: 1
        case .integerSet, .floatSet: 3
        case .text: 4
        case .textSet: 5
        case .textPart: 6
        case .not(let inner): cost(inner)
        }
    }

    /// The same steps with neighbouring filters of one stage in the order of their cost. Those that can fail
    /// stay where they are, so that the same records fail.
    static func cheapestFirst(_ steps: [PassStep]) -> [PassStep] {
        var result: [PassStep] = []
        var run: [(cost: Int, step: PassStep)] = []
        func endRun() {
            // Stable: of equal cost the author's order stays.
            let sorted = run.enumerated().sorted {
                ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset)
            }
            result += sorted.map(\.element.step)
            run = []
        }
        for step in steps {
            if case .filter(let filter) = step.operation, !filter.canFail {
                if let first = run.first, first.step.stage != step.stage { endRun() }
                run.append((filter.cost, step))
            } else {
                endRun()
                result.append(step)
            }
        }
        endRun()
        return result
    }
}

/// The names that an expression or template reads, and where their values are.
struct RecordNames: Sendable {
    let slots: [String: Int]
}

/// An expression over known columns.
struct PlannedExpression: Sendable {
    let expression: Expression
    let names: RecordNames
    /// For whole batches, where the types of the columns allow it.
    let program: ColumnProgram?
}

/// A template over known columns.
struct PlannedTemplate: Sendable {
    let template: Template
    let names: RecordNames
    /// For whole batches, where the template is an expression and the types of the columns allow it.
    let program: ColumnProgram?
}
