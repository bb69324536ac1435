internal import TenonModel
internal import TenonTime

extension FunctionTable {
    /// CEL's own functions of timestamps and durations: parts of a date in UTC or in a zone, and durations in
    /// whole units.
    static let times: [FunctionDefinition] = [
        part("getFullYear") { $0.year },
        part("getMonth") { $0.month - 1 },
        part("getDate") { $0.day },
        part("getDayOfMonth") { $0.day - 1 },
        part("getDayOfWeek") { $0.weekday },
        part("getDayOfYear") { $0.dayOfYear - 1 },
        part("getHours", ofDuration: { $0 / 3_600_000_000_000 }) { $0.hour },
        part("getMinutes", ofDuration: { $0 / 60_000_000_000 }) { $0.minute },
        part("getSeconds", ofDuration: { $0 / 1_000_000_000 }) { $0.second },
        FunctionDefinition("getMilliseconds", .method, 1...2) { (context, arguments) throws(TenonError) in
            switch arguments.first {
            // The part of a second, not the whole duration.
            case .duration(let nanoseconds) where arguments.count == 1:
                return .int(nanoseconds / 1_000_000 % 1000)
            case .timestamp(let instant):
                _ = try offset(at: instant, arguments, context)
                return .int(Int64(instant.nanoseconds / 1_000_000))
            default: throw context.mismatch(arguments)
            }
        }.preparing(zoneCheck),
    ]

    /// A part of a timestamp in UTC or in the zone given as the second argument, and maybe of a duration.
    private static func part(
        _ name: String, ofDuration inDuration: (@Sendable (Int64) -> Int64)? = nil,
        _ part: @escaping @Sendable (LocalTime) -> Int
    ) -> FunctionDefinition {
        FunctionDefinition(name, .method, 1...2) { (context, arguments) throws(TenonError) in
            switch arguments.first {
            case .duration(let nanoseconds) where arguments.count == 1:
                guard let inDuration else { throw context.mismatch(arguments) }
                return .int(inDuration(nanoseconds))
            case .timestamp(let instant):
                let offset = try offset(at: instant, arguments, context)
                return .int(Int64(part(LocalTime(unixSeconds: instant.seconds, offset: offset))))
            default: throw context.mismatch(arguments)
            }
        }.preparing(zoneCheck)
    }

    private static let zoneCheck: FunctionDefinition.Preparation = { (nodes) throws(FunctionMistake) in
        try checkZone(nodes, 1)
        return false
    }

    /// Seconds east of UTC in the zone that the second argument names.
    private static func offset(
        at instant: Instant, _ arguments: [Value], _ context: CallContext
    ) throws(TenonError) -> Int {
        guard arguments.count > 1 else { return 0 }
        guard case .string(let name) = arguments[1] else { throw context.mismatch(arguments) }
        do throws(TenonError) {
            return try zone(name).offset(at: instant.seconds)
        } catch { throw context.failure(error.message) }
    }

    /// A zone by its IANA name, or a fixed offset such as `+02:00`.
    static func zone(_ name: String) throws(TenonError) -> TimeZoneRules {
        // No zone has such a name; what is near it need not be looked for.
        guard name.utf8.count <= 60 else {
            throw TenonError(.expressionFailed, "\(Value.described(name)) is no time zone")
        }
        return try TimeZoneRules.named(name)
    }
}
