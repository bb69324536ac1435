internal import TenonModel

/// The changes of one zone's offset, in order. A yearly rule for the time to come is written out for one cycle
/// of the calendar, 400 years, which repeats for ever.
final class ZoneTable: Sendable {
    /// Unix seconds of the changes, ascending.
    private let transitions: [Int64]
    /// `offsets[0]` holds before the first change, `offsets[n + 1]` from change n on.
    private let offsets: [Int]
    /// From here on the 400 years before repeat; nil where nothing changes any more.
    private let cycleEnd: Int64?

    init(fixedOffset: Int) {
        transitions = []
        offsets = [fixedOffset]
        cycleEnd = nil
    }

    /// `first` is the offset before the first change; changes that change nothing are left out. Where there is a
    /// rule, the last change lies in the years from 1800 to 9999, so that the end of the cycle is not negative and
    /// its distance to any moment is a number.
    init(first: Int, changes: [ZoneChange], rule: ZoneRule?) {
        var transitions: [Int64] = []
        var offsets = [first]
        let year = changes.last.map { LocalTime(unixSeconds: $0.at, offset: 0).year } ?? 1970
        var all = changes
        if let rule {
            // Two years of the rule come before the cycle, so that a segment of its first year has its start.
            for later in year...(year + 402) { all += rule.changes(in: later) }
        }
        for change in all where change.offset != offsets.last && change.at > transitions.last ?? .min {
            transitions.append(change.at)
            offsets.append(change.offset)
        }
        self.transitions = transitions
        self.offsets = offsets
        let newYear = CivilDate(year: Int64(year + 402), month: 1, day: 1).daysSinceEpoch * 86_400
        cycleEnd = rule == nil ? nil : newYear
    }

    var cycleStart: Int64? { cycleEnd.map { $0 - TimeZoneRules.cycleSeconds } }

    func segment(at instant: Int64) -> ZoneSegment {
        guard let cycleEnd, instant >= cycleEnd else { return written(at: instant) }
        let place = cycleEnd - TimeZoneRules.cycleSeconds + (instant - cycleEnd) % TimeZoneRules.cycleSeconds
        var segment = written(at: place)
        segment.start = instant.clampedAdding(segment.start.clampedAdding(-place))
        segment.end = instant.clampedAdding(segment.end.clampedAdding(-place))
        return segment
    }

    private func written(at instant: Int64) -> ZoneSegment {
        let index = changes(upTo: instant)
        let offset = offsets[index]
        let isFirst = index == 0
        let isLast = index == transitions.count
        return ZoneSegment(
            start: isFirst ? .min : transitions[index - 1], end: isLast ? .max : transitions[index],
            offset: offset, offsetBefore: isFirst ? offset : offsets[index - 1],
            offsetAfter: isLast ? offset : offsets[index + 1])
    }

    /// How many changes there are up to and including `instant`.
    private func changes(upTo instant: Int64) -> Int {
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= instant { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// From `at` (Unix seconds) on clocks are `offset` seconds ahead of UTC.
struct ZoneChange: Equatable {
    var at: Int64
    var offset: Int
}
