package import TenonModel
package import TenonTime

/// When a trigger is due, and what is to be done about ticks that were missed or come too close.
package struct Schedule: Sendable {
    package enum Rhythm: Sendable {
        case cron(CronExpression)
        /// Counted from `start`, or else from 1970-01-01T00:00:00Z; whole seconds, at least one.
        case every(Duration)
    }

    /// What becomes of ticks that were due while nobody was there to fire them.
    package enum Misfire: String, Sendable, CaseIterable {
        /// The last of them fires.
        case last
        /// None fires.
        case skip
        /// Each fires that is inside of the catch-up window.
        case all
    }

    /// What becomes of a tick while an execution of an earlier one runs.
    package enum Overlap: String, Sendable, CaseIterable {
        case skip
        case queue
        case cancel
        case allow
    }

    /// As it was written: `0 2 * * *`, `@every 5m`.
    package var text: String
    package var rhythm: Rhythm
    package var zone: TimeZoneRules
    package var clockChanges = ClockChangeRules()
    /// The first moment that may be a tick.
    package var start: Timestamp?
    /// The last moment that may be a tick.
    package var end: Timestamp?
    /// Ticks fire up to so much later, each by its own delay.
    package var jitter: Duration = .zero
    package var misfire = Misfire.last
    package var overlap = Overlap.skip
    /// Ticks that were missed longer ago never fire.
    package var catchUpWindow: Duration = .seconds(86_400)

    package init(text: String, rhythm: Rhythm, zone: TimeZoneRules = .utc) {
        self.text = text
        self.rhythm = rhythm
        self.zone = zone
    }

    /// The names of the members that `parse` reads, besides `type`.
    package static let members = [
        "schedule", "timezone", "dst", "start", "end", "jitter", "misfire", "overlap", "catchUpWindow",
    ]
}
