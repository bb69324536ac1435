internal import TenonJSON
internal import TenonModel

/// Fills a text such as `%s costs %.2f` with values.
///
/// Clauses: `%s` any value, `%d` a number, `%f` and `%e` with places (`%.2f`, 6 where they are not given),
/// `%b` binary, `%o` octal, `%x` and `%X` hexadecimal, `%%` the sign itself.
struct TextFormat {
    private static let standardPlaces = 6

    private let pattern: [UInt8]
    private let arguments: [Value]
    private let maxBytes: Int
    private var used = 0
    private var text: [UInt8] = []

    static func format(
        _ pattern: String, _ arguments: [Value], maxBytes: Int
    ) throws(FunctionMistake) -> String {
        var format = TextFormat(pattern: Array(pattern.utf8), arguments: arguments, maxBytes: maxBytes)
        do throws(FunctionMistake) {
            return try format.run()
        } catch {
            var error = error
            error.work += format.text.count
            throw error
        }
    }

    /// Refuses a format that no values can fill, or not so many where their number is known.
    static func check(_ pattern: String, valueCount: Int?) throws(FunctionMistake) {
        let format = TextFormat(pattern: Array(pattern.utf8), arguments: [], maxBytes: 0)
        var position = 0
        var count = 0
        while let sign = format.pattern[position...].firstIndex(of: UInt8(ascii: "%")) {
            position = sign + 1
            if position < format.pattern.count, format.pattern[position] == UInt8(ascii: "%") {
                position += 1
                continue
            }
            let (clause, _) = try format.clause(at: &position)
            guard "sdfeboxX".utf8.contains(clause) else { throw unknown(clause) }
            count += 1
        }
        if let valueCount, count > valueCount { throw tooFew(valueCount) }
    }

    private init(pattern: [UInt8], arguments: [Value], maxBytes: Int) {
        self.pattern = pattern
        self.arguments = arguments
        self.maxBytes = maxBytes
    }

    private mutating func run() throws(FunctionMistake) -> String {
        var position = 0
        while position < pattern.count {
            guard pattern[position] == UInt8(ascii: "%") else {
                text.append(pattern[position])
                position += 1
                continue
            }
            position += 1
            if position < pattern.count, pattern[position] == UInt8(ascii: "%") {
                text.append(UInt8(ascii: "%"))
                position += 1
            } else {
                let (clause, places) = try clause(at: &position)
                text += try clauseText(clause, places, next()).utf8
            }
            guard text.count <= maxBytes else { throw FunctionMistake.tooLarge }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The letter after a `%`, and the places that stand between.
    private func clause(at position: inout Int) throws(FunctionMistake) -> (UInt8, places: Int?) {
        let places = try places(at: &position)
        guard position < pattern.count else { throw FunctionMistake("the format ends after \"%\"") }
        position += 1
        return (pattern[position - 1], places)
    }

    private static func unknown(_ clause: UInt8) -> FunctionMistake {
        let name = String(decoding: [clause], as: UTF8.self)
        return FunctionMistake(
            "\"%\(name)\" is no clause; known are %s, %d, %f, %e, %b, %o, %x, %X and %%")
    }

    private static func tooFew(_ count: Int) -> FunctionMistake {
        FunctionMistake("the format asks for more than the \(count) values that there are")
    }

    /// The number after a point.
    private func places(at position: inout Int) throws(FunctionMistake) -> Int? {
        guard position < pattern.count, pattern[position] == UInt8(ascii: ".") else { return nil }
        let digits = pattern[(position + 1)...].prefix(while: \.isDigit)
        position += 1 + digits.count
        guard let places = Int(String(decoding: digits, as: UTF8.self)), places <= NumberFormat.maxPlaces
        else {
            throw FunctionMistake(
                "after \"%.\" comes the number of places, from 0 to \(NumberFormat.maxPlaces)")
        }
        return places
    }

    private mutating func next() throws(FunctionMistake) -> Value {
        guard arguments.indices.contains(used) else {
            throw Self.tooFew(arguments.count)
        }
        used += 1
        return arguments[used - 1]
    }

    private func clauseText(
        _ clause: UInt8, _ places: Int?, _ value: Value
    ) throws(FunctionMistake) -> String {
        let text: String?
        switch clause {
        case UInt8(ascii: "s"):
            var shown = ShownValue(maxBytes: maxBytes)
            text = try shown.text(of: value)
        case UInt8(ascii: "d"): text = decimal(value)
        case UInt8(ascii: "f"):
            text = value.exactDouble.map { NumberFormat.fixed($0, places: places ?? Self.standardPlaces) }
        case UInt8(ascii: "e"):
            text = value.exactDouble.map {
                NumberFormat.scientific($0, places: places ?? Self.standardPlaces)
            }
        case UInt8(ascii: "b"):
            if case .bool(let isSet) = value { text = isSet ? "1" : "0" } else { text = digits(value, 2) }
        case UInt8(ascii: "o"): text = digits(value, 8)
        case UInt8(ascii: "x"): text = hexadecimal(value, isUppercase: false)
        case UInt8(ascii: "X"): text = hexadecimal(value, isUppercase: true)
        default: throw Self.unknown(clause)
        }
        guard let text else {
            let name = String(decoding: [clause], as: UTF8.self)
            throw FunctionMistake("\"%\(name)\" cannot show \(value.kind)")
        }
        return text
    }

    private func decimal(_ value: Value) -> String? {
        switch value {
        case .double(let value): NumberFormat.plain(value)
        case .number(let text): text
        default: digits(value, 10)
        }
    }

    private func digits(_ value: Value, _ radix: Int, isUppercase: Bool = false) -> String? {
        switch value {
        case .int(let value): String(value, radix: radix, uppercase: isUppercase)
        case .uint(let value): String(value, radix: radix, uppercase: isUppercase)
        default: nil
        }
    }

    private func hexadecimal(_ value: Value, isUppercase: Bool) -> String? {
        switch value {
        case .string(let text): HexText.encode(text.utf8, isUppercase: isUppercase)
        case .bytes(let bytes): HexText.encode(bytes, isUppercase: isUppercase)
        default: digits(value, 16, isUppercase: isUppercase)
        }
    }
}

/// Why a function cannot give a value.
struct FunctionMistake: Error {
    let message: String
    /// Bytes that were written until it was found, to be paid for.
    var work = 0
    /// Whether the value would be larger than one may be.
    var isLimit = false

    init(_ message: String) { self.message = message }

    static var tooLarge: FunctionMistake {
        var mistake = FunctionMistake("the text becomes too long")
        mistake.isLimit = true
        return mistake
    }
}

extension Value {
    /// Any number as a double.
    fileprivate var exactDouble: Double? { nearestDouble }
}
