internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonVersion
internal import TenonTestKit
internal import Testing

@Suite struct ManifestTests {
    private static let sound: JSON = [
        "name": "http", "version": "1.2.0", "title": "HTTP", "type": "action", "runtime": "tenon",
        "abi": "1.0",
        "libraries": [
            "linux-x86_64": "lib/linux-x86_64/http.so", "linux-aarch64": "lib/linux-aarch64/http.so",
        ],
        "configSchema": ["type": "object"], "capabilities": ["tenon.instance/1", "tenon.action/1"],
        "actions": [
            [
                "name": "request",
                "effect": [
                    "by": "method", "map": ["GET": "read", "PUT": "idempotent", "POST": "write"],
                    "default": "write",
                ],
            ],
            ["name": "ping", "effect": "read"],
        ],
    ]

    private func parse(_ manifest: JSON) throws(TenonError) -> Manifest {
        try Manifest.parse(JSONWriter.bytes(manifest))
    }

    /// The sound manifest with one member replaced, or removed where the value is nil.
    private func changed(_ key: String, _ value: JSON?) -> JSON {
        var object = Self.sound.object ?? [:]
        object[key] = value
        return .object(object)
    }

    private func problems(_ manifest: JSON) -> [String] {
        let error = failure { _ = try parse(manifest) }
        guard error?.code == .manifestInvalid else { return ["\(error?.code.rawValue ?? "no error")"] }
        return error?.fields.map { "\($0.pointer): \($0.message)" } ?? []
    }

    @Test func `a sound manifest is read`() throws {
        let manifest = try parse(Self.sound)
        #expect(manifest.name == "http")
        #expect(manifest.version.description == "1.2.0")
        #expect(manifest.actions.map(\.name) == ["request", "ping"])
    }

    @Test func `the effect of an action can follow from a field of its input`() throws {
        let request = try #require(try parse(Self.sound).action("request"))
        #expect(request.effect(input: ["method": "GET"]) == .read)
        #expect(request.effect(input: ["method": "put"]) == .idempotent)
        #expect(request.effect(input: ["method": "PATCH"]) == .write)
        #expect(request.effect(input: [:]) == .write)
    }

    @Test func `what is not JSON is refused with its place`() {
        let error = failure { _ = try Manifest.parse(Array("{\"name\": }".utf8)) }
        #expect(error?.code == .manifestMalformed)
        #expect(error?.message.contains("line 1, column 10") == true)
    }

    @Test func `the author's own keys are let through`() throws {
        _ = try parse(changed("x-team", "integration"))
    }

    @Test(
        arguments: [
            ("name", nil, "/name: is required"),
            ("version", "1.2", "/version: must be a semantic version such as 1.2.3"),
            (
                "name", "HTTP!",
                "/name: must begin with a letter and have only lower-case letters, digits, and single dots or dashes between"
            ),
            ("type", "sink", "/type: must be one of \"source\", \"target\", \"bidirectional\", \"action\""),
            (
                "libraries", ["linux-x86_64": "../evil.so"],
                "/libraries/linux-x86_64: must be a path in the package such as lib/linux-x86_64/name.so"
            ),
            (
                "configSchema", ["properties": ["a": ["contains": 1]]],
                "/configSchema/properties/a/contains: must be a schema: an object, true or false"
            ),
            ("concurrency", 0, "/concurrency: must be at least 1"),
            ("accepts", ["strng"], "/accepts/0: is not a column type"),
            (
                "capabilities", ["tenon.action/1"],
                "/capabilities: lacks tenon.instance/1, which every connector offers"
            ),
            (
                "capabilities", ["tenon.instance/1"],
                "/capabilities: lacks tenon.action/1, since the manifest has actions"
            ),
            (
                "actions", [["name": "a", "effect": "read"], ["name": "a", "effect": "read"]],
                "/actions/1/name: is the name of another action too"
            ),
            ("licence", "MIT", "/licence: is not a known property; did you mean \"license\"?"),
        ] as [(String, JSON?, String)])
    func `each mistake is named with its place`(key: String, value: JSON?, problem: String) {
        #expect(problems(changed(key, value)) == [problem])
    }

    @Test func `all mistakes are reported at once`() {
        var object = Self.sound.object ?? [:]
        object["version"] = "one"
        object["name"] = "-"
        #expect(problems(.object(object)).count == 2)
    }

    @Test(
        arguments: [
            ("runtime", "native", "manifest.unsupported-runtime"),
            ("runtime", "adbc", "manifest.unsupported-runtime"),
            ("abi", "2.0", "manifest.unsupported-abi"), ("abi", "one", "manifest.unsupported-abi"),
            ("libraries", ["plan9-mips": "lib/plan9-mips/a.so"], "manifest.unsupported-platform"),
        ] as [(String, JSON, String)])
    func `what this host cannot run is refused with a code of its own`(key: String, value: JSON, code: String)
    {
        #expect(failure { _ = try parse(changed(key, value)) }?.code.rawValue == code)
    }

    @Test func `a mutant of a manifest is refused or read, and never ends the process`() throws {
        var generator = SeededGenerator(seed: 1)
        let sound = JSONWriter.bytes(Self.sound)
        for _ in 0..<1000 {
            var mutant = sound
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                mutant[Int.random(in: mutant.indices, using: &generator)] = UInt8.random(
                    in: 32...126, using: &generator)
            }
            _ = failure { _ = try Manifest.parse(mutant) }
        }
    }
}
