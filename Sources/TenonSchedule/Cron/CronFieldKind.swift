/// One of the fields of a cron expression: what it is called and may hold.
package struct CronFieldKind: Sendable {
    package let name: String
    /// 0 to 63.
    package let min: Int
    package let max: Int
    /// Three-letter names of the values from `min` on.
    package let names: [String]
    /// The last value of `H` without a range: days of the month that not every month has are left out.
    let hashMax: Int
    /// Which fields take `?`, `L`, `W` and `#`.
    let days: Days?

    enum Days: Sendable { case month, week }

    package init(name: String, min: Int, max: Int) {
        self.init(name, min, max)
    }

    private init(
        _ name: String, _ min: Int, _ max: Int, names: [String] = [], hashMax: Int? = nil, days: Days? = nil
    ) {
        self.name = name
        self.min = Swift.max(0, Swift.min(63, min))
        self.max = Swift.max(0, Swift.min(63, max))
        self.names = names
        self.hashMax = hashMax ?? max
        self.days = days
    }

    static let second = CronFieldKind("second", 0, 59)
    static let minute = CronFieldKind("minute", 0, 59)
    static let hour = CronFieldKind("hour", 0, 23)
    static let dayOfMonth = CronFieldKind("day of month", 1, 31, hashMax: 28, days: .month)
    static let month = CronFieldKind(
        "month", 1, 12,
        names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
    static let dayOfWeek = CronFieldKind(
        "day of week", 0, 6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"], days: .week)
}
