package import Hummingbird
package import Logging
package import TenonModel

/// Where and for whom the API is served.
package struct ServerConfiguration: Sendable {
    package var address: String
    /// 0 takes a free port.
    package var port: Int
    /// Nil lets everybody in; only allowed on loopback.
    package var token: String?
    /// Names besides IP addresses and `localhost` under which the host may be called.
    package var hostNames: [String]
    /// Where uploads lie until they are installed.
    package var uploadDirectory: String

    package init(
        address: String, port: Int, token: String?, hostNames: [String] = [], uploadDirectory: String
    ) {
        self.hostNames = hostNames
        self.address = address
        self.port = port
        self.token = token
        self.uploadDirectory = uploadDirectory
    }
}

/// The REST API over a host.
package enum APIServer {
    package static let loopback: Set<String> = ["127.0.0.1", "::1", "localhost"]

    /// A service that serves the API; `onListening` gets the port.
    package static func application(
        _ configuration: ServerConfiguration, host: Host, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void
    ) throws(TenonError) -> Application<RouterResponder<CallContext>> {
        guard configuration.token != nil || loopback.contains(configuration.address) else {
            throw TenonError(
                .openListen,
                "Without a token the host listens on loopback only, not on \(configuration.address); leave --no-auth out."
            )
        }
        let router = APIRouter(
            host: host, reader: RequestReader(pool: host.pool, uploadDirectory: configuration.uploadDirectory)
        )
        return Application(
            router: router.router(
                Route.all, policy: configuration.token.map { AccessPolicy(token: $0) } ?? .open,
                origins: OriginRule(names: configuration.hostNames + [configuration.address])),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.address, port: configuration.port)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            logger: logger)
    }
}
