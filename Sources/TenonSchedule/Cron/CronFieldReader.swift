internal import TenonModel

/// Reads a field of a cron expression: elements between commas, each a value, a range or a star, with a step.
struct CronFieldReader {
    private static let maxElements = 64
    private let kind: CronFieldKind
    private let seed: String?
    private var field = CronField()

    init(kind: CronFieldKind, seed: String?) {
        self.kind = kind
        self.seed = seed
    }

    mutating func read(_ text: String) throws(TenonError) -> CronField {
        let elements = text.split(separator: ",", omittingEmptySubsequences: false)
        guard elements.count <= Self.maxElements else {
            throw invalid("has more than \(Self.maxElements) parts between commas")
        }
        if kind.days != nil, elements.count > 1, elements.contains("?") {
            throw invalid("\"?\" stands alone in its field")
        }
        field.beginsWithStar = text.first == "*" || text.first == "?"
        for element in elements { try read(element: element.lowercased()) }
        return field
    }

    private mutating func read(element text: String) throws(TenonError) {
        if text.isEmpty { throw invalid("a value is missing beside a comma") }
        if try readSpecial(text) { return }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { throw invalid("\"\(shown(text))\" has more than one \"/\"") }
        let step = parts.count == 2 ? try self.step(parts[1]) : nil
        var range = try self.range(String(parts[0]), step: step)
        let isOpen = range.isStar || (step != nil && range.isSingle) || (step != nil && range.isHash)
        if range.isSingle, step != nil, !range.isHash { range.last = kind.max }
        field.isRhythm = field.isRhythm || isOpen
        field.isUnrestricted = field.isUnrestricted || (range.isStar && (step ?? 1) == 1)
        insert(range, step: step ?? 1)
    }

    private mutating func insert(_ range: Range, step: Int) {
        var value = range.first
        while value <= range.last {
            field.numbers.insert(kind.wrapped(value))
            value += step
        }
    }

    /// Values from `first` to `last`; where names run backwards, `last` is counted on past the end.
    private struct Range {
        var first: Int
        var last: Int
        var isStar = false
        var isSingle = false
        var isHash = false
    }

    private func range(_ text: String, step: Int?) throws(TenonError) -> Range {
        if text == "*" { return Range(first: kind.min, last: kind.max, isStar: true) }
        if text == "?" {
            guard kind.days != nil else { throw invalid("\"?\" is for the two fields of days") }
            guard step == nil else { throw invalid("\"?\" takes no step") }
            return Range(first: kind.min, last: kind.max, isStar: true)
        }
        if text.first == "h", let hashed = try hashed(text, step: step) { return hashed }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard ends.count <= 2 else { throw invalid("\"\(shown(text))\" has more than one \"-\"") }
        let first = try value(ends[0])
        guard ends.count == 2 else {
            let single = kind.wrapped(first)
            return Range(first: single, last: single, isSingle: true)
        }
        let last = try value(ends[1])
        if first <= last { return Range(first: first, last: last) }
        return try backward(from: first, to: last, ends)
    }

    /// `fri-mon` goes past the end, for names only: nobody means `5-3` and many mean `3-5`.
    private func backward(from first: Int, to last: Int, _ ends: [String]) throws(TenonError) -> Range {
        let isNamed = ends.allSatisfy { kind.names.contains($0) }
        guard isNamed else {
            let whole = first > kind.max ? "\(kind.min)-\(last)" : "\(first)-\(kind.max),\(kind.min)-\(last)"
            throw invalid("\(ends[0])-\(ends[1]) runs backwards; write \(whole) if you mean that")
        }
        return Range(first: first, last: last + kind.max - kind.min + 1)
    }

    /// `H`, `H(0-29)`: a value that depends on the seed, so that not everything starts at the same moment. With a
    /// step, it is the first of them.
    private func hashed(_ text: String, step: Int?) throws(TenonError) -> Range? {
        var first = kind.min
        var last = kind.hashMax
        if text != "h" {
            guard text.hasPrefix("h("), text.hasSuffix(")") else { return nil }
            let ends = text.dropFirst(2).dropLast().split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count == 2 else { throw invalid("\"H(…)\" holds a range, such as H(0-29)") }
            first = try value(String(ends[0]))
            last = try value(String(ends[1]))
            guard last <= kind.max else {
                throw invalid("the range \(ends[0])-\(ends[1]) of \"H\" goes up to \(kind.max)")
            }
            guard first <= last else {
                throw invalid("the range \(ends[0])-\(ends[1]) of \"H\" runs backwards")
            }
        }
        guard let seed else { throw invalid("\"H\" needs the id of a schedule, which there is not here") }
        let count = min(step ?? Int.max, last - first + 1)
        let value = first + Int(StableHash.of(seed, kind.name) % UInt64(count))
        return Range(first: value, last: step == nil ? value : last, isSingle: step == nil, isHash: true)
    }

    private func step(_ text: Substring) throws(TenonError) -> Int {
        guard let step = Self.number(String(text)), step > 0 else {
            throw invalid("the step \"\(shown(String(text)))\" is not a number above 0")
        }
        let count = kind.max - kind.min + 1
        guard step <= count else {
            throw invalid("the step \(step) is longer than the \(count) values there are")
        }
        return step
    }

    /// A number or a name of the field. A day of the week may be 7, too, for Sunday.
    private func value(_ text: String) throws(TenonError) -> Int {
        if let index = kind.names.firstIndex(of: text) { return kind.min + index }
        guard let number = Self.number(text) else {
            let names = kind.names.isEmpty ? "" : " and no name such as \(kind.names[0])"
            throw invalid("\"\(shown(text))\" is no number\(names)")
        }
        let last = kind.days == .week ? 7 : kind.max
        guard number >= kind.min, number <= last else {
            throw invalid("\(shown(text)) is not from \(kind.min) to \(last)")
        }
        return number
    }

    /// A few digits.
    private static func number(_ text: String) -> Int? {
        let isDigits = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return isDigits && (1...9).contains(text.utf8.count) ? Int(text) : nil
    }

    private func shown(_ text: String) -> String { text.count <= 20 ? text : text.prefix(20) + "…" }

    private func invalid(_ problem: String) -> TenonError {
        TenonError(.scheduleInvalid, "The field \(kind.name): \(problem).")
    }
}

extension CronFieldKind {
    /// The value of a count that went past the end.
    fileprivate func wrapped(_ value: Int) -> Int {
        value <= max ? value : min + (value - min) % (max - min + 1)
    }
}

// MARK: - L, W and #

extension CronFieldReader {
    /// Reads `L`, `L-3`, `LW`, `15W`, `5L`, `5#2` where the field has such days.
    private mutating func readSpecial(_ text: String) throws(TenonError) -> Bool {
        switch kind.days {
        case .month: try readDayOfMonth(text)
        case .week: try readDayOfWeek(text)
        case nil: false
        }
    }

    private mutating func readDayOfMonth(_ text: String) throws(TenonError) -> Bool {
        if text == "l" {
            field.special.beforeLast.insert(0)
        } else if text == "lw" || text == "wl" {
            field.special.lastWorkday = true
        } else if text.hasPrefix("l-") {
            guard let days = Self.number(String(text.dropFirst(2))), days <= 30 else {
                throw invalid("\"\(shown(text))\": what follows \"L-\" is a number from 0 to 30")
            }
            field.special.beforeLast.insert(days)
        } else if text.hasSuffix("w") {
            field.special.nearestWorkdays.insert(try value(String(text.dropLast())))
        } else {
            return false
        }
        return true
    }

    private mutating func readDayOfWeek(_ text: String) throws(TenonError) -> Bool {
        if text == "l" { throw invalid("\"L\" stands behind a day here, such as 5L for the last Friday") }
        if text.hasSuffix("l") {
            field.special.lastWeekdays.insert(try value(String(text.dropLast())) % 7)
            return true
        }
        guard let sign = text.firstIndex(of: "#") else { return false }
        let weekday = try value(String(text[..<sign])) % 7
        guard let number = Self.number(String(text[text.index(after: sign)...])), (1...5).contains(number)
        else { throw invalid("\"\(shown(text))\": what follows \"#\" is a number from 1 to 5") }
        field.special.numberedWeekdays.insert(weekday * 8 + number)
        return true
    }
}
