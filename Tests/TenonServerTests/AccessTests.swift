import Foundation
import HTTPTypes
import Logging
import TenonAPI
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

@testable import TenonServer

struct AccessTests {
    @Test func `without the token only health and the description answer`() async throws {
        let server = TestServer(token: "secret")
        for endpoint in Endpoint.all {
            let received = try await server.send(
                .init(method: endpoint.method.http, path: endpoint.path(id: "x"), body: "{}"))
            #expect((received.code == "auth.missing-token") == !endpoint.isOpen, "\(endpoint.path)")
        }
        #expect(server.host.calls.isEmpty)
    }

    @Test(arguments: ["Bearer wrong", "Bearer ", "Basic secret", "secret", "Bearer secret2", "Bearer secre"])
    func `a wrong token is refused`(authorization: String) async throws {
        let received = try await TestServer(token: "secret").send(
            .init(method: .get, path: Endpoint.prefix + "/packages", headers: [.authorization: authorization])
        )
        #expect(received.status == 401)
        #expect(received.code == "auth.wrong-token")
        #expect(received.headers[.wwwAuthenticate] == "Bearer")
    }

    @Test func `the token opens the door`() async throws {
        let received = try await TestServer(token: "secret").send(
            .init(
                method: .get, path: Endpoint.prefix + "/packages", headers: [.authorization: "bearer secret"])
        )
        #expect(received.status == 200)
    }

    @Test(arguments: [
        "attacker.example", "attacker.example:8080", "localhost.attacker.example", "", "1.2.3.4.5", "[x]",
    ])
    func `a foreign name is refused, as a rebound one would be`(authority: String) async throws {
        let received = try await TestServer().send(
            .init(method: .get, path: Endpoint.prefix + "/packages", authority: authority))
        #expect(received.status == 403)
        #expect(received.code == "request.wrong-host")
    }

    @Test(arguments: ["localhost", "LOCALHOST:1", "127.0.0.1:8080", "[::1]:8080", "10.0.0.7"])
    func `addresses and localhost are accepted`(authority: String) async throws {
        let received = try await TestServer().send(
            .init(method: .get, path: Endpoint.prefix + "/packages", authority: authority))
        #expect(received.status == 200)
    }

    @Test(arguments: [
        "http://attacker.example", "http://localhost:9999", "null", "https://localhost.evil:8080",
    ])
    func `a page of another origin is refused`(origin: String) async throws {
        let received = try await TestServer().send(
            .init(
                method: .post, path: Endpoint.prefix + "/connectors", body: "{}", headers: [.origin: origin]))
        #expect(received.code == "request.wrong-origin")
    }

    @Test func `the host's own pages are accepted`() async throws {
        let received = try await TestServer().send(
            .init(
                method: .get, path: Endpoint.prefix + "/packages", headers: [.origin: "http://localhost:8080"]
            ))
        #expect(received.status == 200)
    }

    @Test func `the first start makes a token that only its owner reads, later ones keep it`() throws {
        let directory = TemporaryDirectory()
        let token = try AdminToken.load(dataDirectory: directory.path)
        #expect(token.count > 40)
        #expect(try AdminToken.load(dataDirectory: directory.path) == token)
        let attributes = try FileManager.default.attributesOfItem(atPath: directory.file("admin.token"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func `without a token the host listens on loopback only`() {
        let configuration = ServerConfiguration(
            address: "0.0.0.0", port: 0, token: nil, uploadDirectory: "/tmp")
        let host = Host(operations: TestHost(), pool: BlockingPool())
        #expect(throws: TenonError.self) {
            _ = try APIServer.application(
                configuration, host: host, logger: .init(label: "test"), onListening: { _ in })
        }
    }
}
