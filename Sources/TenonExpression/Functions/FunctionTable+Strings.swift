internal import TenonModel

extension FunctionTable {
    /// Functions of text beyond CEL's own. Positions count Unicode scalars from 0.
    static let strings: [FunctionDefinition] = stringForms + stringSearch + stringParts

    private static let stringForms: [FunctionDefinition] = [
        changed("lowerAscii") { mapped($0) { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 } },
        changed("upperAscii") { mapped($0) { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 } },
        changed("lower") { $0.lowercased() },
        changed("upper") { $0.uppercased() },
        changed("trim", trimmed),
        .typed("strings.quote", .global, 1...1) { (context, arguments) throws(TenonError) in
            let text = try arguments.text(0)
            try context.spend(bytes: text.utf8.count)
            try context.checkSize(text.utf8.count * 2)
            return .string(QuotedText.quote(text))
        },
        .typed("format", .method, 2...2) { (context, arguments) throws(TenonError) in
            let text = try arguments.text(0)
            let values = try arguments.list(1)
            // The digits of a double are up to a thousand.
            try context.spend(text.utf8.count / 8 + values.count * 16)
            let result = try context.checked { () throws(FunctionMistake) in
                try TextFormat.format(text, values, maxBytes: ExpressionLimits.outputBytes)
            }
            try context.spend(bytes: result.utf8.count)
            return .string(result)
        }.preparing { (nodes) throws(FunctionMistake) in
            if let text = nodes[0].constantText {
                try TextFormat.check(text, valueCount: nodes[1].elementCount)
            }
            return false
        },
        padded("padStart") { text, padding in padding + text },
        padded("padEnd") { text, padding in text + padding },
        .typed("repeat", .method, 2...2) { (context, arguments) throws(TenonError) in
            let (text, count) = (try arguments.text(0), try arguments.int(1))
            guard count >= 0 else { throw context.mistake("\(count) is less than 0") }
            let (size, overflow) = text.utf8.count.multipliedReportingOverflow(by: count)
            try context.checkSize(overflow ? .max : size)
            try context.spend(size / 64 + count / 64)
            return .string(text.isEmpty ? "" : String(repeating: text, count: count))
        },
    ]

    private static let stringSearch: [FunctionDefinition] = [
        .typed("indexOf", .method, 2...3) { (context, arguments) throws(TenonError) in
            let (text, part) = (try arguments.text(0), try arguments.text(1))
            try context.spend(bytes: text.utf8.count * 2 + part.utf8.count)
            let start = try context.position(try arguments.int(2, or: 0), in: text)
            return .int(Int64(ScalarText.firstIndex(of: part, in: text, from: start) ?? -1))
        },
        .typed("lastIndexOf", .method, 2...3) { (context, arguments) throws(TenonError) in
            let (text, part) = (try arguments.text(0), try arguments.text(1))
            try context.spend(bytes: text.utf8.count * 2 + part.utf8.count)
            let end = try context.position(try arguments.int(2, or: ScalarText.count(text)), in: text)
            return .int(Int64(ScalarText.lastIndex(of: part, in: text, upTo: end) ?? -1))
        },
        .typed("replace", .method, 3...4) { (context, arguments) throws(TenonError) in
            let (text, part, other) = (
                try arguments.text(0), try arguments.text(1), try arguments.text(2)
            )
            let limit = try arguments.int(3, or: -1)
            try context.spend(bytes: text.utf8.count + part.utf8.count)
            let result = ScalarText.replacing(
                part, with: other, in: text, limit: limit < 0 ? .max : limit,
                maxBytes: ExpressionLimits.outputBytes)
            guard let result else { throw context.tooLarge }
            try context.spend(bytes: result.utf8.count)
            return .string(result)
        },
    ]

    private static let stringParts: [FunctionDefinition] = [
        .typed("charAt", .method, 2...2) { (context, arguments) throws(TenonError) in
            let text = try arguments.text(0)
            try context.spend(bytes: text.utf8.count)
            let position = try context.position(try arguments.int(1), in: text)
            return .string(ScalarText.slice(text, from: position, to: position + 1))
        },
        .typed("substring", .method, 2...3) { (context, arguments) throws(TenonError) in
            let text = try arguments.text(0)
            try context.spend(bytes: text.utf8.count)
            let start = try context.position(try arguments.int(1), in: text)
            let end = try context.position(try arguments.int(2, or: ScalarText.count(text)), in: text)
            guard start <= end else { throw context.mistake("\(start) is behind \(end)") }
            return .string(ScalarText.slice(text, from: start, to: end))
        },
        .typed("split", .method, 2...3) { (context, arguments) throws(TenonError) in
            let (text, separator) = (try arguments.text(0), try arguments.text(1))
            let limit = try arguments.int(2, or: -1)
            try context.spend(bytes: text.utf8.count + separator.utf8.count)
            let parts = ScalarText.split(text, by: separator, limit: limit < 0 ? .max : limit)
            try context.spend(parts.count)
            return .list(parts.map { .string($0) })
        },
        .typed("join", .method, 1...2) { (context, arguments) throws(TenonError) in
            let elements = try arguments.list(0)
            let separator = arguments.count > 1 ? try arguments.text(1) : ""
            try context.spend(elements.count)
            var parts: [String] = []
            var size = 0
            for element in elements {
                guard case .string(let part) = element else {
                    throw context.mistake(
                        "cannot join \(element.kind); make it a string with string(x)")
                }
                parts.append(part)
                size += part.utf8.count + separator.utf8.count
                try context.checkSize(size)
            }
            try context.spend(bytes: size)
            return .string(parts.joined(separator: separator))
        },
        // Of lists too.
        .unary("reverse", .method) { (context, value) throws(TenonError) in
            if case .string(let text) = value {
                try context.spend(bytes: text.utf8.count)
                return .string(ScalarText.reversed(text))
            }
            guard let elements = value.elements else { throw context.mismatch(value) }
            try context.spend(elements.count)
            return .list(elements.reversed())
        },
    ]

    // MARK: Bodies

    private static func changed(
        _ name: String, _ change: @escaping @Sendable (String) -> String
    ) -> FunctionDefinition {
        .unary(name, .method) { (context, value) throws(TenonError) in
            guard case .string(let text) = value else { throw context.mismatch(value) }
            try context.spend(bytes: text.utf8.count)
            return .string(change(text))
        }
    }

    private static func padded(
        _ name: String, _ join: @escaping @Sendable (_ text: String, _ padding: String) -> String
    ) -> FunctionDefinition {
        .typed(name, .method, 2...3) { (context, arguments) throws(TenonError) in
            let (text, length) = (try arguments.text(0), try arguments.int(1))
            let filler = arguments.count > 2 ? try arguments.text(2) : " "
            guard ScalarText.count(filler) == 1 else {
                throw context.mistake("one character is repeated, not \(ScalarText.count(filler))")
            }
            try context.spend(bytes: text.utf8.count)
            let count = ScalarText.count(text)
            // Compared before it is subtracted: a length may be any integer.
            guard length > count else { return .string(text) }
            let missing = length - count
            let (size, overflow) = missing.multipliedReportingOverflow(by: filler.utf8.count)
            try context.checkSize(overflow ? .max : size)
            try context.spend(bytes: size)
            return .string(join(text, String(repeating: filler, count: missing)))
        }
    }

    private static func mapped(_ text: String, _ change: (UInt8) -> UInt8) -> String {
        String(decoding: text.utf8.map(change), as: UTF8.self)
    }

    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}

extension CallContext {
    /// A position in a text, or its end.
    fileprivate func position(_ position: Int, in text: String) throws(TenonError) -> Int {
        guard position >= 0, position <= ScalarText.count(text) else {
            throw mistake("the position \(position) is not in the text")
        }
        return position
    }

    var tooLarge: TenonError {
        TenonError(
            .expressionLimit, "a value is larger than \(ExpressionLimits.outputBytes) bytes",
            context: ["offset": "\(offset)"])
    }
}
