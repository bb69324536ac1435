internal import TenonJSON
internal import TenonModel

extension StepState {
    private static let maxDepth = 1024

    /// What has no column of its own, or nil where there is nothing.
    var detail: JSON? {
        var object = JSONObject()
        object["response"] = response
        object["error"] = error?.rowJSON
        object["retryAt"] = retryAt.map { .int($0.microseconds) }
        object["branch"] = branch.map { .int(Int64($0)) }
        if isTimedOut { object["isTimedOut"] = true }
        return object.isEmpty ? nil : .object(object)
    }

    init(_ row: StepRow) throws(TenonError) {
        self.init()
        guard let status = StepStatus(rawValue: row.status) else {
            throw TenonError(.workflowRowsInvalid, "a row has the unknown status \"\(row.status)\"")
        }
        self.status = status
        attempt = row.attempt
        startedAt = row.startedAt
        finishedAt = row.finishedAt
        if let output = row.output { self.output = try Self.parse(output) }
        guard let detail = row.detail else { return }
        let object = try Self.parse(detail)
        response = object["response"]
        if let error = object["error"] { self.error = try CallFailure(row: error) }
        retryAt = object["retryAt"]?.int.map { Timestamp(microseconds: $0) }
        branch = object["branch"]?.int.map { Int($0) }
        isTimedOut = object["isTimedOut"]?.bool ?? false
    }

    private static func parse(_ text: String) throws(TenonError) -> JSON {
        do throws(JSONError) {
            return try JSONParser.parse(text, maxDepth: maxDepth, duplicateKeys: .lastWins)
        } catch {
            throw TenonError(.workflowRowsInvalid, "a row's JSON cannot be read: \(error)")
        }
    }
}

extension CallFailure {
    fileprivate var rowJSON: JSON {
        var object: JSONObject = [
            "status": .int(Int64(status.rawValue)), "class": .int(Int64(errorClass.rawValue)),
            "effect": .int(Int64(effect.rawValue)), "message": .string(message),
        ]
        if vendorCode != 0 { object["vendorCode"] = .int(Int64(vendorCode)) }
        if retryAfterMilliseconds > 0 { object["retryAfter"] = .string("\(retryAfterMilliseconds)") }
        if !fieldPath.isEmpty { object["fieldPath"] = .string(fieldPath) }
        if !detailsJSON.isEmpty { object["details"] = .string(detailsJSON) }
        return .object(object)
    }

    fileprivate init(row: JSON) throws(TenonError) {
        guard
            let status = row["status"]?.int.flatMap({ Int32(exactly: $0) }).flatMap({
                CallStatus(rawValue: $0)
            }),
            let errorClass = row["class"]?.int.flatMap({ UInt32(exactly: $0) }).flatMap({
                ErrorClass(rawValue: $0)
            }),
            let effect = row["effect"]?.int.flatMap({ UInt32(exactly: $0) }).flatMap({ Effect(rawValue: $0) }
            ),
            let message = row["message"]?.string
        else { throw TenonError(.workflowRowsInvalid, "a row's error cannot be read: \(row.text)") }
        self.init(status, message, errorClass: errorClass, effect: effect)
        vendorCode = row["vendorCode"]?.int.flatMap { Int32(exactly: $0) } ?? 0
        retryAfterMilliseconds = row["retryAfter"]?.string.flatMap { UInt64($0) } ?? 0
        fieldPath = row["fieldPath"]?.string ?? ""
        detailsJSON = row["details"]?.string ?? ""
    }
}
