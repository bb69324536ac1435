internal import TenonJSON
internal import TenonPipeline
internal import TenonWorkflow

extension FuzzTarget {
    /// A pipeline is refused, or planned, explained and run; its records do not depend on the batches.
    static let pipeline = FuzzTarget(
        name: "pipeline",
        seeds: [
            FuzzPipeline.with(
                #"{"type":"filter","condition":{"field":"status","operator":"equals","value":"active"}},"#
                    + #"{"type":"map","mapping":{"a":"id","b":"{{ cost * 2 }}","c":"note.k"}},{"type":"limit","count":2}"#
            ),
            FuzzPipeline.with(
                #"{"type":"aggregate","groupBy":["status"],"aggregations":[{"operation":"sum","field":"cost","as":"s"},"#
                    + #"{"operation":"count"}]},{"type":"rename","fields":{"s":"t"}}"#),
            FuzzPipeline.with(
                #"{"type":"cast","fields":{"id":"utf8"}},{"type":"filter","expression":"cost > 1 && status != 'x'"},"#
                    + #"{"type":"select","fields":["id","cost"]},{"type":"drop","fields":["cost"]}"#),
        ]
    ) { bytes in
        guard let json = try? JSONParser.parse(bytes) else { return }
        FuzzPipeline.check(json)
    }

    /// YAML 1.1, as libyaml reads it, refuses some characters within quotes, and folds lines at others.
    private static func isSameInYAML(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: false
        default: true
        }
    }

    /// YAML stands for bounded JSON or for none; what JSON is reads the same as YAML.
    static let yaml = FuzzTarget(
        name: "yaml",
        seeds: [
            "name: w\nprojectId: p\nsteps:\n  - {name: a, type: data-transform, order: 1}\n---\n- 1\n- 0x1F\n- .5\n- ~\n",
            "a: &x [1, two, 2026-01-31, 'é', \"\\u00e9\\n\"]\nb: *x\n? c\n: |\n  text\n  more\nd: !!str 5\n<<: {e: 1e3}\n",
            "{\"a\": [1, -0.5e3, 18446744073709551615, true, null], \"b\": \"x\"}",
            "%YAML 1.2\n---\n>-\n folded\n...\n",
        ]
    ) { bytes in
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        let documents = (try? YAMLReader.documents(text)) ?? []
        for document in documents {
            guard (try? JSONParser.parse(document.text)) == document else {
                broken("YAML stands for JSON that can be sent")
            }
            // Its keys have at most 1,024 characters.
            let text = document.text
            let isYAML = text.utf8.count <= 1024 && text.unicodeScalars.allSatisfy(isSameInYAML)
            guard !isYAML || (try? YAMLReader.documents(document.text)) == [document] else {
                broken("JSON is YAML: \(document.text)")
            }
            _ = try? PipelineDefinition.parse(document)
            guard let workflow = try? WorkflowDefinition.parse(document).definition else { continue }
            _ = try? CompiledWorkflow(workflow)
        }
    }
}
