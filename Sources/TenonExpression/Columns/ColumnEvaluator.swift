internal import TenonColumns
internal import TenonPattern

/// Evaluates a node over some rows of columns.
struct ColumnEvaluator {
    let columns: [String: Column]
    /// The rows to look at; nil: all.
    let rows: [Int32]?
    let count: Int
    private var known: [String: Vector] = [:]
    var budget = TextBudget(bytes: ColumnReading.maxMadeBytes)

    init(columns: [String: Column], rows: [Int32]?, rowCount: Int) {
        self.columns = columns
        self.rows = rows
        count = rows?.count ?? rowCount
    }

    /// Bounded by the depth that the parser lets an expression have.
    mutating func vector(_ node: ColumnNode) -> Vector {
        switch node {
        case .column(let name, let kind): return column(name, kind)
        case .bool(let value): return Vector(values: .bools(.same(value)))
        case .int(let value): return Vector(values: .ints(.same(value)))
        case .double(let value): return Vector(values: .doubles(.same(value)))
        case .text(let text): return Vector(values: .texts(.same(text)))
        case .null(let kind):
            return Vector(values: Vector.placeholder(kind), nulls: Array(repeating: true, count: count))
        case .rowOnly(let kind): return .unsure(kind, count: count)
        case .promoted, .truncated, .negated, .integerText, .asciiCase, .textSize:
            return changed(node)
        case .integers, .doubles, .joined: return combined(node)
        case .comparison(let kind, let left, let right, let isNegated):
            return compared(kind, vector(left), vector(right), isNegated: isNegated)
        case .isNull(let operand):
            let operand = vector(operand)
            return Vector(values: .bools(RowMasks.lane(operand.nulls)), unsure: operand.unsure)
        case .member(let operand, let members, let hasNull):
            return membership(vector(operand), members, hasNull: hasNull)
        case .not(let operand):
            let operand = vector(operand)
            return Vector(
                values: .bools(.each(operand.truths(count: count).map { !$0 })), unsure: operand.unsure)
        case .decision(let operands, let decisive): return decided(operands, by: decisive)
        case .choice(let condition, let first, let second):
            return choice(vector(condition), vector(first), vector(second))
        case .coalesced(let left, let right): return coalesced(vector(left), right)
        case .textTest(let place, let operand, let part): return textTest(place, vector(operand), part)
        case .matches(let operand, let pattern): return matches(vector(operand), pattern)
        }
    }

    private mutating func column(_ name: String, _ kind: VectorKind) -> Vector {
        if let vector = known[name] { return vector }
        guard let column = columns[name] else { return .unsure(kind, count: count) }
        let vector = ColumnReading.vector(column, kind, rows: rows, count: count)
        known[name] = vector
        return vector
    }

    /// As a column; nil where its texts are too much.
    mutating func column(_ vector: Vector) -> Column? { vector.column(count: count, &budget) }

    // MARK: Numbers and texts

    private mutating func changed(_ node: ColumnNode) -> Vector {
        switch node {
        case .promoted(let operand):
            return mapped(vector(operand)) { [count] in
                let (values, failed) = VectorArithmetic.promoted($0.ints, count: count)
                return (.doubles(values), failed)
            }
        case .truncated(let operand):
            return mapped(vector(operand)) { [count] in
                let (values, failed) = VectorArithmetic.truncated($0.doubles, count: count)
                return (.ints(values), failed)
            }
        case .negated(let operand):
            return mapped(vector(operand)) { [count] in
                guard case .ints(let values) = $0.values else {
                    return (.doubles(VectorArithmetic.negated($0.doubles)), nil)
                }
                let (negated, failed) = VectorArithmetic.negated(values, count: count)
                return (.ints(negated), failed)
            }
        case .integerText(let operand):
            let operand = vector(operand)
            // Any integer has a text.
            guard let text = try? column(operand)?.cast(to: .utf8, name: "") else { break }
            return Vector(values: .texts(.each(text)), nulls: operand.nulls, unsure: operand.unsure)
        case .asciiCase(let operand, let isUpper):
            let operand = vector(operand)
            guard let text = column(operand),
                let changed = VectorTexts.ascii(text, isUpper: isUpper, &budget)
            else { break }
            return Vector(values: .texts(.each(changed)), nulls: operand.nulls, unsure: operand.unsure)
        case .textSize(let operand):
            let operand = vector(operand)
            guard let text = column(operand) else { break }
            return Vector(
                values: .ints(.each(VectorTexts.scalarCounts(text))), nulls: operand.nulls,
                unsure: operand.unsure)
        default: break
        }
        return .unsure(node.kind, count: count)
    }

    private func mapped(
        _ operand: Vector, _ body: (Vector) -> (Vector.Values, failed: RowMask?)
    ) -> Vector {
        let (values, failed) = body(operand)
        return Vector(
            values: values, nulls: operand.nulls, unsure: RowMasks.union(operand.unsure, failed))
    }

    private mutating func combined(_ node: ColumnNode) -> Vector {
        switch node {
        case .integers(let operation, let left, let right):
            let (left, right) = (vector(left), vector(right))
            let (values, failed) = VectorArithmetic.integers(operation, left.ints, right.ints, count: count)
            return merged(left, right, .ints(values), failed)
        case .doubles(let operation, let left, let right):
            let (left, right) = (vector(left), vector(right))
            let values = VectorArithmetic.doubles(operation, left.doubles, right.doubles, count: count)
            return merged(left, right, .doubles(values), nil)
        case .joined(let left, let right):
            let (left, right) = (vector(left), vector(right))
            guard let text = VectorTexts.joined(left.texts, right.texts, count: count, &budget) else {
                break
            }
            return merged(
                left, right, .texts(.each(text)),
                VectorTexts.longer(than: ColumnReading.maxTextBytes, text))
        default: break
        }
        return .unsure(node.kind, count: count)
    }

    /// Null where one operand is.
    private func merged(_ left: Vector, _ right: Vector, _ values: Vector.Values, _ failed: RowMask?)
        -> Vector
    {
        Vector(
            values: values, nulls: RowMasks.union(left.nulls, right.nulls),
            unsure: RowMasks.union(RowMasks.union(left.unsure, right.unsure), failed))
    }

    // MARK: Comparisons

    /// Null is equal to null and neither less nor greater than anything.
    private func compared(
        _ kind: ComparisonKind, _ left: Vector, _ right: Vector, isNegated: Bool
    ) -> Vector {
        var holds: [Bool]
        switch (left.values, right.values) {
        case (.ints(let left), .ints(let right)):
            holds = VectorComparison.integers(kind, left, right, count: count).values(count: count)
        case (.doubles(let left), .doubles(let right)):
            holds = VectorComparison.doubles(kind, left, right, count: count).values(count: count)
        case (.bools(let left), .bools(let right)):
            holds = VectorComparison.bools(kind, left, right, count: count).values(count: count)
        case (.texts(let left), .texts(let right)):
            holds = VectorComparison.texts(kind, left, right, count: count)
        default: return .unsure(.bool, count: count)
        }
        if left.nulls != nil || right.nulls != nil {
            let leftNulls = RowMasks.lane(left.nulls).values(count: count)
            let rightNulls = RowMasks.lane(right.nulls).values(count: count)
            for row in holds.indices where leftNulls[row] || rightNulls[row] {
                holds[row] = kind == .equal && leftNulls[row] && rightNulls[row]
            }
        }
        if isNegated { for row in holds.indices { holds[row].toggle() } }
        return Vector(values: .bools(.each(holds)), unsure: RowMasks.union(left.unsure, right.unsure))
    }

    private mutating func membership(_ operand: Vector, _ members: [ColumnNode], hasNull: Bool) -> Vector {
        var holds: [Bool]
        switch operand.values {
        case .ints(let values):
            let set = Set(members.compactMap { if case .int(let value) = $0 { value } else { nil } })
            holds = values.values(count: count).map(set.contains)
        case .doubles(let values):
            let set = Set(members.compactMap { if case .double(let value) = $0 { value } else { nil } })
            holds = values.values(count: count).map(set.contains)
        case .bools(let values):
            let set = Set(members.compactMap { if case .bool(let value) = $0 { value } else { nil } })
            holds = values.values(count: count).map(set.contains)
        case .texts:
            let texts = members.compactMap { member -> Literal? in
                if case .text(let text) = member { .text(String(decoding: text, as: UTF8.self)) } else { nil }
            }
            guard let column = column(operand) else { return .unsure(.bool, count: count) }
            holds = Array(repeating: false, count: count)
            if let predicate = ColumnPredicate.member(of: texts, type: .utf8) {
                for row in column.selected(predicate, from: nil) {
                    holds[Int(row)] = true
                }
            }
        }
        if let nulls = operand.nulls { for row in holds.indices where nulls[row] { holds[row] = hasNull } }
        return Vector(values: .bools(.each(holds)), unsure: operand.unsure)
    }

    // MARK: Texts

    private mutating func textTest(_ place: TextPart, _ operand: Vector, _ part: [UInt8]) -> Vector {
        guard let texts = column(operand) else { return .unsure(.bool, count: count) }
        let holds = VectorTexts.holds(place, texts, part)
        return Vector(values: .bools(.each(holds)), nulls: operand.nulls, unsure: operand.unsure)
    }

    private mutating func matches(_ operand: Vector, _ pattern: Pattern) -> Vector {
        guard let texts = column(operand) else { return .unsure(.bool, count: count) }
        var holds = [Bool](repeating: false, count: count)
        var unsure = operand.unsure
        for row in 0..<count where !texts.isNull(at: row) {
            do throws(PatternError) {
                holds[row] = try pattern.matches(texts.string(at: row))
            } catch {
                // Evaluated by itself, the row says what is wrong.
                if unsure == nil { unsure = Array(repeating: false, count: count) }
                unsure?[row] = true
            }
        }
        return Vector(values: .bools(.each(holds)), nulls: operand.nulls, unsure: unsure)
    }
}
