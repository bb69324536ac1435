import HTTPTypes
import TenonAPI
import TenonJSON
import TenonModel
import Testing

@testable import TenonServer

struct SecretTests {
    static let path = Endpoint.prefix + "/projects/project%20one/secrets"

    @Test func `a secret is set, listed and removed by project and name`() async throws {
        let server = TestServer()
        let set = try await server.send(
            .init(method: .put, path: Self.path + "/erp%2Fpassword", body: #"{"value": "hunter2"}"#))
        #expect(set.status == 200)
        #expect(set.json == ["secret": ["name": "erp/password", "projectId": "project one"]])
        let list = try await server.get(Self.path).json
        #expect(list == ["secrets": [["name": "erp_password", "projectId": "project one"]]])
        let removed = try await server.send(.init(method: .delete, path: Self.path + "/erp_password"))
        #expect(removed.status == 204)
        #expect(
            server.host.calls == [
                "set erp/password of project one, 7 bytes", "remove erp_password of project one",
            ])
    }

    @Test(arguments: [
        "{}", #"{"value": 7}"#, #"{"value": null}"#, #"{"value": ["hunter2"]}"#,
        #"{"value": "hunter2", "values": "hunter2"}"#, #"{"value": "hunter2"} x"#,
        #"{"value": "hunter2", "value": "hunter2"}"#, #"{"value": "hunter2\ud800"}"#,
    ])
    func `a body that is no secret is refused without repeating any of it`(body: String) async throws {
        let server = TestServer()
        let received = try await server.send(.init(method: .put, path: Self.path + "/a", body: body))
        #expect([400, 422].contains(received.status))
        #expect(!received.json.text.contains("hunter2"), "\(received.json.text)")
        #expect(server.host.calls.isEmpty)
    }

    @Test func `no way leads to a value`() async throws {
        let received = try await TestServer().get(Self.path + "/erp_password")
        #expect(received.status == 405)
    }
}
