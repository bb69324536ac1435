internal import TenonJSON
internal import TenonModel
internal import TenonPattern

/// Works out, when an expression is compiled, what gives the same for every input, and finds what can never
/// work: `timestamp('tomorrow')`, `1 / 0`, `x.matches('(')`.
///
/// A mistake that a constant makes unimportant, as in `true || 1 / 0 > 0`, is none. What depends on the mode of
/// evaluation, such as a missing element, is left as it is.
struct ConstantFolder {
    /// For all constants of an expression together: the first that needs more is the last to be worked out.
    private static let maxSteps = 4_000
    private static let maxBytes = 4096
    private static let maxDepth = 16

    private let slotCount: Int
    private var stepsLeft = Self.maxSteps

    /// Nothing to read: what asks for something is not worked out.
    private struct NoScope: ExpressionScope {
        var names: [String] { [] }
        func value(named name: String) -> JSON? { nil }
    }

    /// `root` with its constants worked out, or the first mistake that nothing makes unimportant.
    static func fold(_ root: Node, slotCount: Int) throws(SyntaxError) -> Node {
        var folder = ConstantFolder(slotCount: slotCount)
        let folded = folder.fold(root)
        if let mistake = folded.mistake { throw mistake }
        return folded.isChanged ? folded.node : root
    }

    private init(slotCount: Int) { self.slotCount = slotCount }

    private mutating func fold(_ node: Node) -> FoldedNode {
        switch node {
        case .literal: return FoldedNode(node: node, isConstant: true)
        case .path, .unknownCall: return FoldedNode(node: node, isConstant: false)
        case .local(let slot): return FoldedNode(node: node, isConstant: true, lowestSlot: slot)
        default: break
        }
        let parts = children(of: node)
        var folded = combined(node, parts)
        if case .call(let function, let nodes, let offset) = folded.node {
            prepare(&folded, function, nodes, at: offset)
        }
        if folded.isClosed { workOut(&folded) }
        return folded
    }

    /// The nodes below. The operand of `has` is a question, so only what stands below it is worked out.
    private mutating func children(of node: Node) -> [FoldedNode] {
        guard case .has(let operand, _) = node else { return node.children.map { fold($0) } }
        if case .path = operand { return [fold(operand)] }
        return [combined(operand, operand.children.map { fold($0) })]
    }

    private func combined(_ node: Node, _ parts: [FoldedNode]) -> FoldedNode {
        var folded = FoldedNode(node: node, isConstant: parts.allSatisfy(\.isConstant))
        folded.isChanged = parts.contains(where: \.isChanged)
        if folded.isChanged { folded.node = node.with(children: parts.map(\.node)) }
        folded.lowestSlot = parts.map(\.lowestSlot).min() ?? .max
        if case .macro(let macro) = node {
            let inner = parts.dropFirst().map(\.lowestSlot).filter { $0 < macro.slot }
            folded.lowestSlot = min(parts[0].lowestSlot, inner.min() ?? .max)
        }
        if node.isLeftToEvaluation { folded.isConstant = false }
        folded.mistake = Self.reached(node, parts).lazy.compactMap(\.mistake).first
        return folded
    }

    /// The parts that constants do not make unimportant.
    private static func reached(_ node: Node, _ parts: [FoldedNode]) -> [FoldedNode] {
        switch node {
        case .all: return parts.contains { $0.node.decides(by: false) } ? [] : parts
        case .any: return parts.contains { $0.node.decides(by: true) } ? [] : parts
        case .coalesce:
            if case .literal(let value) = parts[0].node, !value.isNullOrMissing { return [] }
        case .choice:
            if parts[0].node.decides(by: true) { return [parts[1]] }
            if parts[0].node.decides(by: false) { return [parts[2]] }
        case .call(let function, _, _):
            if case .choosing = function.body, case .literal(.optional(.some)) = parts[0].node { return [] }
        default: break
        }
        return parts
    }

    // MARK: Working out

    private mutating func workOut(_ folded: inout FoldedNode) {
        // A list element of its own form, and a mistake that its owner cannot make unimportant.
        if case .optionalElement = folded.node { return }
        if folded.mistake != nil, !folded.node.mayIgnoreMistakes { return }
        var evaluator = Evaluator(
            scope: NoScope(), mode: .host, missingRule: .null, slotCount: slotCount, maxSteps: stepsLeft)
        var isTooCostly = false
        defer { stepsLeft = isTooCostly ? 0 : evaluator.context.steps }
        do throws(TenonError) {
            let value = try evaluator.value(of: folded.node)
            folded.mistake = nil
            if evaluator.missingPath != nil || !Self.isSmall(value) {
                folded.isConstant = false
            } else if !value.isNullOrMissing {
                (folded.node, folded.isChanged) = (.literal(value), true)
            }
        } catch {
            // What is too costly here, or is not there, is left to the evaluation.
            isTooCostly = error.code == .expressionLimit
            guard !isTooCostly, evaluator.missingPath == nil else {
                folded.mistake = nil
                folded.isConstant = false
                return
            }
            let offset = error.context["offset"].flatMap { Int($0) } ?? 0
            folded.mistake = SyntaxError(message: error.message, offset: offset)
        }
    }

    private static func isSmall(_ value: Value) -> Bool {
        guard let meter = ValueMeter.measure(value, maxBytes: maxBytes, maxDepth: maxDepth) else {
            return false
        }
        return meter.repeatedKey == nil
    }

    // MARK: Calls with some constants

    private func prepare(
        _ folded: inout FoldedNode, _ function: FunctionDefinition, _ nodes: [Node], at offset: Int
    ) {
        do throws(FunctionMistake) {
            if function.name == "matches", let text = nodes[1].constantText {
                folded.node = .matches(nodes[0], try Self.pattern(text), offset: offset)
                folded.isChanged = true
            }
            guard let preparation = function.preparation else { return }
            var prepared = nodes
            if try preparation(&prepared) {
                folded.node = .call(function, prepared, offset: offset)
                folded.isChanged = true
            }
        } catch {
            folded.mistake =
                folded.mistake
                ?? SyntaxError(message: "\(function.name)(): \(error.message)", offset: offset)
        }
    }

    private static func pattern(_ text: String) throws(FunctionMistake) -> Pattern {
        do throws(PatternError) {
            return try Pattern(text, syntax: .re2)
        } catch {
            throw FunctionMistake("the pattern \(error.message)")
        }
    }
}

extension Node {
    /// What differs from moment to moment, and the search for a pattern, whose cost shows only when it is paid.
    fileprivate var isLeftToEvaluation: Bool {
        switch self {
        case .matches: true
        case .call(let function, _, _):
            function.name == "now" || function.name == "matches" || function.name.hasPrefix("regex.")
        default: false
        }
    }

    /// Whether an error in a part may not be one of the whole.
    fileprivate var mayIgnoreMistakes: Bool {
        switch self {
        case .all, .any, .coalesce, .choice, .macro: true
        case .call(let function, _, _): if case .choosing = function.body { true } else { false }
        default: false
        }
    }
}
