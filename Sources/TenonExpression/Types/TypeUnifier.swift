/// Decides which types fit where, and what open types stand for: the unification of CEL's checker.
///
/// An open type first stands for what it meets, and then for what is more general of both. In host mode null
/// fits everywhere and all numbers fit one another.
struct TypeUnifier {
    private let isHost: Bool
    /// What each open type stands for.
    private var bound: [StaticType?] = []
    /// What to undo where types turn out not to fit.
    private var changes: [(number: Int, old: StaticType?)] = []
    /// How many parts of types may still be looked at; then all types fit.
    private var workLeft = 100_000

    init(isHost: Bool) { self.isHost = isHost }

    /// A type that is not known yet.
    mutating func open() -> StaticType { .parameter(open(1)) }

    /// The first number of so many new open types.
    private mutating func open(_ count: Int) -> Int {
        bound += Array(repeating: nil, count: count)
        return bound.count - count
    }

    // MARK: Calls

    /// What the signature gives for these arguments; nil where it does not take them.
    mutating func result(of signature: TypeSignature, _ arguments: [StaticType]) -> StaticType? {
        guard let parameters = signature.parameters(for: arguments.count) else { return nil }
        let isPlain = signature.parameterCount == 0
        let base = isPlain ? 0 : open(signature.parameterCount)
        let start = changes.count
        for (argument, parameter) in zip(arguments, parameters) {
            let wanted = isPlain ? parameter : parameter.shifted(by: base)
            guard fits(argument, wanted) else {
                undo(to: start)
                return nil
            }
        }
        return isPlain ? signature.result : substituted(signature.result.shifted(by: base))
    }

    /// The more general of two types; nil where they do not fit.
    mutating func join(_ first: StaticType, _ second: StaticType) -> StaticType? {
        let start = changes.count
        if fits(first, second) { return moreGeneral(first, second) }
        undo(to: start)
        return nil
    }

    /// Makes an open type dyn, which is used as something unknown.
    mutating func settle(_ type: StaticType) { _ = fits(.dyn, type) }

    private mutating func undo(to start: Int) {
        while changes.count > start {
            guard let change = changes.popLast() else { return }
            bound[change.number] = change.old
        }
    }

    // MARK: Substitution

    /// The type with what its open types stand for; `isFinal`: those that stand for nothing are dyn.
    mutating func substituted(_ type: StaticType, isFinal: Bool = false) -> StaticType {
        workLeft -= 1
        guard workLeft > 0 else { return .dyn }
        switch type {
        case .parameter(let number):
            guard let other = bound[number] else { return isFinal ? .dyn : type }
            return substituted(other, isFinal: isFinal)
        case .list(let element): return .list(substituted(element, isFinal: isFinal)).bounded
        case .map, .abstract, .type:
            return type.mapParameters { substituted($0, isFinal: isFinal) }.bounded
        default: return type
        }
    }

    private mutating func bind(_ number: Int, to type: StaticType) {
        changes.append((number, bound[number]))
        bound[number] = type
    }

    /// Whether an open type stands in a type, also behind other open types.
    private mutating func occurs(_ number: Int, in type: StaticType) -> Bool {
        workLeft -= 1
        guard workLeft > 0 else { return true }
        if case .parameter(let other) = type {
            if other == number { return true }
            guard let next = bound[other] else { return false }
            return occurs(number, in: next)
        }
        for part in type.parameters where occurs(number, in: part) { return true }
        return false
    }

    // MARK: What fits

    /// Whether a value of the first type may stand where the second is wanted.
    private mutating func fits(_ given: StaticType, _ wanted: StaticType) -> Bool {
        workLeft -= 1
        guard workLeft > 0 else { return true }
        if case .parameter(let number) = wanted {
            if let isFitting = binds(number, with: given) { return isFitting }
        }
        if case .parameter(let number) = given { return binds(number, with: wanted) ?? false }
        switch (given, wanted) {
        case (.dyn, _), (_, .dyn): return true
        case (.null, let other), (let other, .null): return isHost || other.isNullable
        case (.type, .type): return true
        case (.list(let given), .list(let wanted)): return fits(given, wanted)
        case (.map(let givenKey, let givenValue), .map(let wantedKey, let wantedValue)):
            return fits(givenKey, wantedKey) && fits(givenValue, wantedValue)
        case (.abstract(let name, let given), .abstract(let other, let wanted)):
            guard name == other, given.count == wanted.count else { return false }
            for (given, wanted) in zip(given, wanted) where !fits(given, wanted) { return false }
            return true
        default:
            if given.isNumber, wanted.isNumber, isHost || wanted == .number { return true }
            return given == wanted
        }
    }

    /// Whether an open type can stand for `type`; nil where only the other way round is left to try.
    private mutating func binds(_ number: Int, with type: StaticType) -> Bool? {
        if type == .parameter(number) { return true }
        guard let present = bound[number] else {
            if occurs(number, in: type) { return nil }
            bind(number, to: type)
            return true
        }
        if type == present { return true }
        guard fits(type, present) else { return false }
        let general = moreGeneral(type, present)
        if !occurs(number, in: general) { bind(number, to: general) }
        return true
    }

    /// Of two types that fit: dyn rather than a type, a type rather than null.
    private func moreGeneral(_ first: StaticType, _ second: StaticType) -> StaticType {
        switch (first, second) {
        case (.dyn, _), (_, .dyn): .dyn
        case (.parameter, _): first
        case (_, .parameter), (.null, _): second
        case (_, .null): first
        case (.list(let first), .list(let second)): .list(moreGeneral(first, second))
        case (.map(let firstKey, let firstValue), .map(let secondKey, let secondValue)):
            .map(moreGeneral(firstKey, secondKey), moreGeneral(firstValue, secondValue))
        case (.abstract(let name, let firsts), .abstract(_, let seconds)):
            .abstract(name, zip(firsts, seconds).map(moreGeneral))
        case (.type, .type): first == second ? first : .type(.dyn)
        default: first == second ? first : .number
        }
    }
}

extension StaticType {
    /// CEL lets null stand for these.
    fileprivate var isNullable: Bool {
        switch self {
        case .null, .timestamp, .duration, .abstract: true
        default: false
        }
    }

    /// The parameters of a signature as open types of one call.
    fileprivate func shifted(by base: Int) -> StaticType {
        switch self {
        case .parameter(let number): .parameter(base + number)
        case .list(let element): .list(element.shifted(by: base))
        case .map, .abstract, .type: mapParameters { $0.shifted(by: base) }
        default: self
        }
    }
}
