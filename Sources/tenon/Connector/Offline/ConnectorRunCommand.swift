internal import ArgumentParser
internal import Foundation
internal import TenonClient
internal import TenonConnectors
internal import TenonJSON

struct ConnectorRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Call an action of a library, or read a stream of it; needs no host.",
        discussion: """
            Example:
              tenon connector run ./libmine.so greet '{"name": "Ada"}' --set greeting=Hello
              tenon connector run ./libmine.so --read numbers --in-process

            Where the library lies in its package's folder, the action's input and output have to be what
            connector.json says.

            With --in-process the library is loaded into this process, so that a debugger sees it.
            """)

    @Argument(help: "The shared object.")
    var library: String
    @Argument(help: "The action's name.")
    var action: String?
    @Argument(help: "The action's input, a JSON document.")
    var input: String = "{}"
    @Option(help: "Read this stream instead, and print its records as lines of JSON.")
    var read: String?
    @Option(help: "A YAML or JSON file with the configuration.")
    var config: String?
    @Option(name: .customLong("set"), help: "One value of the configuration: key=value.")
    var settings: [String] = []
    @Flag(help: "Load the library into this process instead of a cell.")
    var inProcess = false

    func validate() throws {
        guard (action == nil) != (read == nil) else {
            throw ValidationError("Name either an action or, with --read, a stream.")
        }
    }

    func run() async throws {
        let configuration = try Settings.object(file: config, settings)
        let document: JSON
        do throws(JSONError) {
            document = try JSONParser.parse(input)
        } catch {
            throw ValidationError("The input is not a JSON document: \(error): \(input)")
        }
        let trial = ConnectorTrial(
            libraryPath: URL(fileURLWithPath: library).standardizedFileURL.path,
            configuration: .object(configuration), isInProcess: inProcess)
        let (action, read) = (action, read)
        // The connector may block, so it gets a thread of its own.
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread {
                done.resume(
                    with: Result {
                        if let action { Output.line(try trial.invoke(action, input: document).text) }
                        if let read { try trial.read(read) { Output.line($0) } }
                    })
            }
        }
    }
}
