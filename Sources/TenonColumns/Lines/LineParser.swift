internal import TenonBatches
internal import TenonModel

/// Reads lines into the columns of one schema.
final class LineParser {
    let schema: Schema
    private(set) var rowCount = 0
    private let scanner: JSONRecordScanner
    private let fields: UnsafeMutablePointer<JSONField>
    private let builders: [ColumnBuilder]
    private let areNullable: [Bool]

    init(_ schema: Schema) {
        self.schema = schema
        scanner = JSONRecordScanner(keys: schema.names, maxDepth: Limits.jsonDepth)
        fields = .allocate(capacity: max(1, schema.fields.count))
        builders = schema.fields.map { ColumnBuilder($0.type) }
        areNullable = schema.fields.map(\.isNullable)
    }

    deinit { fields.deallocate() }

    var byteCount: Int { builders.reduce(0) { $0 + $1.byteCount } }

    func finish() -> Batch {
        defer { rowCount = 0 }
        return Batch(schema: schema, columns: builders.map { $0.finish() }, rowCount: rowCount)
    }

    /// Appends the line that begins at `start` as a row, or nothing where it does not fit, and answers where
    /// it ends.
    func read(_ lines: UnsafeRawBufferPointer, from start: Int) throws(LineMisfit) -> Int {
        let end: Int
        do throws(JSONRecordError) {
            end = try scanner.scan(lines, from: start, into: fields)
        } catch {
            throw misfit(error, lineStart: start)
        }
        if let unknownKey = scanner.unknownKey {
            var key = JSONScanner(UnsafeRawBufferPointer(rebasing: lines[unknownKey]))
            // `try?`: the scan has read this key as a string before.
            let name = (try? key.string()).flatMap { try? JSONText.string($0, in: key) } ?? ""
            throw LineMisfit("the field \"\(name)\" is not one of the stream's columns")
        }
        for index in builders.indices where !append(fields[index], of: lines, to: index) {
            for builder in builders { builder.truncate(to: rowCount) }
            throw misfit(index, fields[index].kind)
        }
        rowCount += 1
        return end
    }

    /// Whether the value fits the column; then it is appended.
    @inline(__always)
    private func append(_ field: JSONField, of lines: UnsafeRawBufferPointer, to index: Int) -> Bool {
        let builder = builders[index]
        if field.isNull {
            guard areNullable[index] else { return false }
            builder.appendNull()
            return true
        }
        if builder.type == .json { return builder.append(field.token(in: lines)) }
        switch field.kind {
        case .string: return builder.append(text: field.content(in: lines))
        case .escapedString: return append(escaped: field.content(in: lines), to: builder)
        case .integer, .decimal: return builder.append(number: field.token(in: lines))
        case .true, .false:
            guard builder.type == .bool else {
                return builder.type == .utf8 && builder.append(field.token(in: lines))
            }
            builder.append(field.kind == .true)
            return true
        default: return false
        }
    }

    private func append(escaped content: UnsafeRawBufferPointer, to builder: ColumnBuilder) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: content.count) { text in
            guard let base = text.baseAddress else { return false }
            let count = JSONText.writeUnescaped(content, to: base)
            return builder.append(text: UnsafeRawBufferPointer(start: base, count: count))
        }
    }

    private func misfit(_ index: Int, _ kind: JSONField.Kind) -> LineMisfit {
        let field = schema.fields[index]
        guard kind != .missing else { return LineMisfit("the field \"\(field.name)\" is missing") }
        let word =
            switch kind {
            case .missing, .null: "null"
            case .true, .false: "bool"
            case .integer, .decimal: "number"
            case .string, .escapedString: "string"
            case .array: "array"
            case .object: "object"
            }
        return LineMisfit(
            "the value of \"\(field.name)\" (\(word)) does not fit the type \(field.type.name)")
    }

    private func misfit(_ error: JSONRecordError, lineStart: Int) -> LineMisfit {
        switch error.kind {
        case .notAnObject: LineMisfit("the line is not a JSON object")
        case .textAfterObject: LineMisfit("there is text after the object")
        case .duplicate(let key): LineMisfit("the field \"\(schema.fields[key].name)\" occurs twice")
        case .syntax(let problem):
            LineMisfit(
                "the line is not valid JSON: \(problem.problem) at byte \(error.offset - lineStart + 1)")
        }
    }
}
