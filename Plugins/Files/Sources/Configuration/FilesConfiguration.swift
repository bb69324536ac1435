internal import TenonConnectorKit

/// What an instance was configured with; see connector.json.
struct FilesConfiguration: Hashable, Sendable {
    enum Kind: String, Sendable { case csv, ndjson }
    enum LineEnd: String, Sendable { case lf, crlf }

    /// How CSV is written; nil where a file's own look decides.
    struct CSV: Hashable, Sendable {
        var delimiter: UInt8?
        var quote: UInt8?
        /// Configured as an empty text: quotes mean nothing.
        var isUnquoted = false
        var hasHeader: Bool?
        /// A text that stands for null, besides an unquoted empty field.
        var nullText: [UInt8]?
        /// Spaces and tabs around unquoted fields do not count.
        var trims = false
        var lineEnd = LineEnd.lf
        /// Quotes every text, not only those that need it.
        var quotesAll = false
    }

    /// An absolute folder, or one file.
    var path = ""
    /// nil: by the file's name.
    var kind: Kind?
    var defaultStream = ""
    var csv = CSV()
    /// Types that are not sniffed, by column.
    var types: [String: ColumnKind] = [:]
    /// Every CSV column is text.
    var isTextOnly = false
    /// How many records at the beginning of a file are looked at.
    var sampleRows = 10_000
    /// nil: by the file's name.
    var isGzip: Bool?
    /// How many threads parse a file; nil: as many as there are cores, at most 4.
    var parallelism: Int?
    var createIfMissing = true
    /// Commits reach the disk before they are answered.
    var isDurable = true
}

extension FilesConfiguration {
    init(_ json: JSONValue) throws(ConnectorError) {
        path = json["path"]?.string ?? ""
        guard path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(0) else {
            throw Self.refusal("/path", "path must be an absolute path")
        }
        while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        kind = json["format"]?.string.flatMap(Kind.init)
        defaultStream = json["defaultStream"]?.string ?? ""
        csv = try CSV(json["csv"] ?? .object([]))
        for member in json["types"]?.members ?? [] {
            guard let kind = member.value.string.flatMap(ColumnKind.init(name:)), kind != .null else {
                throw Self.refusal("/types/" + member.name, "unknown type")
            }
            types[member.name] = kind
        }
        isTextOnly = json["textOnly"]?.bool ?? false
        sampleRows = max(1, json["sample"]?.int ?? sampleRows)
        isGzip = json["gzip"]?.bool
        parallelism = json["parallelism"]?.int.map { max(1, $0) }
        createIfMissing = json["createIfMissing"]?.bool ?? true
        isDurable = json["durable"]?.bool ?? true
    }

    static func refusal(_ field: String, _ problem: String) -> ConnectorError {
        ConnectorError(
            .invalidArgument, "The configuration cannot be used: \(problem).", effect: .notApplied,
            fieldPath: field)
    }

    /// How a file of this name is written; nil where the name does not say.
    func kind(of name: String) -> Kind? {
        if let kind { return kind }
        var name = name.lowercased()
        if name.hasSuffix(".gz") { name.removeLast(3) }
        for ending in [".csv", ".tsv", ".tab", ".psv"] where name.hasSuffix(ending) { return .csv }
        for ending in [".ndjson", ".jsonl", ".jsonlines", ".ldjson"] where name.hasSuffix(ending) {
            return .ndjson
        }
        return nil
    }

    func isGzip(_ name: String) -> Bool { isGzip ?? name.lowercased().hasSuffix(".gz") }
}

extension FilesConfiguration.CSV {
    init(_ json: JSONValue) throws(ConnectorError) {
        delimiter = try Self.byte(json["delimiter"], "delimiter")
        isUnquoted = json["quote"]?.string == ""
        quote = isUnquoted ? nil : try Self.byte(json["quote"], "quote")
        if let delimiter, delimiter == quote ?? UInt8(ascii: "\"") {
            throw FilesConfiguration.refusal("/csv/delimiter", "delimiter and quote are the same")
        }
        // "auto" is no boolean and leaves it open.
        hasHeader = json["header"]?.bool
        if let encoding = json["encoding"]?.string?.lowercased(), encoding != "utf-8", encoding != "utf8" {
            throw FilesConfiguration.refusal("/csv/encoding", "only utf-8 is supported")
        }
        nullText = json["nullText"]?.string.map { Array($0.utf8) }
        trims = json["trim"]?.bool ?? false
        lineEnd = json["lineEnd"]?.string.flatMap(FilesConfiguration.LineEnd.init) ?? .lf
        quotesAll = json["quoteAll"]?.bool ?? false
    }

    /// A delimiter or quote: one ASCII character that has no other meaning.
    private static func byte(_ value: JSONValue?, _ name: String) throws(ConnectorError) -> UInt8? {
        guard let text = value?.string, text != "auto" else { return nil }
        let bytes = Array((text == "\\t" || text == "tab" ? "\t" : text).utf8)
        guard bytes.count == 1, bytes[0] < 0x80, bytes[0] >= 0x20 || bytes[0] == 0x09 else {
            throw FilesConfiguration.refusal("/csv/" + name, "\(name) must be one ASCII character")
        }
        return bytes[0]
    }
}
