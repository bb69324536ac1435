internal import TenonJSON
internal import TenonModel

/// The arguments of one call, taken by what the function needs them to be.
struct FunctionArguments {
    let values: [Value]
    private let context: CallContext

    init(_ values: [Value], _ context: CallContext) {
        self.values = values
        self.context = context
    }

    var count: Int { values.count }

    private var mismatch: TenonError { context.mismatch(values) }

    func value(_ index: Int) throws(TenonError) -> Value {
        guard values.indices.contains(index) else { throw mismatch }
        return values[index]
    }

    func text(_ index: Int) throws(TenonError) -> String {
        guard case .string(let text) = try value(index) else { throw mismatch }
        return text
    }

    /// A whole number; in host mode also as a double without fraction.
    func int(_ index: Int) throws(TenonError) -> Int {
        switch try value(index) {
        case .int(let value): return Int(value)
        case let value where context.isHost:
            guard let whole = value.wholeNumber else { throw mismatch }
            return whole
        default: throw mismatch
        }
    }

    /// The argument, or `standard` where it is left out.
    func int(_ index: Int, or standard: Int) throws(TenonError) -> Int {
        index < count ? try int(index) : standard
    }

    func list(_ index: Int) throws(TenonError) -> [Value] {
        guard let elements = try value(index).elements else { throw mismatch }
        return elements
    }

    /// The bytes of a text or of bytes.
    func bytes(_ index: Int) throws(TenonError) -> [UInt8] {
        switch try value(index) {
        case .string(let text): return Array(text.utf8)
        case .bytes(let bytes): return bytes
        default: throw mismatch
        }
    }

    func instant(_ index: Int) throws(TenonError) -> Instant {
        switch try value(index) {
        case .timestamp(let instant): return instant
        // Times in records and inputs are texts.
        case .string(let text) where context.isHost:
            guard let instant = Conversion.timestamp(.string(text)) else {
                throw context.mistake("\(Value.quoted(text)) is no timestamp (RFC 3339)")
            }
            return instant
        default: throw mismatch
        }
    }
}

extension FunctionDefinition {
    /// A function whose body takes its arguments by type.
    static func typed(
        _ name: String, _ styles: Styles, _ counts: ClosedRange<Int>, nulls: NullRule = .nullGivesNull,
        _ body: @escaping @Sendable (inout CallContext, FunctionArguments) throws(TenonError) -> Value
    ) -> FunctionDefinition {
        FunctionDefinition(name, styles, counts, nulls: nulls) { (context, values) throws(TenonError) in
            // A body may make elements of these.
            for case .jsonList(let elements) in values { try context.spend(elements.count / 32) }
            return try body(&context, FunctionArguments(values, context))
        }
    }
}

extension CallContext {
    /// Throws what `body` says is wrong as the failure of this call.
    mutating func checked<Result>(
        _ body: () throws(FunctionMistake) -> Result
    ) throws(TenonError) -> Result {
        do throws(FunctionMistake) {
            return try body()
        } catch {
            if error.isLimit { throw tooLarge }
            try spend(bytes: error.work)
            throw failure("\(functionName)(): \(error.message)")
        }
    }

    func mistake(_ message: String) -> TenonError { failure("\(functionName)(): \(message)") }
}
