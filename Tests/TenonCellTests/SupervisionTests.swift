import CPlatform
import Foundation
import Logging
import Synchronization
import TenonModel
import TenonTestKit
import Testing

@testable import TenonConnectors

@Suite struct SupervisionTests {
    @Test func `an action answers its input through a cell`() throws {
        try CellBench.run("misbehave") { bench in
            #expect(bench.echoes(#"{"a":1}"#))
            #expect(bench.connection.status == .ready)
        }
    }

    @Test func `a large document goes through and back`() throws {
        try CellBench.run("misbehave") { bench in
            let text = "\"" + String(repeating: "x", count: 3_000_000) + "\""
            #expect(bench.echoes(text))
        }
    }

    @Test(arguments: ["crash", "abort", "exit"])
    func `a connector that ends its process fails the call and is started again`(action: String) throws {
        try CellBench.run("misbehave") { bench in
            let failure = bench.failure(action)
            #expect(failure?.status == .unavailable)
            #expect(failure?.errorClass == .transient)
            #expect(failure?.effect == .unknown)
            #expect(failure?.detailsJSON.contains(action == "exit" ? "cell.exited" : "cell.crashed") == true)
            #expect(bench.echoes("1"))
        }
    }

    @Test(arguments: ["hang", "spin", "stop"])
    func `a call past its deadline is cancelled, then its cell is ended and started again`(action: String)
        throws
    {
        try CellBench.run("misbehave") { bench in
            let start = tp_monotonic_nanoseconds()
            let failure = bench.failure(action, deadline: start + 100_000_000)
            let taken = tp_monotonic_nanoseconds() - start
            #expect(failure?.status == .timeout)
            #expect(failure?.errorClass == .transient)
            #expect(failure?.effect == .unknown)
            #expect(taken >= 100_000_000 + UInt64(Limits.cancelGrace.wholeNanoseconds) / 2)
            #expect(bench.echoes("2"))
        }
    }

    @Test func `cancel reaches a connector that is blocked`() throws {
        try CellBench.run("misbehave") { bench in
            let before = bench.processID
            let answer = Latch<Result<[UInt8], CallFailure>>()
            let call = bench.connection.invoke(
                ActionRequest(action: "sleep", input: Array(#"{"ms":60000}"#.utf8))
            ) { answer.set($0) }
            call.cancel()
            let failure = CellBench.failure(answer.wait())
            #expect(failure?.status == .cancelled)
            #expect(bench.echoes("3"))
            #expect(bench.processID == before)
        }
    }

    @Test func `a deadline wakes a connector that heeds cancel, and its cell goes on`() throws {
        try CellBench.run("misbehave") { bench in
            let before = bench.processID
            let failure = bench.failure(
                "sleep", #"{"ms":60000}"#, deadline: tp_monotonic_nanoseconds() + 50_000_000)
            #expect(failure?.status == .timeout)
            #expect(bench.echoes("4"))
            #expect(bench.processID == before)
        }
    }

    @Test func `a child that a connector left behind goes with the cell`() throws {
        try CellBench.run("misbehave") { bench in
            let group = bench.processID
            _ = try? bench.invoke("fork", "{}")
            bench.connection.stop()
            #expect(bench.waitUntil { kill(-group, 0) != 0 })
        }
    }

    @Test func `a child cannot leave the process group that it is killed with`() throws {
        try CellBench.run("misbehave") { bench in
            let group = bench.processID
            let answer = try bench.invoke("escape", "{}")
            if bench.connection.protections.contains("system calls filtered") {
                #expect(answer == #"{"setsid":1,"setpgid":1}"#)
            }
            bench.connection.stop()
            #expect(bench.waitUntil { kill(-group, 0) != 0 })
        }
    }

    @Test func `many calls that wait are answered one after the other without growing the stack`() throws {
        try CellBench.run("misbehave") { bench in
            let count = 2000
            let answered = Atomic<Int>(0)
            let all = Latch<Bool>()
            for _ in 0..<count {
                bench.connection.invoke(ActionRequest(action: "echo", input: [0x31])) { _ in
                    if answered.add(1, ordering: .relaxed).newValue == count { all.set(true) }
                }
            }
            #expect(all.wait(until: tp_monotonic_nanoseconds() + 20_000_000_000) == true)
        }
    }

    @Test(arguments: [Isolation.cell, .host])
    func `progress is logged, and dropped where it comes too often`(isolation: Isolation) throws {
        try CellBench.run("misbehave", isolation: isolation) { bench in
            _ = try bench.invoke("progress", #"{"steps":5000}"#)
            #expect(bench.waitUntil { bench.lines.contains { $0.message == "going on" } })
            let lines = bench.lines.filter { $0.message == "going on" }
            #expect(lines.count < 100)
            #expect(lines.first?.fieldsJSON.contains(#""done":1,"total":5000"#) == true)
        }
    }

    @Test func `a failure keeps what the connector said`() throws {
        try CellBench.run("misbehave") { bench in
            let input = #"{"status":-9,"class":2,"effect":1,"message":"slow down","retryAfterMs":1500}"#
            let failure = bench.failure("fail", input)
            #expect(failure?.status == .rateLimited)
            #expect(failure?.effect == .notApplied)
            #expect(failure?.message == "slow down")
            #expect(failure?.retryAfterMilliseconds == 1500)
        }
    }

    @Test func `what a connector prints arrives as log lines and breaks nothing`() throws {
        try CellBench.run("misbehave") { bench in
            _ = try bench.invoke("print", "{}")
            #expect(bench.waitUntil { bench.lines.contains { $0.origin == .standardOutput } })
            #expect(bench.echoes("5"))
        }
    }

    @Test func `an instance that ends again and again is degraded and refuses calls at once`() throws {
        try CellBench.run("misbehave") { bench in
            for _ in 0..<RestartPolicy.endsInWindow { _ = bench.failure("crash") }
            #expect(bench.waitUntil { bench.connection.status.rawName == "degraded" })
            let failure = bench.failure("echo")
            #expect(failure?.status == .unavailable)
            #expect(failure?.effect == .notApplied)
        }
    }

    @Test func `a crash while it opens fails the start and names it`() throws {
        let bench = CellBench("misbehave", configuration: #"{"crashIn":"open"}"#)
        #expect(throws: CallFailure.self) { try bench.connection.start() }
        #expect(bench.connection.status.rawName == "failed")
    }

    @Test func `a hundred restarts leak no descriptor and no thread`() throws {
        let bench = CellBench("misbehave")
        func turn() throws {
            try bench.connection.start()
            _ = try bench.invoke("echo", "1")
            bench.connection.stop()
        }
        for _ in 0..<3 { try turn() }
        let descriptors = CellBench.count("/proc/self/fd")
        let threads = CellBench.count("/proc/self/task")
        for _ in 0..<100 { try turn() }
        // Other tests of this process open some, too: a leak would show as hundreds.
        #expect(CellBench.count("/proc/self/fd") < descriptors + 60)
        #expect(CellBench.count("/proc/self/task") < threads + 40)
    }

    @Test func `a cell says what protects the host from it, and cannot see the data directory`() throws {
        let directory = TemporaryDirectory()
        let bench = CellBench("misbehave", denied: directory.path)
        try bench.connection.start()
        defer { bench.connection.stop() }
        let protections = bench.connection.protections
        #expect(protections.contains("no new privileges"))
        #expect(
            protections.contains("data directory hidden") || protections.contains { $0.hasPrefix("landlock") }
        )
    }
}
