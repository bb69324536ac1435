internal import ArgumentParser
internal import Foundation
internal import Logging
internal import ServiceLifecycle
internal import TenonClient
internal import TenonConnectors
internal import TenonServer
internal import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run a host.",
        discussion: """
            Example:
              tenon serve --data ~/.tenon --listen 127.0.0.1:8080

            SIGTERM and SIGINT let running executions end, then stop the host.
            """)

    @Option(help: "The data directory; also TENON_DATA. Left out: ~/.tenon.")
    var data: String?
    @Option(help: "Address and port; port 0 takes a free one.")
    var listen = "127.0.0.1:8080"
    @Flag(help: "Ask for no token; on loopback only.")
    var noAuth = false
    @Option(
        name: .customLong("host-name"), help: "A name under which the host may be called; may be repeated.")
    var hostNames: [String] = []
    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel = "notice"

    func validate() throws {
        guard Self.address(listen) != nil else {
            throw ValidationError("--listen takes ADDRESS:PORT, not \"\(listen)\".")
        }
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError("\"\(logLevel)\" is no log level.")
        }
    }

    func run() async throws {
        guard let (address, port) = Self.address(listen) else { return }
        if noAuth, !APIServer.loopback.contains(address) {
            throw ValidationError("--no-auth is allowed on loopback only, not on \(address).")
        }
        let directory = DataDirectoryPath.resolve(data)
        var logger = Logger(label: "tenon") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: logLevel) ?? .notice
        if !HostProcess.forbidTracing() {
            logger.warning("other processes of this user can read the memory of this host")
        }
        let host = try RunningHost(
            HostOptions(
                dataDirectory: directory, address: address, port: port, needsToken: !noAuth,
                hostNames: hostNames),
            logger: logger)
        let services = try host.services { port in
            let url = "http://\(address.contains(":") ? "[\(address)]" : address):\(port)"
            HostAddressFile.write(url, dataDirectory: directory)
            Output.line("Tenon listens on \(url), data in \(directory)")
        }
        try await serve(services, logger: logger)
        HostAddressFile.remove(dataDirectory: directory)
    }

    private func serve(_ services: [any Service], logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(40)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error where "\(error)".contains("EADDRINUSE") || "\(error)".contains("errno: 98") {
            throw CommandFailure(
                .failed, "The address \(listen) is in use.", advice: "tenon serve --listen 127.0.0.1:0")
        }
    }

    /// `127.0.0.1:8080` or `[::1]:8080`.
    static func address(_ text: String) -> (String, Int)? {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65535).contains(port)
        else { return nil }
        let name = text[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        return name.isEmpty ? nil : (name, port)
    }
}
