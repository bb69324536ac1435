/// What becomes of ticks where the clocks of a place are set forward (a gap: times that no clock shows) or back
/// (a fold: times that clocks show twice).
///
/// Where nothing is said, a schedule whose hours are times of day (`30 2 * * *`) runs once a day: just after
/// the gap, and the first time in a fold. One whose hours are a rhythm (`*/15 * * * *`) follows the clock: nothing
/// in the gap, twice in the fold.
package struct ClockChangeRules: Hashable, Sendable {
    package enum Gap: String, Sendable, CaseIterable {
        /// One tick at the moment at which the clocks are set, whatever was to happen in the gap.
        case after
        /// No tick.
        case skip
    }

    package enum Fold: String, Sendable, CaseIterable {
        case first
        case last
        case both
    }

    /// Nil: as described above.
    package var gap: Gap?
    package var fold: Fold?

    package init(gap: Gap? = nil, fold: Fold? = nil) {
        self.gap = gap
        self.fold = fold
    }
}
