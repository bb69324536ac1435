internal import TenonModel
internal import TenonStore

/// How far a pipeline has come for good: where its reader begins anew when it has to.
struct CommittedPoint: Sendable, Equatable {
    /// 0: nothing is committed.
    var sequence: UInt64 = 0
    /// The source's position, empty for its beginning.
    var position: [UInt8] = []
    var counts = PipelineCounts()
}

/// The commit that a pipeline has promised last and the one before; the target decides between them.
///
///     confirmed n --promise--> promised n+1 --the target commits--> confirmed n+1
///     promised n+1 --interrupted--> the target has n+1: confirmed n+1; it has n: confirmed n
struct CommittedPoints: Sendable, Equatable {
    private(set) var last = CommittedPoint()
    private(set) var previous = CommittedPoint()
    /// Whether the target has said that it holds `last`.
    private(set) var isConfirmed = true
    /// Whether nothing is left to be read after `last`.
    private(set) var isFinal = false

    init() {}

    /// Nothing at all is in the target.
    var isEmpty: Bool { last.sequence == 0 }

    /// What the next commit will cover is recorded.
    mutating func promise(_ point: CommittedPoint, isFinal: Bool) {
        previous = last
        last = point
        isConfirmed = false
        self.isFinal = isFinal
    }

    mutating func confirm() { isConfirmed = true }

    /// Goes on at what the target says it holds. Throws `pipeline.interrupted` where the two do not agree, or
    /// the source cannot go on there.
    mutating func settle(on sequence: UInt64, _ guarantee: CommitGuarantee) throws(TenonError) {
        if sequence == last.sequence {
            isConfirmed = true
        } else if sequence == previous.sequence, sequence > 0 || guarantee == .exactlyOnce, !isEmpty {
            goBack()
        } else if sequence == 0, guarantee == .atLeastOnce {
            // The target keeps no number. What it has not confirmed is sent again, perhaps for the second
            // time.
            if !isConfirmed { goBack() }
        } else {
            throw TenonError(
                .pipelineInterrupted,
                "The target says that it has committed \(sequence), but \(last.sequence) or "
                    + "\(previous.sequence) was to be expected. Look at what it holds, then execute the pipeline "
                    + "again.")
        }
        guard last.sequence == 0 || !last.position.isEmpty || isFinal else {
            throw TenonError(
                .pipelineInterrupted,
                "The source does not say where to go on after what is committed. The target keeps that; "
                    + "execute the pipeline again.")
        }
    }

    private mutating func goBack() {
        last = previous
        isConfirmed = true
        isFinal = false
    }
}

// MARK: Rows

extension CommittedPoints {
    /// As an earlier start of the host has recorded them: nobody knows whether the last commit was done.
    init(_ row: PipelineCheckpoint) {
        last = CommittedPoint(row.promised)
        previous = CommittedPoint(row.previous)
        isConfirmed = last.sequence == 0
        isFinal = row.isFinal
    }

    func write(to row: inout PipelineCheckpoint) {
        row.promised = last.row
        row.previous = previous.row
        row.isFinal = isFinal
    }
}

extension CommittedPoint {
    fileprivate init(_ row: PipelinePosition) {
        sequence = row.sequence
        position = row.checkpoint
        counts = PipelineCounts(text: row.counts)
    }

    fileprivate var row: PipelinePosition {
        var row = PipelinePosition()
        row.sequence = sequence
        row.checkpoint = position
        row.counts = counts.text
        return row
    }
}
