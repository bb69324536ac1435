package import TenonModel

extension Schedule {
    /// What to do about every tick after `lastHandled` whose delay is over at `now`, oldest first.
    ///
    /// Pure, so the same again after a restart. Nothing is due where the clock was set back behind
    /// `lastHandled`. `triggerID` decides the delays of a schedule with a jitter.
    package func decide(lastHandled: Timestamp, now: Timestamp, triggerID: String) -> [TickDecision] {
        let last = lastReady(at: now, triggerID)
        let due = newestTicks(after: lastHandled, upTo: last)
        guard let oldest = due.first, let newest = due.last else { return [] }
        var decisions = skippedBefore(oldest, after: lastHandled, now: now).map { [$0] } ?? []
        func lateness(_ tick: Timestamp) -> Duration {
            now - (tick + jitterDelay(tick, triggerID: triggerID))
        }
        // Where ticks were missed, those of the last minute were as well: nobody was there, or all would have
        // fired at their time. Only the newest is still in time.
        let hasMissed = !decisions.isEmpty || lateness(oldest) > ScheduleLimits.punctuality
        decisions += due.map { tick in
            let isPunctual = tick == newest || !hasMissed || misfire == .all
            return TickDecision(tick, outcome(isNewest: tick == newest, isPunctual, lateness(tick)))
        }
        return shortened(decisions)
    }

    /// Up to where all ticks are due. A delay ends before the next tick, so only the newest may have to wait.
    private func lastReady(at now: Timestamp, _ triggerID: String) -> Timestamp {
        guard jitter > .zero, let newest = previousTick(before: now + .microseconds(1)),
            newest + jitterDelay(newest, triggerID: triggerID) > now
        else { return now }
        return newest + .microseconds(-1)
    }

    /// `isPunctual`: a tick that was to fire within the last minute was not missed; `lateness`: how long ago it
    /// was to fire.
    private func outcome(
        isNewest: Bool, _ isPunctual: Bool, _ lateness: Duration
    ) -> TickDecision.Outcome {
        if isPunctual, lateness <= ScheduleLimits.punctuality { return .fire(isCatchUp: false) }
        let caughtUp: TickDecision.Outcome =
            lateness <= catchUpWindow ? .fire(isCatchUp: true) : .skip(.catchUp)
        return switch misfire {
        case .all: caughtUp
        case .last: isNewest ? caughtUp : .skip(.misfire)
        case .skip: .skip(.misfire)
        }
    }

    /// Oldest first, at most `ScheduleLimits.ticksAtOnce`.
    private func newestTicks(after lastHandled: Timestamp, upTo now: Timestamp) -> [Timestamp] {
        var ticks: [Timestamp] = []
        var before = now + .microseconds(1)
        while ticks.count < ScheduleLimits.ticksAtOnce, let tick = previousTick(before: before),
            tick > lastHandled
        {
            ticks.append(tick)
            before = tick
        }
        return ticks.reversed()
    }

    /// One decision for all due ticks before `oldest`, or nil where there are none.
    private func skippedBefore(
        _ oldest: Timestamp, after lastHandled: Timestamp, now: Timestamp
    ) -> TickDecision? {
        guard let last = previousTick(before: oldest), last > lastHandled,
            let first = nextTick(after: lastHandled)
        else { return nil }
        let isCaughtUp = now - last <= catchUpWindow
        let reason: TickDecision.SkipReason =
            misfire == .all ? (isCaughtUp ? .limit : .catchUp) : .misfire
        var decision = TickDecision(last, .skip(reason))
        decision.firstTick = first
        var tick = first
        while tick < last {
            guard decision.count < ScheduleLimits.countedTicks, let next = nextTick(after: tick) else {
                decision.isCountAtLeast = true
                break
            }
            decision.count += 1
            tick = next
        }
        return decision
    }

    /// The decisions with those of long runs of skipped ticks made one, except for the newest.
    private func shortened(_ decisions: [TickDecision]) -> [TickDecision] {
        var result: [TickDecision] = []
        var run: [TickDecision] = []
        for decision in decisions {
            if decision.outcome != run.last?.outcome || decision.fires {
                result += Self.joined(run)
                run = []
            }
            run.append(decision)
        }
        return result + Self.joined(run)
    }

    private static func joined(_ run: [TickDecision]) -> [TickDecision] {
        let joinedCount = run.count - ScheduleLimits.singleSkips
        guard joinedCount > 1, var joined = run.first,
            let last = run.dropLast(ScheduleLimits.singleSkips).last
        else { return run }
        joined.tick = last.tick
        joined.count += joinedCount - 1
        return [joined] + run.suffix(ScheduleLimits.singleSkips)
    }
}

extension Schedule {
    /// How much later than its tick a trigger fires: from nothing up to the jitter and always before the next
    /// tick, the same each time it is asked.
    package func jitterDelay(_ tick: Timestamp, triggerID: String) -> Duration {
        var length = jitter.wholeMicroseconds
        guard length > 0 else { return .zero }
        if let next = nextTick(after: tick), next > tick {
            length = min(length, (next - tick).wholeMicroseconds)
        }
        let hash = StableHash.of(triggerID, String(tick.microseconds))
        return .microseconds(Int64(hash % UInt64(length)))
    }
}
