internal import TenonModel

extension Evaluator {
    func arithmetic(
        _ sign: BinaryOperator, _ left: Value, _ right: Value, at offset: Int
    ) throws(TenonError) -> Value {
        switch (left, right) {
        case (.int(let left), .int(let right)):
            return try integers(sign, left, right, at: offset) { .int($0) }
        case (.uint(let left), .uint(let right)):
            return try integers(sign, left, right, at: offset) { .uint($0) }
        case (.double(let left), .double(let right)):
            guard let value = doubles(sign, left, right) else { break }
            return .double(value)
        default:
            if isHost { return try mixed(sign, left, right, at: offset) }
        }
        throw mismatch(sign, left, right, at: offset)
    }

    /// Sums and differences of timestamps and durations; nil where neither is one.
    func time(
        _ sign: BinaryOperator, _ left: Value, _ right: Value, at offset: Int
    ) throws(TenonError) -> Value? {
        let result: Value?
        switch (left, sign, right) {
        case (.timestamp(let instant), _, .duration(let shift)):
            let shift = sign == .add ? Int128(shift) : -Int128(shift)
            result = instant.moved(byNanoseconds: shift).map { .timestamp($0) }
        case (.duration(let shift), .add, .timestamp(let instant)):
            result = instant.moved(byNanoseconds: Int128(shift)).map { .timestamp($0) }
        case (.timestamp(let left), .subtract, .timestamp(let right)):
            result = left.nanoseconds(since: right).map { .duration($0) }
        case (.duration(let left), _, .duration(let right)):
            let (value, isOver) =
                sign == .add
                ? left.addingReportingOverflow(right) : left.subtractingReportingOverflow(right)
            result = isOver ? nil : .duration(value)
        default: return nil
        }
        guard let result else { throw failure("a time is out of range", at: offset) }
        return result
    }

    private func mismatch(_ sign: BinaryOperator, _ left: Value, _ right: Value, at offset: Int) -> TenonError
    {
        var hint = ""
        if sign == .add, left.typeName == "string" || right.typeName == "string" {
            hint = "; make it a string with string(x)"
        }
        return failure(
            "cannot compute \(left.typeName) \(sign.rawValue) \(right.typeName)\(hint)", at: offset)
    }

    private func integers<Integer: FixedWidthInteger>(
        _ sign: BinaryOperator, _ left: Integer, _ right: Integer, at offset: Int, _ wrap: (Integer) -> Value
    ) throws(TenonError) -> Value {
        let result: (partialValue: Integer, overflow: Bool)
        switch sign {
        case .add: result = left.addingReportingOverflow(right)
        case .subtract: result = left.subtractingReportingOverflow(right)
        case .multiply: result = left.multipliedReportingOverflow(by: right)
        case .divide, .remainder:
            if right == 0 { throw failure("division by zero", at: offset) }
            result =
                sign == .divide
                ? left.dividedReportingOverflow(by: right)
                : left.remainderReportingOverflow(dividingBy: right)
        default: throw failure("\(sign.rawValue) is no arithmetic", at: offset)
        }
        if result.overflow { throw failure("an integer is out of range", at: offset) }
        return wrap(result.partialValue)
    }

    private func doubles(_ sign: BinaryOperator, _ left: Double, _ right: Double) -> Double? {
        switch sign {
        case .add: left + right
        case .subtract: left - right
        case .multiply: left * right
        case .divide: left / right
        case .remainder where isHost: left.truncatingRemainder(dividingBy: right)
        default: nil
        }
    }

    /// Host mode: null stays null, integers of both signs are one kind, and with a double they become
    /// doubles.
    private func mixed(
        _ sign: BinaryOperator, _ left: Value, _ right: Value, at offset: Int
    ) throws(TenonError) -> Value {
        if left.isNullOrMissing || right.isNullOrMissing { return .null }
        if let left = left.integer, let right = right.integer {
            return try integers(sign, left, right, at: offset) { value in
                if let small = Int64(exactly: value) { return .int(small) }
                return UInt64(exactly: value).map { .uint($0) } ?? .missing
            }.orThrow { failure("an integer is out of range", at: offset) }
        }
        guard left.isNumber, right.isNumber else { throw mismatch(sign, left, right, at: offset) }
        let leftDouble = try promoted(left, at: offset)
        let rightDouble = try promoted(right, at: offset)
        guard let value = doubles(sign, leftDouble, rightDouble) else {
            throw mismatch(sign, left, right, at: offset)
        }
        return .double(value)
    }

    private func promoted(_ value: Value, at offset: Int) throws(TenonError) -> Double {
        if case .double(let double) = value { return double }
        if let integer = value.integer, integer.magnitude <= 1 << 53 { return Double(integer) }
        if let double = value.doubleOfDecimal { return double }
        throw failure("\(value.described) is too exact to be mixed with a double", at: offset)
    }
}

extension Value {
    /// Missing stands for a result that fits no type.
    fileprivate func orThrow(_ error: () -> TenonError) throws(TenonError) -> Value {
        if isMissing { throw error() }
        return self
    }
}
