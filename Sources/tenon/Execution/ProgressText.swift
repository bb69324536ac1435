internal import TenonAPI
internal import TenonJSON

/// How far an execution is, in one line.
struct ProgressText {
    let progress: ProgressBody
    /// Records a second since the last look, where there was one.
    var rate: Int64?

    /// `45 %  3 s left  1.2 M records  800 k/s  Extract 1.2 M, 900 k/s | Load 480 k, 500 k/s`
    var text: String {
        (progress.steps.isEmpty ? pipelineParts : stepParts).joined(separator: "  ")
    }

    private var pipelineParts: [String] {
        var parts: [String] = []
        if let fraction = progress.fraction { parts.append("\(Int((fraction * 100).rounded(.down))) %") }
        if let seconds = progress.secondsLeft { parts.append(Duration.whole(seconds: seconds) + " left") }
        parts.append("\((progress.recordsProcessed ?? 0).short) records")
        if let rate { parts.append("\(rate.short)/s") }
        if let attempt = progress.attempt, attempt > 1 { parts.append("attempt \(attempt)") }
        if !progress.stages.isEmpty { parts.append(progress.stages.map(Self.text).joined(separator: " | ")) }
        return parts
    }

    private static func text(_ stage: StageBody) -> String {
        let count = stage.type == "extract" ? stage.read : stage.written
        return "\(stage.name) \(count.short)" + (stage.recordsPerSecond.map { ", \($0.short)/s" } ?? "")
            + (stage.failed > 0 ? ", \(stage.failed.short) failed" : "")
    }

    private var stepParts: [String] {
        let ended: Set<String> = ["completed", "failed", "skipped", "cancelled", "timed-out"]
        let steps = progress.steps.map {
            (name: $0["name"]?.string ?? "", status: $0["status"]?.string ?? "")
        }
        let busy = steps.filter { !ended.contains($0.status) && $0.status != "pending" }
        let names = busy.prefix(3).map(\.name).joined(separator: ", ") + (busy.count > 3 ? ", …" : "")
        return ["\(steps.count { ended.contains($0.status) }) of \(steps.count) steps", names].filter {
            !$0.isEmpty
        }
    }
}
