internal import TenonJSON
internal import TenonModel

/// Compiles the strings of one JSON value and collects their mistakes.
struct TemplateCompiler {
    let names: KnownNames
    private(set) var references: [Reference] = []
    private var knownReferences: Set<Reference> = []
    private(set) var mistakes: [FieldError] = []

    init(names: KnownNames) { self.names = names }

    mutating func node(_ json: JSON, at pointer: JSONPointer) -> Template.Node {
        switch json {
        case .string(let text): return string(text, at: pointer)
        case .array(let elements):
            let nodes = elements.indices.map { node(elements[$0], at: pointer.appending($0)) }
            return nodes.allSatisfy(\.isLiteral) ? .literal(json) : .array(nodes)
        case .object(let object):
            let members = object.members.map { member in
                (key: member.key, value: node(member.value, at: pointer.appending(member.key)))
            }
            return members.allSatisfy(\.value.isLiteral) ? .literal(json) : .object(members)
        default: return .literal(json)
        }
    }

    private mutating func string(_ text: String, at pointer: JSONPointer) -> Template.Node {
        // After so many mistakes more of them help nobody.
        guard mistakes.count < ExpressionLimits.mistakes else { return .literal(.string(text)) }
        do throws(SyntaxError) {
            let parts = try parts(of: text)
            if parts.isEmpty { return .literal(.string(text)) }
            if parts.count == 1, case .expression(let expression) = parts[0] { return .whole(expression) }
            if parts.count == 1 { return .literal(.string(text)) }
            return .joined(parts)
        } catch {
            let position = SourcePosition.character(at: error.offset, in: text)
            mistakes.append(
                FieldError(
                    pointer: pointer.description,
                    message: "\(error.message) (character \(position) of `\(SourcePosition.excerpt(text))`)",
                    code: error.isUnsupported ? .expressionUnsupported : .templateInvalid))
            return .literal(.string(text))
        }
    }

    private mutating func parts(of text: String) throws(SyntaxError) -> [Template.Part] {
        let bytes = Array(text.utf8)
        var parts: [Template.Part] = []
        var textStart = 0
        var offset = 0
        var braces = TemplateBraces(byteCount: bytes.count)
        while let open = TemplateBraces.opening(in: bytes, from: offset) {
            if open > textStart {
                parts.append(.text(String(decoding: bytes[textStart..<open], as: UTF8.self)))
            }
            guard let close = try braces.closing(in: bytes, from: open + 2) else {
                throw SyntaxError(message: "a template that begins with {{ has no }}", offset: open)
            }
            parts.append(.expression(try expression(bytes[open + 2..<close])))
            offset = close + 2
            textStart = offset
        }
        if textStart < bytes.count {
            parts.append(.text(String(decoding: bytes[textStart...], as: UTF8.self)))
        }
        return parts
    }

    private mutating func expression(_ bytes: ArraySlice<UInt8>) throws(SyntaxError) -> Expression {
        do throws(SyntaxError) {
            let expression = try Expression.parse(
                String(decoding: bytes, as: UTF8.self), mode: .host, names: names)
            for reference in expression.references where knownReferences.insert(reference).inserted {
                references.append(reference)
            }
            return expression
        } catch {
            var error = error
            error.offset += bytes.startIndex
            throw error
        }
    }
}

/// Finds the braces of templates in one text.
private struct TemplateBraces {
    /// How many more bytes may be read behind an expression's end, as an unfinished text or a comment makes
    /// necessary. Reading on behind every expression would take quadratic time.
    private var bytesAheadLeft: Int

    init(byteCount: Int) { bytesAheadLeft = 4096 + 4 * byteCount }

    static func opening(in bytes: [UInt8], from start: Int) -> Int? {
        pair(UInt8(ascii: "{"), in: bytes, from: start)
    }

    /// The `}}` that ends an expression: not one in a string or of a map. Where the text cannot be read as
    /// tokens (a known name may hold a quote), the next one.
    mutating func closing(in bytes: [UInt8], from start: Int) throws(SyntaxError) -> Int? {
        // Longer than an expression can be: looking on would only take time.
        var lexer = Lexer(bytes, offset: start, end: start + ExpressionLimits.textBytes + 2)
        if let close = Self.closingToken(&lexer) { return close }
        guard let close = Self.pair(UInt8(ascii: "}"), in: bytes, from: start) else { return nil }
        bytesAheadLeft -= max(0, lexer.offset - close)
        guard bytesAheadLeft >= 0 else {
            throw SyntaxError(
                message: "too many templates have a text or a comment without an end", offset: start)
        }
        return close
    }

    private static func closingToken(_ lexer: inout Lexer) -> Int? {
        var depth = 0
        do throws(SyntaxError) {
            while true {
                lexer.skipSpace()
                let offset = lexer.offset
                switch try lexer.next() {
                case .symbol("{"): depth += 1
                case .symbol("}") where depth > 0: depth -= 1
                case .symbol("}") where lexer.byte() == UInt8(ascii: "}"): return offset
                case .end: return nil
                default: break
                }
            }
        } catch {
            return nil
        }
    }

    private static func pair(_ brace: UInt8, in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= 2, start <= bytes.count - 2 else { return nil }
        return (start..<bytes.count - 1).first { bytes[$0] == brace && bytes[$0 + 1] == brace }
    }
}

extension Template.Node {
    var isLiteral: Bool { if case .literal = self { true } else { false } }
}
