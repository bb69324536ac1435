internal import TenonBatches
package import TenonModel

extension Schema {
    /// Reads `{"columns": [{"name": "id", "type": "int64", "nullable": false}, …]}`; other keys are ignored,
    /// as in the items of `discover`. Nil where there is no `columns`.
    package static func parse(json text: [UInt8]) throws(TenonError) -> Schema? {
        let result = text.withUnsafeBytes { bytes in Result { () throws(TenonError) in try read(bytes) } }
        return try result.get()
    }

    private static func read(_ bytes: UnsafeRawBufferPointer) throws(TenonError) -> Schema? {
        guard UTF8Check.isValid(bytes) else {
            throw TenonError(.batchSchema, "The description of the columns is not valid UTF-8.")
        }
        var reader = SchemaReader(JSONScanner(bytes))
        do {
            return try reader.schema()
        } catch {
            switch error {
            case .content(let error): throw error
            case .syntax(let problem):
                throw TenonError(
                    .batchSchema, "The description of the columns is not JSON: \(problem.problem).")
            }
        }
    }

    /// The form that `parse` reads.
    package var jsonText: String {
        let columns = fields.map { field in
            let late = field.late.map { ",\"late\":\"\($0.name)\"" } ?? ""
            return
                "{\"name\":\(JSONText.quoted(field.name)),\"type\":\"\(field.type.name)\",\"nullable\":\(field.isNullable)\(late)}"
        }
        return "{\"columns\":[\(columns.joined(separator: ","))]}"
    }
}

private enum SchemaReadError: Error {
    case syntax(JSONScanError)
    case content(TenonError)
}

private struct SchemaReader {
    private var scanner: JSONScanner

    init(_ scanner: JSONScanner) { self.scanner = scanner }

    mutating func schema() throws(SchemaReadError) -> Schema? {
        var fields: [Field]?
        try members { (reader, key) throws(SchemaReadError) in
            if key == "columns" { fields = try reader.columns() } else { try reader.skip() }
        }
        guard let fields else { return nil }
        guard fields.count <= Limits.batchColumns else {
            throw .content(TenonError(.batchSchema, "There are more than \(Limits.batchColumns) columns."))
        }
        guard Set(fields.map(\.name)).count == fields.count else {
            throw .content(TenonError(.batchSchema, "Two columns have the same name."))
        }
        return Schema(fields)
    }

    private mutating func columns() throws(SchemaReadError) -> [Field] {
        var fields: [Field] = []
        try scan { (scanner) throws(JSONScanError) in try scanner.expect(UInt8(ascii: "[")) }
        if scanner.skip(UInt8(ascii: "]")) { return fields }
        while true {
            fields.append(try column())
            if scanner.skip(UInt8(ascii: "]")) { return fields }
            try scan { (scanner) throws(JSONScanError) in try scanner.expect(UInt8(ascii: ",")) }
        }
    }

    private mutating func column() throws(SchemaReadError) -> Field {
        var name: String?
        var typeName: String?
        var lateName: String?
        var isNullable = true
        try members { (reader, key) throws(SchemaReadError) in
            switch key {
            case "name": name = try reader.string()
            case "type": typeName = try reader.string()
            case "late": lateName = try reader.string()
            case "nullable":
                _ = try reader.scan { (scanner) throws(JSONScanError) in try scanner.peek() }
                isNullable = try reader.scan { (scanner) throws(JSONScanError) in try scanner.bool() }
            default: try reader.skip()
            }
        }
        guard let name, !name.isEmpty, let typeName else {
            throw .content(TenonError(.batchSchema, "A column needs a \"name\" and a \"type\"."))
        }
        guard let type = ColumnType(name: typeName) else {
            throw .content(
                TenonError(.batchType, "The column \"\(name)\" has the unknown type \"\(typeName)\"."))
        }
        guard let lateName else { return Field(name, type, isNullable: isNullable) }
        guard type == .utf8 || type == .json, let late = ColumnType(name: lateName) else {
            throw .content(
                TenonError(
                    .batchType,
                    "The column \"\(name)\" is to be \"\(lateName)\" read from \"\(typeName)\"; "
                        + "there are only columns of utf8 and json that stand for one of the other types."))
        }
        return Field(name, type, isNullable: isNullable, late: late)
    }

    private mutating func members(
        _ body: (inout Self, String) throws(SchemaReadError) -> Void
    ) throws(SchemaReadError) {
        try scan { (scanner) throws(JSONScanError) in try scanner.expect(UInt8(ascii: "{")) }
        if scanner.skip(UInt8(ascii: "}")) { return }
        while true {
            let key = try string()
            try scan { (scanner) throws(JSONScanError) in try scanner.expect(UInt8(ascii: ":")) }
            try body(&self, key)
            if scanner.skip(UInt8(ascii: "}")) { return }
            try scan { (scanner) throws(JSONScanError) in try scanner.expect(UInt8(ascii: ",")) }
        }
    }

    private mutating func string() throws(SchemaReadError) -> String {
        try scan { (scanner) throws(JSONScanError) in
            let token = try scanner.string()
            return try JSONText.string(token, in: scanner)
        }
    }

    private mutating func skip() throws(SchemaReadError) {
        _ = try scan { (scanner) throws(JSONScanError) in try scanner.value(maxDepth: Limits.jsonDepth) }
    }

    private mutating func scan<T>(_ body: (inout JSONScanner) throws(JSONScanError) -> T)
        throws(SchemaReadError) -> T
    {
        do { return try body(&scanner) } catch { throw .syntax(error) }
    }
}
