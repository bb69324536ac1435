internal import TenonExpression
package import TenonJSON
package import TenonModel
internal import TenonSchedule

extension PipelineDefinition {
    private static let knownKeys: Set<String> = [
        "id", "projectId", "name", "description", "sourceIntegrationId", "targetIntegrationId", "stages",
        "schedule",
        "triggers", "sync", "batchSize", "durability", "status", "version", "createdAt", "updatedAt",
        "warnings", "enabled",
    ]

    /// Checks the body of a request. Throws `pipeline.invalid` or `pipeline.unsupported` with every mistake
    /// that was found. Of a stored definition only what makes it unreadable is a mistake: neither schedules nor
    /// what an expression would do.
    package static func parse(
        _ json: JSON, isStored: Bool = false
    ) throws(TenonError) -> (definition: PipelineDefinition, warnings: [DefinitionWarning]) {
        var reader = DefinitionReader(json, at: JSONPointer())
        let projectID = ProjectID(reader.userGiven("projectId"))
        let name = reader.userGiven("name")
        let source = IntegrationID(reader.userGiven("sourceIntegrationId"))
        let target = IntegrationID(reader.userGiven("targetIntegrationId"))
        let description = reader.string("description") ?? ""
        let triggers = TriggerReader(
            reader.object, kind: "pipeline", definitionID: "", takesContext: false)
        // A stored one that cannot be read any more does not fire; executions need none.
        if !isStored { for mistake in triggers.mistakes { reader.fail(mistake) } }
        let durability = reader.string("durability")
        if let durability, !["strict", "relaxed", "ephemeral"].contains(durability) {
            reader.fail("\"\(durability)\" is not one of strict, relaxed, ephemeral", "durability")
        }
        let batchRows = reader.int("batchSize")
        if let batchRows, !(1...Limits.batchRows).contains(batchRows) {
            reader.fail("must be from 1 to \(Limits.batchRows)", "batchSize")
        }
        reader.checkSync()
        var known = KnownNames()
        known.isStored = isStored
        let stages = reader.stages(known)
        var extract = reader.extractParameters(stages)
        extract.batchRows = batchRows
        let load = reader.loadParameters(stages)
        let secrets = reader.secrets(extract, load, stages)
        try reader.throwMistakes(pipeline: name)
        let definition = PipelineDefinition(
            projectID: projectID, name: name, description: description, sourceIntegrationID: source,
            targetIntegrationID: target, stages: stages, extract: extract, load: load,
            triggers: triggers.triggers, durability: durability, secrets: secrets)
        return (definition, warnings(json, stages, triggers))
    }

    private static func warnings(
        _ json: JSON, _ stages: [StageDefinition], _ triggers: TriggerReader
    ) -> [DefinitionWarning] {
        let unknown = (json.object?.keys ?? []).filter { !knownKeys.contains($0) }.map { key in
            DefinitionWarning(
                code: "pipeline.unknown-key",
                message:
                    "\"\(key)\" is not known and has no effect.\(NearestName.suggestion(for: key, among: knownKeys.sorted()))",
                pointer: "\(JSONPointer([key]))")
        }
        let unfired = triggers.unfired.map { pointer, type in
            DefinitionWarning(
                code: "pipeline.trigger-not-fired",
                message: "the \(type) trigger is kept; this host does not fire triggers of that type yet",
                pointer: "\(pointer)")
        }
        let unread = triggers.unknown.map {
            DefinitionWarning(code: "pipeline.unknown-key", message: $0.message, pointer: "\($0.pointer)")
        }
        return unknown + unfired + unread
            + stages.flatMap { stage in stage.transformations.flatMap(\.warnings) }
    }
}

extension DefinitionReader {
    fileprivate mutating func userGiven(_ key: String) -> String {
        let text = requiredString(key)
        if !text.isEmpty, let problem = UserGivenText.problem(with: text) { fail(problem, key) }
        return text
    }

    func throwMistakes(pipeline name: String) throws(TenonError) {
        guard let first = mistakes.first else { return }
        let isUnsupported = mistakes.allSatisfy { $0.code == .pipelineUnsupported }
        let more = mistakes.count > 1 ? " (and \(mistakes.count - 1) more)" : ""
        throw TenonError(
            isUnsupported ? .pipelineUnsupported : .pipelineInvalid,
            "The pipeline \"\(name)\" cannot be used: \(first.pointer) \(first.message)\(more).",
            fields: mistakes)
    }

    fileprivate mutating func checkSync() {
        let mode = object["sync"].flatMap { $0.string ?? $0["mode"]?.string }
        guard let sync = object["sync"], !sync.isNull else { return }
        switch mode {
        case "full": break
        case "incremental":
            fail(
                "is \"incremental\", which this version does not offer; use \"full\"", "sync",
                .pipelineUnsupported)
        default: fail("must be \"full\" or \"incremental\"", "sync")
        }
    }

    // MARK: Stages

    fileprivate mutating func stages(_ known: KnownNames) -> [StageDefinition] {
        guard let list = array("stages"), !list.isEmpty else {
            if object["stages"].map({ $0.isNull || $0.array != nil }) ?? true {
                fail("must hold at least one stage", "stages")
            }
            return []
        }
        guard list.count <= Limits.stagesPerPipeline else {
            fail("must not hold more than \(Limits.stagesPerPipeline) stages", "stages")
            return []
        }
        var stages: [StageDefinition] = []
        var names: Set<String> = []
        for (index, json) in list.enumerated() {
            var reader = DefinitionReader(json, at: pointer.appending("stages").appending(index))
            let stage = reader.stage(index, known)
            if !names.insert(stage.name).inserted, !stage.name.isEmpty {
                reader.fail("\"\(stage.name)\" is the name of another stage too", "name")
            }
            mistakes += reader.mistakes
            stages.append(stage)
        }
        let ordered = stages.enumerated().sorted {
            ($0.element.order, $0.offset) < ($1.element.order, $1.offset)
        }
        checkEnds(ordered.map(\.element))
        return ordered.map(\.element)
    }

    private mutating func checkEnds(_ stages: [StageDefinition]) {
        for (type, place) in [(StageType.extract, 0), (.load, stages.count - 1)] {
            let found = stages.filter { $0.type == type }
            if found.isEmpty {
                fail("must hold a stage of the type \"\(type.rawValue)\"", "stages")
            } else if found.count > 1 {
                fail(
                    "the pipeline has another stage of the type \"\(type.rawValue)\"",
                    at: found[1].pointer.appending("type"))
            } else if stages[place].type != type {
                let position = type == .extract ? "first" : "last"
                fail(
                    "the \(type.rawValue) stage must come \(position)",
                    at: found[0].pointer.appending("order"))
            }
        }
    }

    fileprivate mutating func stage(_ index: Int, _ known: KnownNames) -> StageDefinition {
        let name = userGiven("name")
        if object["type"] == nil { fail("is missing", "type") }
        let type = choice("type", StageType.self) ?? .transform
        if type == .validate {
            fail(
                "\"validate\" stages are not offered by this version; use a filter", "type",
                .pipelineUnsupported)
        }
        let onError = choice("onError", StageErrorPolicy.self) ?? .fail
        if onError == .deadLetter || onError == .retry {
            fail(
                "\"\(onError.rawValue)\" is not offered by this version; use fail or skip", "onError",
                .pipelineUnsupported)
        }
        let percent = number("maxErrorPercent")
        if let percent, !(0...100).contains(percent) { fail("must be from 0 to 100", "maxErrorPercent") }
        let transformations = (array("transformations") ?? []).enumerated().compactMap { position, json in
            let place = pointer.appending("transformations").appending(position)
            var transformation = TransformationReader(json, at: place, names: known)
            let result = transformation.read()
            mistakes += transformation.mistakes
            return result
        }
        return StageDefinition(
            name: name, type: type, order: int("order") ?? index, transformations: transformations,
            parameters: dictionary("parameters") ?? JSONObject(), onError: onError, maxErrorPercent: percent,
            pointer: pointer)
    }

    // MARK: Parameters

    fileprivate mutating func extractParameters(_ stages: [StageDefinition]) -> ExtractParameters {
        guard let stage = stages.first(where: { $0.type == .extract }) else { return ExtractParameters() }
        var reader = DefinitionReader(.object(stage.parameters), at: stage.pointer.appending("parameters"))
        var parameters = ExtractParameters(stream: reader.string("stream"), query: reader.string("query"))
        parameters.allowsLate = reader.bool("late") ?? true
        if parameters.stream != nil, parameters.query != nil {
            reader.fail("cannot stand beside \"stream\": give one of them", "query")
        }
        mistakes += reader.mistakes
        return parameters
    }

    /// The names of the secrets that the two ends need, each once.
    fileprivate mutating func secrets(
        _ extract: ExtractParameters, _ load: LoadParameters, _ stages: [StageDefinition]
    ) -> [String] {
        let texts = [
            (StageType.extract, "stream", extract.stream), (.extract, "query", extract.query),
            (.load, "stream", load.stream),
        ]
        var names: Set<String> = []
        for (type, key, text) in texts {
            guard let stage = stages.first(where: { $0.type == type }) else { continue }
            do {
                let place = stage.pointer.appending("parameters").appending(key)
                names.formUnion(try SecretTexts.secrets(in: text, at: place))
            } catch {
                mistakes += error.fields
            }
        }
        if load.stream == nil, extract.stream?.contains("{{") == true {
            fail(
                "is missing: without it the target's stream would be called like the source's, which holds a "
                    + "secret",
                at: stages.last?.pointer.appending("parameters").appending("stream") ?? pointer)
        }
        return names.sorted { $0.utf8Precedes($1) }
    }

    fileprivate mutating func loadParameters(_ stages: [StageDefinition]) -> LoadParameters {
        guard let stage = stages.last(where: { $0.type == .load }) else { return LoadParameters() }
        var reader = DefinitionReader(.object(stage.parameters), at: stage.pointer.appending("parameters"))
        var parameters = LoadParameters(stream: reader.string("stream"))
        parameters.mode = reader.choice("mode", LoadMode.self) ?? .append
        parameters.keys = reader.strings("keys") ?? []
        parameters.createIfMissing = reader.bool("createIfMissing") ?? true
        if parameters.mode == .upsert, parameters.keys.isEmpty {
            reader.fail("must name the fields that identify a record when \"mode\" is upsert", "keys")
        }
        mistakes += reader.mistakes
        return parameters
    }
}
