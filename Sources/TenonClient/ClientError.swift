package import TenonAPI
internal import TenonModel

/// Why a call to a host gave no result.
package enum ClientError: Error, Sendable, CustomStringConvertible {
    /// The host refused or failed.
    case problem(Problem)
    /// Nothing answers at the address.
    case noServer(url: String, reason: String)
    /// Something answers, but not as a Tenon host does.
    case unexpectedAnswer(status: Int, reason: String)
    /// The id or name that a path needs is empty.
    case emptyName(String)

    package var description: String {
        switch self {
        case .problem(let problem):
            problem.placesBesideDetail.reduce(problem.detail) { text, place in text + "\n  " + place }
        case .emptyName(let capture): "The \(capture) is empty."
        case .noServer(let url, let reason): "No host answers at \(url): \(reason)."
        case .unexpectedAnswer(let status, let reason):
            "The answer (status \(status)) is not one of a Tenon host: \(reason)."
        }
    }

    /// What to type next, where that is known.
    package var advice: String? {
        switch self {
        case .noServer(let url, _) where !url.hasPrefix("http"):
            "Give an address such as http://127.0.0.1:8080 with --url or TENON_URL."
        case .noServer: "Start one with: tenon serve"
        case .problem(let problem): Self.advice[problem.code.rawValue]
        case .unexpectedAnswer: "Check --url or TENON_URL."
        case .emptyName: "Give it in the command; a variable of the shell may be empty."
        }
    }

    private static let advice = [
        "auth.missing-token":
            "Give the host's data directory: --data DIR (its admin.token is used), or set TENON_TOKEN",
        "auth.wrong-token":
            "Give the host's data directory: --data DIR (its admin.token is used), or set TENON_TOKEN",
        "package.unsigned": "Try: tenon connector install --allow-unsigned FILE",
        "deploy.taken": "See who has it: tenon instance list --project PROJECT",
        "integration.not-deployed": "Deploy it: tenon deploy CONNECTOR --project PROJECT --as INTEGRATION",
        "trigger.not-found":
            "See which there are: tenon trigger list; for a name of its definition, add --project PROJECT",
        "workflow.not-found":
            "See which there are: tenon workflow list --project PROJECT; for a name, add --project PROJECT",
        "pipeline.not-found":
            "See which there are: tenon pipeline list --project PROJECT; for a name, add --project PROJECT",
        "execution.not-found": "See which there are: tenon execution list",
        "trigger.not-active": "See its status: tenon trigger list",
        "secret.not-found": "See which there are: tenon secret list --project PROJECT",
        "host.draining": "Wait a moment and try again.",
    ]

    /// The exit code of a command that ends with this error.
    package var exitCode: CommandExit {
        switch self {
        case .noServer, .unexpectedAnswer: .noServer
        case .emptyName: .usage
        case .problem(let problem):
            switch problem.code.httpStatus {
            case 404: .notFound
            case 500...: .failed
            default: .refused
            }
        }
    }
}

/// The exit codes of every command.
package enum CommandExit: Int32, Sendable {
    case done = 0
    case failed = 1
    case usage = 2
    case notFound = 3
    case refused = 4
    case noServer = 5
    /// Ctrl-C, while what it waited for goes on.
    case interrupted = 130
}

extension Problem {
    /// The places of mistakes with their messages, without what the detail has told already.
    fileprivate var placesBesideDetail: [String] {
        if fields.count == 1, let field = fields.first, detail.contains(field.message) {
            return field.pointer.isEmpty || detail.contains(field.pointer) ? [] : [field.pointer]
        }
        return fields.map { "\($0.pointer.isEmpty ? "/" : $0.pointer): \($0.message)" }
    }
}
