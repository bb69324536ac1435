import Foundation
import HTTPTypes
import TenonAPI
import TenonJSON
import TenonModel
import Testing

@testable import TenonServer

struct EventTests {
    @Test func `a finished execution is answered with one event, and the stream ends`() async throws {
        let server = try await SocketServer()
        let client = try SocketClient(following: "done", on: server)
        let text = await client.readToEnd()
        #expect(text.hasPrefix("HTTP/1.1 200"))
        #expect(text.lowercased().contains("content-type: text/event-stream"))
        let data = #"{"execution":{"id":"done","status":"completed"}}"#
        #expect(text.contains("event: finished\ndata: \(data)\n\n"), "\(text)")
        #expect(!text.contains("event: progress"))
        #expect(server.host.lookCount == 0)
        client.close()
        try await server.waitForSubscribers(0)
    }

    @Test func `a running one tells its progress, then its end`() async throws {
        let server = try await SocketServer()
        let client = try SocketClient(following: "slow", on: server)
        let first = await client.read(until: "event: progress", count: 3)
        #expect(first.contains(#""recordsProcessed":1,"#) && first.contains(#""recordsProcessed":2,"#))
        #expect(!first.contains("event: finished"))
        server.host.finish()
        let rest = await client.readToEnd()
        #expect(rest.contains("event: finished\n"), "\(rest)")
        client.close()
        try await server.waitForSubscribers(0)
    }

    @Test func `what does not change is told once, and heartbeats keep the connection`() async throws {
        let server = try await SocketServer(TestHost(isStill: true))
        let client = try SocketClient(following: "slow", on: server)
        let text = await client.read(until: ": still here\n\n", count: 4)
        #expect(text.components(separatedBy: "event: progress").count == 2, "\(text)")
        client.close()
        try await server.waitForSubscribers(0)
    }

    @Test func `a host that does not wake who waits does not hold the stream`() async throws {
        let server = try await SocketServer(TestHost(waiting: .forgotten))
        let client = try SocketClient(following: "slow", on: server)
        let text = await client.read(until: "event: progress", count: 3)
        #expect(text.components(separatedBy: "event: progress").count == 4)
        client.close()
        try await server.waitForSubscribers(0)
    }

    @Test func `a host that answers "not yet" at once is not asked again before the interval`() async throws {
        var timing = EventTiming.quick
        timing.interval = .seconds(10)
        let server = try await SocketServer(TestHost(waiting: .none), timing: timing)
        let client = try SocketClient(following: "slow", on: server)
        #expect(await client.read(until: "event: progress").contains(#""recordsProcessed":1,"#))
        try await Task.sleep(for: .milliseconds(100))
        #expect(server.host.lookCount == 1)
        client.close()
    }

    @Test func `an execution that is not there is a problem, not a stream`() async throws {
        let server = try await SocketServer()
        let client = try SocketClient(
            port: server.port, path: Endpoint.followExecution.path(id: "none"),
            headers: "Connection: close\r\n")
        let text = await client.readToEnd()
        #expect(text.hasPrefix("HTTP/1.1 404"))
        #expect(text.contains("execution.not-found"))
        client.close()
    }

    @Test func `more clients than the limit are refused, and let in when others go`() async throws {
        let server = try await SocketServer(subscribers: 2)
        let first = try SocketClient(following: "slow", on: server)
        let second = try SocketClient(following: "slow", on: server)
        try await server.waitForSubscribers(2)
        let third = try SocketClient(
            port: server.port, path: Endpoint.followExecution.path(id: "slow"),
            headers: "Connection: close\r\n")
        let refused = await third.readToEnd()
        #expect(refused.hasPrefix("HTTP/1.1 503"), "\(refused)")
        #expect(refused.contains("execution.too-many-followers"))
        second.close()
        try await server.waitForSubscribers(1)
        let fourth = try SocketClient(following: "slow", on: server)
        #expect(await fourth.read(until: "event: progress").hasPrefix("HTTP/1.1 200"))
        for client in [first, third, fourth] { client.close() }
        try await server.waitForSubscribers(0)
    }

    @Test func `a client that does not read holds the stream back, and others are served`() async throws {
        let server = try await SocketServer(TestHost(progressBytes: 256 << 10))
        let lazy = try SocketClient(following: "slow", on: server, receiveBytes: 4096)
        try await server.waitForSubscribers(1)
        // Its stream stands still as soon as the kernel's buffers are full: nobody looks any more.
        var looks = -1
        while looks != server.host.lookCount {
            looks = server.host.lookCount
            try await Task.sleep(for: .milliseconds(200))
        }
        #expect(looks < 200, "\(looks) events of 256 kB are kept for a client that reads none")
        let quick = try SocketClient(following: "slow", on: server)
        let text = await quick.read(until: "event: progress", count: 20)
        #expect(text.components(separatedBy: "event: progress").count == 21)
        server.host.finish()
        #expect(await lazy.readToEnd().contains("event: finished"))
        #expect(await quick.readToEnd().contains("event: finished"))
        for client in [lazy, quick] { client.close() }
        try await server.waitForSubscribers(0)
    }

    @Test func `a client that never reads loses its connection`() async throws {
        var timing = EventTiming.quick
        timing.write = .milliseconds(300)
        let server = try await SocketServer(TestHost(progressBytes: 256 << 10), timing: timing)
        let client = try SocketClient(following: "slow", on: server, receiveBytes: 4096)
        try await server.waitForSubscribers(1)
        try await server.waitForSubscribers(0)
        client.close()
    }

    @Test func `two hundred clients that come and go leave nothing behind`() async throws {
        let server = try await SocketServer(subscribers: 20)
        let files = try openFileCount()
        for round in 0..<200 {
            let client = try SocketClient(following: "slow", on: server)
            // Some go at once, some after the first event.
            if round.isMultiple(of: 2) { _ = await client.read(until: "event: progress") }
            client.close()
            if round % 10 == 9 { try await server.waitForSubscribers(0) }
        }
        try await server.waitForSubscribers(0)
        while try openFileCount() > files { try await Task.sleep(for: .milliseconds(10)) }
        // A look that had begun ends by itself.
        try await Task.sleep(for: .milliseconds(50))
        let looks = server.host.lookCount
        try await Task.sleep(for: .milliseconds(50))
        #expect(server.host.lookCount == looks, "somebody still looks")
    }

    private func openFileCount() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }
}
