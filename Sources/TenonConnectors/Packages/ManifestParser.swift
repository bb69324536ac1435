internal import TenonVersion
internal import TenonJSON
package import TenonModel
internal import TenonSchema

extension Manifest {
    /// Reads and checks a manifest.
    ///
    /// Throws `manifest.malformed` for what is not JSON, `manifest.invalid` with every mistake and its
    /// pointer, and
    /// `manifest.unsupported-…` for what this host cannot run.
    package static func parse(_ bytes: [UInt8]) throws(TenonError) -> Manifest {
        let document: JSON
        do {
            document = try JSONParser.parse(bytes)
        } catch {
            throw TenonError(
                .manifestMalformed, "connector.json is not JSON: \(error). Correct it at that place.")
        }
        var parser = ManifestParser(document)
        return try parser.manifest()
    }
}

/// One reading of a manifest; collects every mistake.
private struct ManifestParser {
    private static let columnTypes: Set<String> = [
        "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32",
        "float64",
        "decimal128", "utf8", "binary", "date32", "time64", "timestamp", "null", "json", "ndjson",
        // Columns that are still as another system wrote them.
        "late",
    ]
    private let document: JSON
    private var problems: [FieldError] = []
    private var actions: [ActionDescription] = []

    init(_ document: JSON) {
        // Keys that begin with `x-` are the author's own.
        self.document =
            document.object.map { object in
                .object(JSONObject(object.members.filter { !$0.key.hasPrefix("x-") }))
            } ?? document
    }

    mutating func manifest() throws(TenonError) -> Manifest {
        guard let shape = ManifestSchema.compiled else {
            throw TenonError(.manifestInvalid, "This host cannot check manifests.")
        }
        problems = shape.problems(in: document)
        try stop()
        let configuration = compiledSchema(at: JSONPointer(["configSchema"]))
        let version = checkedVersion()
        checkName()
        checkLibraries()
        checkActions()
        checkCapabilities()
        checkAccepts()
        try stop()
        guard let configuration, let version else { throw invalid() }
        try checkSupport()
        return Manifest(
            document: document, version: version, configuration: configuration, actions: actions)
    }

    private func text(_ key: String) -> String { document[key]?.string ?? "" }

    private func invalid() -> TenonError {
        let count = problems.count
        return TenonError(
            .manifestInvalid,
            "connector.json has \(count) mistake\(count == 1 ? "" : "s"). Correct what is shown at each place.",
            fields: problems.map {
                FieldError(pointer: $0.pointer, message: $0.message, code: .manifestInvalid)
            })
    }

    private func stop() throws(TenonError) {
        if !problems.isEmpty { throw invalid() }
    }

    private mutating func refuse(_ pointer: JSONPointer, _ message: String) {
        problems.append(FieldError(pointer: pointer.description, message: message))
    }

    private mutating func compiledSchema(at pointer: JSONPointer) -> JSONSchema? {
        do throws(TenonError) {
            return try JSONSchema(document.value(at: pointer) ?? true, at: pointer)
        } catch {
            problems += error.fields
            return nil
        }
    }

    private mutating func checkedVersion() -> SemanticVersion? {
        let version = SemanticVersion(text("version"))
        if version == nil { refuse(JSONPointer(["version"]), "must be a semantic version such as 1.2.3") }
        return version
    }

    private mutating func checkName() {
        let parts = text("name").split(omittingEmptySubsequences: false) { $0 == "." || $0 == "-" }
        let isLegal =
            parts.allSatisfy { part in
                !part.isEmpty
                    && part.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
            } && parts.first?.first?.isLetter == true
        if !isLegal {
            refuse(
                JSONPointer(["name"]),
                "must begin with a letter and have only lower-case letters, digits, and single dots or dashes between"
            )
        }
    }

    private mutating func checkLibraries() {
        for (platform, path) in document["libraries"]?.object?.members ?? [] {
            let parts = (path.string ?? "").split(separator: "/", omittingEmptySubsequences: false)
            let isInside =
                parts.count > 1 && parts[0] == "lib" && parts.allSatisfy { !["", ".", ".."].contains($0) }
            if !isInside {
                refuse(
                    JSONPointer(["libraries", platform]),
                    "must be a path in the package such as lib/\(platform)/name.so")
            }
        }
    }

    private mutating func checkActions() {
        var names: Set<String> = []
        for (index, action) in (document["actions"]?.array ?? []).enumerated() {
            let place = JSONPointer(["actions", String(index)])
            if let name = action["name"]?.string, !names.insert(name).inserted {
                refuse(place.appending("name"), "is the name of another action too")
            }
            var description = ActionDescription(action)
            if action["input"] != nil {
                description.inputSchema = compiledSchema(at: place.appending("input"))
            }
            if action["output"] != nil {
                description.outputSchema = compiledSchema(at: place.appending("output"))
            }
            actions.append(description)
        }
    }

    /// `type` is only the specification's word; what counts is what the connector offers.
    private mutating func checkCapabilities() {
        let offered = document["capabilities"]?.array?.compactMap(\.string) ?? []
        let hasActions = document["actions"]?.array?.isEmpty == false
        if !offered.contains("tenon.instance/1") {
            refuse(JSONPointer(["capabilities"]), "lacks tenon.instance/1, which every connector offers")
        }
        if hasActions && !offered.contains("tenon.action/1") {
            refuse(JSONPointer(["capabilities"]), "lacks tenon.action/1, since the manifest has actions")
        }
    }

    private mutating func checkAccepts() {
        for (index, type) in (document["accepts"]?.array ?? []).enumerated() {
            let word = type.string?.prefix { $0 != "(" } ?? ""
            guard !Self.columnTypes.contains(String(word)) else { continue }
            let hint = NearestName.of(String(word), among: Self.columnTypes.sorted())
            refuse(
                JSONPointer(["accepts", String(index)]),
                "is not a column type" + (hint.map { "; did you mean \"\($0)\"?" } ?? ""))
        }
    }

    /// What is correct but cannot run here.
    private func checkSupport() throws(TenonError) {
        guard text("runtime") == "tenon" else {
            throw TenonError(
                .manifestRuntime,
                "The connector needs the runtime \"\(text("runtime"))\"; this host runs \"tenon\" only.")
        }
        let numbers = text("abi").split(separator: ".", omittingEmptySubsequences: false).map { UInt32($0) }
        guard numbers.count == 2, let major = numbers[0], numbers[1] != nil, major == 1 else {
            throw TenonError(
                .manifestABI,
                "The connector is made for ABI \"\(text("abi"))\"; this host speaks 1.0. "
                    + "Get a version of the connector for ABI 1.")
        }
        guard document["libraries"]?[Manifest.platform] != nil else {
            let others = (document["libraries"]?.object?.keys ?? []).joined(separator: ", ")
            throw TenonError(
                .manifestPlatform,
                "The connector has no library for \(Manifest.platform), only for \(others). Build it for this machine."
            )
        }
    }
}

extension Manifest {
    /// From a document that has been checked.
    fileprivate init(
        document: JSON, version: SemanticVersion, configuration: JSONSchema, actions: [ActionDescription]
    ) {
        func text(_ key: String) -> String { document[key]?.string ?? "" }
        func texts(_ key: String) -> [String] { document[key]?.array?.compactMap(\.string) ?? [] }
        name = text("name")
        self.version = version
        title = document["title"]?.string ?? name
        description = text("description")
        type = Kind(rawValue: text("type")) ?? .action
        runtime = text("runtime")
        abi = text("abi")
        let paths = document["libraries"]?.object?.members ?? []
        libraries = Dictionary(paths.map { ($0.key, $0.value.string ?? "") }) { $1 }
        configSchema = document["configSchema"] ?? true
        self.configuration = configuration
        self.actions = actions
        streams = document["streams"]?.array ?? []
        // Only a target that says so is trusted to keep the sequence with the rows.
        commit = document["commit"]?.string ?? "atLeastOnce"
        accepts = texts("accepts")
        concurrency = Int(document["concurrency"]?.int ?? 1)
        isolation = document["isolation"]?.string ?? "cell"
        capabilities = texts("capabilities")
        json = document
    }
}

extension ActionDescription {
    fileprivate init(_ json: JSON) {
        let effect = json["effect"] ?? "write"
        func word(_ json: JSON?) -> ActionEffect { json?.string.flatMap(ActionEffect.init) ?? .write }
        let map = effect["map"]?.object?.members ?? []
        let rule: EffectRule =
            effect.object == nil
            ? .always(word(effect))
            : .byField(
                effect["by"]?.string ?? "", Dictionary(map.map { ($0.key, word($0.value)) }) { $1 },
                otherwise: word(effect["default"]))
        self.init(
            name: json["name"]?.string ?? "", description: json["description"]?.string ?? "",
            input: json["input"],
            output: json["output"], effectRule: rule)
    }
}
