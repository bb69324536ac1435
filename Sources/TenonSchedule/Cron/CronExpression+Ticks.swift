internal import TenonModel
package import TenonTime

extension CronExpression {
    /// The first tick after a moment, both in Unix seconds; nil where there is none up to the year 9999.
    package func next(
        after instant: Int64, in zone: TimeZoneRules, dst: ClockChangeRules = ClockChangeRules()
    ) -> Int64? {
        guard instant < RFC3339.last else { return nil }
        let window = TickWindow(cron: self, zone: zone, rules: dst)
        let tick = window.tick(from: max(RFC3339.first, instant + 1))
        return tick.flatMap { $0 <= RFC3339.last ? $0 : nil }
    }

    /// The last tick before a moment; nil where there is none from the year 1 on.
    package func previous(
        before instant: Int64, in zone: TimeZoneRules, dst: ClockChangeRules = ClockChangeRules()
    ) -> Int64? {
        guard instant > RFC3339.first else { return nil }
        let window = TickWindow(cron: self, zone: zone, rules: dst)
        let tick = window.tick(upTo: min(RFC3339.last, instant - 1))
        return tick.flatMap { $0 >= RFC3339.first ? $0 : nil }
    }

    /// Whether a moment is a tick.
    package func matches(
        _ instant: Int64, in zone: TimeZoneRules, dst: ClockChangeRules = ClockChangeRules()
    ) -> Bool {
        guard (RFC3339.first...RFC3339.last).contains(instant) else { return false }
        return next(after: instant - 1, in: zone, dst: dst) == instant
    }
}

/// Finds ticks on the clocks of a zone, one stretch of a constant offset after the other: inside one, wall
/// clock and moments run alike.
private struct TickWindow {
    /// More than any two clocks on Earth differ by, in seconds.
    private static let farApart: Int64 = 4 * 86_400

    let cron: CronExpression
    let zone: TimeZoneRules
    let firesAfterGap: Bool
    let fold: ClockChangeRules.Fold

    init(cron: CronExpression, zone: TimeZoneRules, rules: ClockChangeRules) {
        self.cron = cron
        self.zone = zone
        firesAfterGap = (rules.gap ?? (cron.isRhythm ? .skip : .after)) == .after
        fold = rules.fold ?? (cron.isRhythm ? .both : .first)
    }

    func tick(from instant: Int64) -> Int64? {
        let end = searchEnd(from: instant)
        var from = instant
        while from <= end {
            let segment = zone.segment(at: from)
            if from == segment.start, hasTickAfterGap(segment) { return from }
            let times = localTimes(of: segment)
            let low = max(times.lowerBound, from + Int64(segment.offset))
            guard let local = cron.localTime(from: low) else { return nil }
            if local < times.upperBound { return local - Int64(segment.offset) }
            // No wall clock shows a time of the schedule before `local`, except where it goes back behind `low`.
            let isFar = segment.end.clampedAdding(-from) > Self.farApart
            from = isFar ? max(segment.end, local - Self.farApart) : segment.end
        }
        return nil
    }

    /// Where there is no tick up to here, there is none at all.
    private func searchEnd(from instant: Int64) -> Int64 {
        guard let start = zone.cycleStart else { return RFC3339.last }
        return min(RFC3339.last, max(instant, start).clampedAdding(TimeZoneRules.cycleSeconds))
    }

    func tick(upTo instant: Int64) -> Int64? {
        var last = instant
        while last >= RFC3339.first {
            let segment = zone.segment(at: last)
            let times = localTimes(of: segment)
            let high = min(times.upperBound, last + Int64(segment.offset) + 1)
            let local = cron.localTime(before: high)
            if let local, local >= times.lowerBound { return local - Int64(segment.offset) }
            if hasTickAfterGap(segment) { return segment.start }
            guard let local, segment.start > RFC3339.first else { return nil }
            let isFar = last - segment.start > Self.farApart
            last = isFar ? min(segment.start - 1, local + Self.farApart) : segment.start - 1
        }
        return nil
    }

    /// The times that the clocks show in a segment and that count in it, from the first up to before the last.
    private func localTimes(of segment: ZoneSegment) -> Range<Int64> {
        var low = max(segment.start, RFC3339.first - Self.farApart) + Int64(segment.offset)
        var high = min(segment.end, RFC3339.last + Self.farApart) + Int64(segment.offset)
        if fold == .first, segment.offsetBefore > segment.offset {
            low += Int64(segment.offsetBefore - segment.offset)
        }
        if fold == .last, segment.offsetAfter < segment.offset {
            high -= Int64(segment.offset - segment.offsetAfter)
        }
        return low..<max(low, high)
    }

    /// Whether the clocks were set forward at a segment's start over a time of the schedule. A whole day that
    /// they were set over never was, and needs no tick.
    private func hasTickAfterGap(_ segment: ZoneSegment) -> Bool {
        guard firesAfterGap, segment.offset > segment.offsetBefore, segment.start != .min else {
            return false
        }
        let first = segment.start + Int64(segment.offsetBefore)
        let end = segment.start + Int64(segment.offset)
        let firstMidnight = (first - 1).flooredDivision(by: 86_400) * 86_400 + 86_400
        let lastMidnight = end.flooredDivision(by: 86_400) * 86_400
        if let local = cron.localTime(from: first), local < min(end, firstMidnight) { return true }
        guard let local = cron.localTime(from: max(first, lastMidnight)) else { return false }
        return local < end
    }
}
