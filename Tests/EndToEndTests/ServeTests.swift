import Foundation
import Glibc
import TenonAPI
import TenonClient
import TenonTestKit
import Testing

struct ServeTests {
    @Test func `the host answers health without a token, and ends with 0 on SIGTERM`() async throws {
        let host = try ServedHost()
        #expect(try await RawRequest(path: "/health/live").send(to: host, token: "").status == 200)
        #expect(try await RawRequest(path: "/health/ready").send(to: host, token: "").status == 200)
        let refused = try await RawRequest(path: Endpoint.prefix + "/packages").send(to: host, token: "")
        #expect(refused.status == 401)
        #expect(await host.stop() == 0)
    }

    @Test func `commands find the running host by its data directory`() async throws {
        let host = try ServedHost()
        let list = try await host.run(["connector", "list"])
        #expect(list.exitCode == 0, "\(list.errors)")
        #expect(list.output.contains("NAME"))
        _ = await host.stop()
        let gone = try await host.run(["connector", "list"])
        #expect(gone.exitCode == 5)
        #expect(gone.errors.contains("tenon serve"))
    }

    @Test func `a second host on the same data directory is refused`() async throws {
        let host = try ServedHost()
        let second = try await tenon(["serve", "--data", host.data, "--listen", "127.0.0.1:0"])
        #expect(second.exitCode != 0)
        #expect(second.errors.contains("code:  store.locked"), "\(second.errors)")
        #expect(second.errors.contains("choose another --data"), "\(second.errors)")
        #expect(try await RawRequest(path: "/health/live").send(to: host).status == 200)
    }

    @Test func `a database of a newer host is refused and left as it is`() async throws {
        let host = try ServedHost()
        #expect(await host.stop() == 0)
        let database = host.data + "/tenon.db"
        try await sqlite3(database, "PRAGMA user_version = 999")
        let started = try await tenon(["serve", "--data", host.data, "--listen", "127.0.0.1:0"])
        #expect(started.exitCode != 0)
        #expect(started.errors.contains("code:  store.newer"), "\(started.errors)")
        #expect(started.errors.contains("Start the newer version"), "\(started.errors)")
    }

    @Test func `listening without a token is for loopback only`() async throws {
        let directory = TemporaryDirectory()
        let ended = try await tenon(["serve", "--data", directory.path, "--listen", "0.0.0.0:0", "--no-auth"])
        #expect(ended.exitCode == 2)
    }

    @Test func `a foreign Host header is refused`() async throws {
        let host = try ServedHost()
        let request = RawRequest(path: "/health/live", headers: [("Host", "attacker.example")])
        #expect(try await request.send(to: host).code == "request.wrong-host")
    }

    @Test func `the token file is for its owner only`() async throws {
        let host = try ServedHost()
        let attributes = try FileManager.default.attributesOfItem(atPath: host.data + "/admin.token")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
}

/// Runs the sqlite3 command.
func sqlite3(_ database: String, _ statement: String) async throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["sqlite3", database, statement]
    try process.run()
    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
        Thread.detachNewThread {
            process.waitUntilExit()
            done.resume()
        }
    }
    #expect(process.terminationStatus == 0)
}
