import Foundation
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

/// The API of `Tests/Fixtures/Servers/api_server.py`, until the value goes away.
final class APIServer {
    let port: Int
    private let process = Process()
    private let input = Pipe()

    init() throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", Fixtures.root + "/Tests/Fixtures/Servers/api_server.py"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    deinit {
        // Its end of input is the server's end; an error means that it has ended already.
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// An instance of the http connector for this server.
    func plugin(_ configuration: JSON, accepts: [String] = []) throws -> Plugin {
        var object = try #require(configuration.object)
        object["baseUrl"] = .string("http://127.0.0.1:\(port)")
        object["apiKey"] = "secret"
        return try Plugin(PluginLibrary.http, .object(object), accepts: accepts)
    }

    /// What the server has noted at `path`.
    func notes(_ path: String) throws -> [JSON] {
        let plugin = try plugin([:])
        let answer = try plugin.invoke("request", ["method": "GET", "endpoint": .string(path)])
        return try #require(answer["body"]?.array)
    }
}
