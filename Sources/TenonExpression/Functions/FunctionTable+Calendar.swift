internal import TenonModel
internal import TenonTime

extension FunctionTable {
    /// Functions of the calendar beyond CEL's own. A zone is an IANA name or an offset, UTC where it is left
    /// out; in host mode a text in the form of RFC 3339 counts as a timestamp.
    static let calendar: [FunctionDefinition] = [
        .typed("now", .global, 0...0) { (context, _) throws(TenonError) in
            guard let now = context.scope.now, let instant = Instant(now) else {
                throw context.mistake("the time is not known here")
            }
            return .timestamp(instant)
        },
        .typed("startOf", .method, 2...3) { (context, arguments) throws(TenonError) in
            let name = try arguments.text(1)
            guard let unit = CalendarUnit(rawValue: name) else {
                throw context.mistake("\(Value.quoted(name)) is none of \(CalendarUnit.names)")
            }
            let zone = try context.zone(arguments, 2)
            return try context.moved(try arguments.instant(0), in: zone, keepsFraction: false) {
                unit.start(of: $0)
            }
        }.preparing { (nodes) throws(FunctionMistake) in
            if let name = nodes[1].constantText, CalendarUnit(rawValue: name) == nil {
                throw FunctionMistake("\(Value.quoted(name)) is none of \(CalendarUnit.names)")
            }
            try checkZone(nodes, 2)
            return try prepareTime(&nodes)
        },
        shifted("addDays", CalendarShift.days), shifted("addMonths", CalendarShift.months),
        .typed("formatTime", .method, 2...3) { (context, arguments) throws(TenonError) in
            let instant = try arguments.instant(0)
            let text = try arguments.text(1)
            let offset = try context.zone(arguments, 2).offset(at: instant.seconds)
            try context.spend(text.utf8.count)
            let pattern = try context.checked { () throws(FunctionMistake) in try TimePattern(text) }
            let local = LocalTime(unixSeconds: instant.seconds, offset: offset)
            return .string(pattern.text(local, nanoseconds: instant.nanoseconds, offset: offset))
        }.preparing { (nodes) throws(FunctionMistake) in
            if let text = nodes[1].constantText { _ = try TimePattern(text) }
            try checkZone(nodes, 2)
            return try prepareTime(&nodes)
        },
        .typed("parseTime", .method, 2...3) { (context, arguments) throws(TenonError) in
            let (text, form) = (try arguments.text(0), try arguments.text(1))
            let zone = try context.zone(arguments, 2)
            try context.spend(text.utf8.count / 16 + form.utf8.count)
            let pattern = try context.checked { () throws(FunctionMistake) in try TimePattern(reading: form) }
            guard text.utf8.count <= TimePattern.maxLength * 2, let reading = pattern.read(text) else {
                throw context.mistake(
                    "\(Value.quoted(text)) is no time of the form \(Value.quoted(form))")
            }
            let seconds =
                reading.offset.map { reading.time.secondsFromEpochAsIfUTC - Int64($0) }
                ?? zone.seconds(of: reading.time)
            guard let instant = Instant(seconds: seconds, nanoseconds: reading.nanoseconds) else {
                throw context.outsideCalendar
            }
            return .timestamp(instant)
        }.preparing { (nodes) throws(FunctionMistake) in
            if let form = nodes[1].constantText { _ = try TimePattern(reading: form) }
            try checkZone(nodes, 2)
            return false
        },
        .typed("toMillis", .method, 1...1) { (_, arguments) throws(TenonError) in
            let instant = try arguments.instant(0)
            // The years 0001 to 9999 in milliseconds fit 64 bits many times.
            return .int(instant.seconds * 1000 + Int64(instant.nanoseconds / 1_000_000))
        },
        .typed("fromMillis", .global, 1...1) { (context, arguments) throws(TenonError) in
            let millis = Int64(try arguments.int(0))
            let seconds = millis.flooredDivision(by: 1000)
            let rest = Int32(truncatingIfNeeded: (millis % 1000 + 1000) % 1000)
            guard let instant = Instant(seconds: seconds, nanoseconds: rest * 1_000_000) else {
                throw context.outsideCalendar
            }
            return .timestamp(instant)
        },
    ]

    private static func shifted(
        _ name: String, _ shift: @escaping @Sendable (Int, LocalTime) -> LocalTime?
    ) -> FunctionDefinition {
        .typed(name, .method, 2...3) { (context, arguments) throws(TenonError) in
            let count = try arguments.int(1)
            let zone = try context.zone(arguments, 2)
            return try context.moved(try arguments.instant(0), in: zone, keepsFraction: true) {
                shift(count, $0)
            }
        }.preparing { (nodes) throws(FunctionMistake) in
            try checkZone(nodes, 2)
            return try prepareTime(&nodes)
        }
    }

    // MARK: Constants

    /// Refuses a constant at `index` that names no zone.
    static func checkZone(_ nodes: [Node], _ index: Int) throws(FunctionMistake) {
        guard nodes.indices.contains(index), let name = nodes[index].constantText else { return }
        do throws(TenonError) {
            _ = try zone(name)
        } catch {
            throw FunctionMistake(error.message)
        }
    }

    /// Reads a constant text as the timestamp that it is, and answers whether it has.
    private static func prepareTime(_ nodes: inout [Node]) throws(FunctionMistake) -> Bool {
        guard let text = nodes[0].constantText else { return false }
        guard let instant = Conversion.timestamp(.string(text)) else {
            throw FunctionMistake("\(Value.quoted(text)) is no timestamp (RFC 3339)")
        }
        nodes[0] = .literal(.timestamp(instant))
        return true
    }
}

extension CallContext {
    fileprivate var outsideCalendar: TenonError { mistake("the result is not in the years 0001 to 9999") }

    /// The zone that an argument names.
    fileprivate func zone(_ arguments: FunctionArguments, _ index: Int) throws(TenonError) -> TimeZoneRules {
        guard index < arguments.count else { return .utc }
        let name = try arguments.text(index)
        do throws(TenonError) {
            return try FunctionTable.zone(name)
        } catch {
            throw mistake(error.message)
        }
    }

    /// `instant` changed as its local time in `zone` is.
    fileprivate func moved(
        _ instant: Instant, in zone: TimeZoneRules, keepsFraction: Bool,
        _ change: (LocalTime) -> LocalTime?
    ) throws(TenonError) -> Value {
        let local = LocalTime(unixSeconds: instant.seconds, offset: zone.offset(at: instant.seconds))
        guard let changed = change(local),
            let result = Instant(
                seconds: zone.seconds(of: changed), nanoseconds: keepsFraction ? instant.nanoseconds : 0)
        else { throw outsideCalendar }
        return .timestamp(result)
    }
}

extension TimeZoneRules {
    /// Unix seconds of a local time: the first of two, and as far behind a gap as the time is behind its
    /// beginning.
    fileprivate func seconds(of local: LocalTime) -> Int64 {
        switch instants(local) {
        case .one(let seconds): seconds
        case .two(let first, _): first
        case .none(let before, _): before
        }
    }
}

extension Instant {
    fileprivate init?(_ timestamp: Timestamp) {
        let seconds = timestamp.microseconds.flooredDivision(by: 1_000_000)
        let rest = (timestamp.microseconds % 1_000_000 + 1_000_000) % 1_000_000
        self.init(seconds: seconds, nanoseconds: Int32(truncatingIfNeeded: rest * 1000))
    }
}
