internal import ArgumentParser
internal import TenonAPI
internal import TenonClient
internal import TenonJSON
internal import TenonModel

/// How a command that failed ends: what is printed, and the exit code.
struct FailureReport {
    let error: any Error

    init(_ error: any Error) { self.error = error }

    /// Prints what happened and what to type next; answers the exit code.
    func print() -> Int32 {
        switch error {
        case let error as ClientError:
            return print(error)
        case let error as TenonError:
            return print(ClientError.problem(Problem(error)))
        case let failure as CommandFailure:
            Output.error(failure.message, advice: failure.advice)
            return failure.exitCode.rawValue
        case let mistake as ValidationError:
            // Found while the command ran; those that are found before come with its usage.
            Output.error(mistake.message, advice: nil)
            return CommandExit.usage.rawValue
        case let exit as ExitCode:
            return exit.rawValue
        default: return printUsage()
        }
    }

    private func print(_ error: ClientError) -> Int32 {
        var code: String?
        if case .problem(let problem) = error {
            code = problem.code.rawValue
            if CommandLine.arguments.contains("--json") { Output.line(problem.json.prettyText) }
        }
        Output.error("\(error)", code: code, advice: error.advice)
        return error.exitCode.rawValue
    }

    /// Help goes to the standard output; mistakes in the command line to the other.
    private func printUsage() -> Int32 {
        switch Tenon.exitCode(for: error) {
        case .success:
            Output.line(Tenon.message(for: error))
            return CommandExit.done.rawValue
        case .validationFailure:
            Output.errorLine(Tenon.fullMessage(for: error))
            return CommandExit.usage.rawValue
        default:
            Output.error("\(error)", advice: nil)
            return CommandExit.failed.rawValue
        }
    }
}

/// A command's own failure, said in words.
struct CommandFailure: Error {
    var exitCode: CommandExit
    var message: String
    /// What to type next.
    var advice: String?

    init(_ exitCode: CommandExit, _ message: String, advice: String? = nil) {
        self.exitCode = exitCode
        self.message = message
        self.advice = advice
    }
}
