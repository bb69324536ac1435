package import TenonModel
internal import TenonTime

extension Schedule {
    /// The first tick after a moment, or nil where the schedule has ended. Ticks are whole seconds.
    package func nextTick(after moment: Timestamp) -> Timestamp? {
        var after = moment
        if let start, start.microseconds > after.microseconds {
            // The start itself may be a tick.
            after = Timestamp(microseconds: start.microseconds.clampedAdding(-1))
        }
        let seconds = after.microseconds.flooredDivision(by: 1_000_000)
        let next: Int64? =
            switch rhythm {
            case .cron(let cron): cron.next(after: seconds, in: zone, dst: clockChanges)
            case .every(let period): tick(from: seconds.clampedAdding(1), every: period)
            }
        guard let tick = next.map(Timestamp.init(wholeSeconds:)) else { return nil }
        if let end, tick > end { return nil }
        return tick
    }

    /// The last tick before a moment, or nil where there was none.
    package func previousTick(before moment: Timestamp) -> Timestamp? {
        var before = moment
        if let end, end < before { before = Timestamp(microseconds: end.microseconds.clampedAdding(1)) }
        // The first whole second that is not before the moment.
        let seconds = -((-max(before.microseconds, -Int64.max)).flooredDivision(by: 1_000_000))
        let previous: Int64? =
            switch rhythm {
            case .cron(let cron): cron.previous(before: seconds, in: zone, dst: clockChanges)
            case .every(let period): tick(upTo: seconds.clampedAdding(-1), every: period)
            }
        guard let tick = previous.map(Timestamp.init(wholeSeconds:)) else { return nil }
        if let start, tick < start { return nil }
        return tick
    }

    /// The ticks of a time, `from` included and `to` not, at most `limit`.
    package func ticks(
        from: Timestamp, to: Timestamp = Timestamp(microseconds: .max), limit: Int
    ) -> [Timestamp] {
        var ticks: [Timestamp] = []
        var after = Timestamp(microseconds: from.microseconds.clampedAdding(-1))
        while ticks.count < limit, let tick = nextTick(after: after), tick < to {
            ticks.append(tick)
            after = tick
        }
        return ticks
    }

    /// The next ticks as texts with the offset of the schedule's zone: `2026-11-24T02:00:00+01:00`.
    package func nextTicksText(_ count: Int, after moment: Timestamp) -> [String] {
        let after = Timestamp(microseconds: moment.microseconds.clampedAdding(1))
        return ticks(from: after, limit: count).map(tickText)
    }

    /// A tick as a text with the offset of the schedule's zone.
    package func tickText(_ tick: Timestamp) -> String {
        let seconds = tick.microseconds.flooredDivision(by: 1_000_000)
        return RFC3339.print(seconds: seconds, offset: zone.offset(at: seconds))
    }

    /// All that the ticks follow from, as it was read: the rhythm, the zone, the bounds and the rules for changes
    /// of clocks. Policies and the way in which something was written do not count.
    package var ticksText: String {
        let rhythm: String =
            switch rhythm {
            case .cron(let cron): cron.description
            case .every(let period): "@every \(period.wholeMicroseconds)"
            }
        return [
            rhythm, zone.name, start.map { "\($0.microseconds)" } ?? "-",
            end.map { "\($0.microseconds)" } ?? "-", clockChanges.gap?.rawValue ?? "-",
            clockChanges.fold?.rawValue ?? "-",
        ].joined(separator: " ")
    }

    // MARK: - Periods

    private func tick(from seconds: Int64, every period: Duration) -> Int64? {
        let length = max(1, period.components.seconds)
        let anchor = anchor
        let count = -(anchor.clampedAdding(-seconds).flooredDivision(by: length))
        let (distance, overflow) = count.multipliedReportingOverflow(by: length)
        let tick = anchor.clampedAdding(distance)
        return overflow || tick > RFC3339.last ? nil : tick
    }

    private func tick(upTo seconds: Int64, every period: Duration) -> Int64? {
        let length = max(1, period.components.seconds)
        let anchor = anchor
        let count = seconds.clampedAdding(-anchor).flooredDivision(by: length)
        let (distance, overflow) = count.multipliedReportingOverflow(by: length)
        let tick = anchor.clampedAdding(distance)
        return overflow || tick < RFC3339.first ? nil : tick
    }

    /// The second from which periods are counted: the first whole one from `start` on.
    private var anchor: Int64 {
        guard let start else { return 0 }
        return start.microseconds.clampedAdding(999_999).flooredDivision(by: 1_000_000)
    }
}

extension Timestamp {
    /// Of Unix seconds; far beyond the years that schedules know, the last moment there is.
    init(wholeSeconds: Int64) {
        let (product, overflow) = wholeSeconds.multipliedReportingOverflow(by: 1_000_000)
        self.init(microseconds: overflow ? (wholeSeconds < 0 ? .min : .max) : product)
    }
}
