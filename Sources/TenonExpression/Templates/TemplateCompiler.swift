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
        while let open = TemplateBraces.opening(in: bytes, from: offset) {
            if open > textStart {
                parts.append(.text(String(decoding: bytes[textStart..<open], as: UTF8.self)))
            }
            guard let close = TemplateBraces.closing(in: bytes, from: open + 2) else {
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

/// Finds the braces of templates.
private enum TemplateBraces {
    static func opening(in bytes: [UInt8], from start: Int) -> Int? {
        pair(UInt8(ascii: "{"), in: bytes, from: start)
    }

    /// The `}}` that ends an expression: not one in a string or of a map. Where the text cannot be read as
    /// tokens (a known name may hold a quote), the next one.
    static func closing(in bytes: [UInt8], from start: Int) -> Int? {
        var lexer = Lexer(bytes, offset: start)
        var depth = 0
        do throws(SyntaxError) {
            while true {
                lexer.skipSpace()
                let offset = lexer.offset
                // Longer than an expression can be: looking on would only take time.
                guard offset - start <= ExpressionLimits.textBytes else {
                    return pair(UInt8(ascii: "}"), in: bytes, from: start)
                }
                switch try lexer.next() {
                case .symbol("{"): depth += 1
                case .symbol("}") where depth > 0: depth -= 1
                case .symbol("}") where lexer.byte() == UInt8(ascii: "}"): return offset
                case .end: return pair(UInt8(ascii: "}"), in: bytes, from: start)
                default: break
                }
            }
        } catch {
            return pair(UInt8(ascii: "}"), in: bytes, from: start)
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
