import TenonJSON
import TenonModel
import TenonTestKit
import TenonWorkflow
import Testing

/// Every state of a step and of an execution with every event, against the table in RunMachine.swift.
@Suite struct RunMachineWalkTests {
    enum Situation: String, CaseIterable {
        case pending, running, waiting, completed, failed, skipped, cancelled, inDoubt, timingOut, cancelling,
            notStarted
    }

    enum EventKind: String, CaseIterable {
        case started, succeeded, failedTransient, failedData, failedUncertain, retryDue, stepTimedOut,
            executionTimedOut
        case cancelRequested, recovered, lostRead, lostWrite, resolvedCompleted, resolvedFailed, resolvedRetry
    }

    /// A machine whose step 0 is in the situation while another step keeps the execution alive.
    private func machine(_ situation: Situation) throws -> Simulation {
        let transient = CallFailure(.unavailable, "away")
        let isLate = situation == .pending
        var simulation = try Simulation(
            .workflow(
                [
                    .call(
                        "A",
                        isLate ? ["dependencies": ["Other"]] : ["continueOnError": true, "timeout": "1m"]),
                    .call("Other"), .call("Gated", ["runIf": "failure", "dependencies": ["A"]]),
                ], ["mode": "dag", "timeout": "1h"]))
        if situation == .notStarted { return simulation }
        try simulation.start()
        switch situation {
        case .pending, .running, .notStarted: break
        case .waiting: try simulation.fail("A", transient)
        case .completed: try simulation.succeed("A")
        case .failed: try simulation.fail("A")
        case .skipped: break
        case .cancelled:
            try simulation.fail("A", transient)
            try simulation.apply(.cancelRequested)
        case .inDoubt: try simulation.fail("A", transient, isUncertain: true)
        case .timingOut: try simulation.apply(.timedOut(step: 0))
        case .cancelling: try simulation.apply(.cancelRequested)
        }
        return simulation
    }

    private func event(_ kind: EventKind) -> RunEvent {
        switch kind {
        case .started: .started
        case .succeeded: .stepSucceeded(step: 0, output: 1, response: nil)
        case .failedTransient: .stepFailed(step: 0, CallFailure(.unavailable, "x"), isUncertain: false)
        case .failedData: .stepFailed(step: 0, CallFailure(.badData, "x"), isUncertain: false)
        case .failedUncertain: .stepFailed(step: 0, CallFailure(.unavailable, "x"), isUncertain: true)
        case .retryDue: .retryDue(step: 0)
        case .stepTimedOut: .timedOut(step: 0)
        case .executionTimedOut: .timedOut(step: nil)
        case .cancelRequested: .cancelRequested
        case .recovered: .recovered
        case .lostRead: .stepLost(step: 0, effect: .read)
        case .lostWrite: .stepLost(step: 0, effect: .write)
        case .resolvedCompleted: .resolved(step: 0, .completed(output: 2))
        case .resolvedFailed: .resolved(step: 0, .failed(message: "x"))
        case .resolvedRetry: .resolved(step: 0, .retry)
        }
    }

    /// What the table says of step 0; nil: it stays as it was.
    private func expected(_ situation: Situation, _ event: EventKind) -> StepStatus? {
        switch (situation, event) {
        case (.running, .succeeded), (.timingOut, .succeeded), (.cancelling, .succeeded): .completed
        case (.running, .failedTransient): .waiting
        case (.running, .failedData), (.timingOut, .failedTransient), (.timingOut, .failedData): .failed
        case (.cancelling, .failedTransient), (.cancelling, .failedData): .cancelled
        case (.running, .failedUncertain), (.timingOut, .failedUncertain), (.cancelling, .failedUncertain):
            .inDoubt
        case (.running, .lostWrite), (.timingOut, .lostWrite), (.cancelling, .lostWrite): .inDoubt
        case (.timingOut, .lostRead): .failed
        case (.cancelling, .lostRead): .cancelled
        case (.waiting, .retryDue): .running
        case (.waiting, .stepTimedOut): .failed
        case (.inDoubt, .resolvedCompleted): .completed
        case (.inDoubt, .resolvedFailed): .failed
        case (.inDoubt, .resolvedRetry): .running
        case (.notStarted, .started): .running
        case (.pending, .cancelRequested), (.pending, .executionTimedOut): .cancelled
        case (.waiting, .cancelRequested), (.waiting, .executionTimedOut): .cancelled
        case (.notStarted, .cancelRequested), (.notStarted, .executionTimedOut): .cancelled
        default: nil
        }
    }

    @Test(arguments: Situation.allCases.filter { $0 != .skipped }, EventKind.allCases)
    func `a pair of state and event does what the table says`(situation: Situation, kind: EventKind) throws {
        var simulation = try machine(situation)
        let before = simulation.machine.steps[0]
        let isResolution = kind.rawValue.hasPrefix("resolved")
        if isResolution, situation != .inDoubt {
            let error = #expect(throws: TenonError.self) { try simulation.apply(event(kind)) }
            #expect(error?.code == .workflowNotInDoubt)
            #expect(simulation.machine.steps[0] == before)
            return
        }
        let effects = try simulation.apply(event(kind))
        let after = simulation.machine.steps[0]
        #expect(after.status == expected(situation, kind) ?? before.status)
        if situation == .running, kind == .lostRead { #expect(after.attempt == 2) }
        let cancels = effects.contains(.cancelCall(step: 0))
        let mayCancel: Set<EventKind> = [.stepTimedOut, .executionTimedOut, .cancelRequested]
        #expect(cancels == (mayCancel.contains(kind) && isInFlight(situation, kind)))
        let isCalled = effects.contains { if case .call(let call) = $0 { call.step == 0 } else { false } }
        #expect(isCalled == (after.attempt > before.attempt))
        #expect(Set(simulation.machine.takeChangedSteps()).isSubset(of: [0, 1, 2]))
    }

    private func isInFlight(_ situation: Situation, _ kind: EventKind) -> Bool {
        switch situation {
        case .running: true
        case .timingOut: kind != .stepTimedOut
        default: false
        }
    }

    @Test(arguments: EventKind.allCases)
    func `an event that finds an execution ended changes nothing`(kind: EventKind) throws {
        for ending in ["completed", "failed", "cancelled", "timed-out"] {
            var simulation = try Simulation(.workflow([.call("A")], ["timeout": "1h"]))
            try simulation.start()
            switch ending {
            case "completed": try simulation.succeed("A")
            case "failed": try simulation.fail("A")
            default:
                try simulation.apply(ending == "cancelled" ? .cancelRequested : .timedOut(step: nil))
                try simulation.fail("A")
            }
            #expect(simulation.machine.status.rawValue == ending)
            let before = (simulation.machine.execution, simulation.machine.steps)
            let effects = try? simulation.apply(event(kind))
            #expect((effects == nil) == kind.rawValue.hasPrefix("resolved"))
            #expect(effects?.isEmpty ?? true)
            #expect(simulation.machine.execution == before.0)
            #expect(simulation.machine.steps == before.1)
        }
    }

    @Test func `a step that the workflow does not have is refused`() throws {
        var simulation = try machine(.running)
        for event in [RunEvent.retryDue(step: 99), .timedOut(step: -1), .stepLost(step: 3, effect: .read)] {
            let error = #expect(throws: TenonError.self) { try simulation.apply(event) }
            #expect(error?.code == .workflowUnknownStep)
        }
    }
}
