package import TenonModel

/// What to do about a tick that is due, or about a run of ticks that are all skipped for the same reason.
package struct TickDecision: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        /// `isCatchUp`: the tick was missed at its time.
        case fire(isCatchUp: Bool)
        case skip(SkipReason)
    }

    package enum SkipReason: String, Sendable, CaseIterable {
        /// Missed, and the policy for missed ticks fires another one or none.
        case misfire
        /// Missed longer ago than the catch-up window.
        case catchUp = "catch-up"
        /// More ticks were missed than fire at once.
        case limit
    }

    /// The tick, or the last of the run.
    package var tick: Timestamp
    /// The first of the run; equal to `tick` for one tick.
    package var firstTick: Timestamp
    /// How many ticks there are from `firstTick` to `tick`.
    package var count: Int
    /// Whether there are even more of them than `count`.
    package var isCountAtLeast = false
    package var outcome: Outcome

    init(_ tick: Timestamp, _ outcome: Outcome) {
        self.tick = tick
        firstTick = tick
        count = 1
        self.outcome = outcome
    }

    package var fires: Bool { if case .fire = outcome { true } else { false } }
}

/// How much is decided at once.
package enum ScheduleLimits {
    /// A tick that fires within this time was not missed.
    package static let punctuality: Duration = .seconds(60)
    /// So many of the newest due ticks are looked at one by one; older ones are skipped in one decision.
    package static let ticksAtOnce = 1000
    /// So many skipped ticks in a row have a decision of their own; older ones share one.
    package static let singleSkips = 100
    /// Ticks that share a decision are counted up to here.
    package static let countedTicks = 100_000
}
