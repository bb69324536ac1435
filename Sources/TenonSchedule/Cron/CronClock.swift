/// Which times of day a cron expression means.
struct CronClock: Hashable, Sendable {
    var hours: CronSet
    var minutes: CronSet
    var seconds: CronSet

    var first: Int { time(hours.first(from: 0), minutes.first(from: 0), seconds.first(from: 0)) }
    var last: Int { time(hours.last(upTo: 23), minutes.last(upTo: 59), seconds.last(upTo: 59)) }

    func contains(_ secondOfDay: Int) -> Bool {
        hours.contains(secondOfDay / 3600) && minutes.contains(secondOfDay / 60 % 60)
            && seconds.contains(secondOfDay % 60)
    }

    /// The first second of the day from one on.
    func first(from secondOfDay: Int) -> Int? {
        let hour = secondOfDay / 3600
        let minute = secondOfDay / 60 % 60
        if hours.contains(hour) {
            if minutes.contains(minute), let second = seconds.first(from: secondOfDay % 60) {
                return time(hour, minute, second)
            }
            if let minute = minutes.first(from: minute + 1) {
                return time(hour, minute, seconds.first(from: 0))
            }
        }
        guard let hour = hours.first(from: hour + 1) else { return nil }
        return time(hour, minutes.first(from: 0), seconds.first(from: 0))
    }

    /// The last second of the day up to one.
    func last(upTo secondOfDay: Int) -> Int? {
        let hour = secondOfDay / 3600
        let minute = secondOfDay / 60 % 60
        if hours.contains(hour) {
            if minutes.contains(minute), let second = seconds.last(upTo: secondOfDay % 60) {
                return time(hour, minute, second)
            }
            if let minute = minutes.last(upTo: minute - 1) {
                return time(hour, minute, seconds.last(upTo: 59))
            }
        }
        guard let hour = hours.last(upTo: hour - 1) else { return nil }
        return time(hour, minutes.last(upTo: 59), seconds.last(upTo: 59))
    }

    /// No field is empty, so that there is always a value.
    private func time(_ hour: Int?, _ minute: Int?, _ second: Int?) -> Int {
        (hour ?? 0) * 3600 + (minute ?? 0) * 60 + (second ?? 0)
    }
}
