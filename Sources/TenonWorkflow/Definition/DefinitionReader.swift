internal import TenonJSON
internal import TenonModel
internal import TenonSchedule

/// Reads a definition's fields and collects all mistakes and warnings instead of stopping at the first.
struct DefinitionReader {
    private(set) var mistakes: [FieldError] = []
    private(set) var warnings: [DefinitionWarning] = []
    /// Names that suggestions may still be compared with: of thousands of mistakes the last get none.
    private var comparisonsLeft = 50_000

    /// Whether there are so many mistakes that looking for more helps nobody.
    var isFull: Bool { mistakes.count >= Limits.mistakesPerDefinition }

    /// A sentence such as ` Did you mean "total"?`, or nothing.
    mutating func suggestion(for name: String, among names: [String]) -> String {
        comparisonsLeft -= names.count
        return comparisonsLeft < 0 ? "" : NearestName.suggestion(for: name, among: names)
    }

    mutating func refuse(_ pointer: JSONPointer, _ message: String, _ code: ErrorCode = .workflowInvalid) {
        mistakes.append(FieldError(pointer: pointer.description, message: message, code: code))
    }

    mutating func refuse(_ more: [FieldError]) { mistakes += more }

    mutating func warn(_ pointer: JSONPointer, _ code: String, _ message: String) {
        warnings.append(DefinitionWarning(code: code, message: message, pointer: pointer.description))
    }

    /// Throws one error for all mistakes: with the code that they share, or `workflow.invalid`.
    func throwMistakes() throws(TenonError) {
        guard let first = mistakes.first else { return }
        let code = first.code ?? .workflowInvalid
        let isShared = mistakes.allSatisfy { ($0.code ?? .workflowInvalid) == code }
        let message =
            mistakes.count == 1
            ? "\(first.message) (at \(first.pointer))"
            : "the workflow has \(mistakes.count) mistakes; the first, at \(first.pointer): \(first.message)"
        throw TenonError(isShared ? code : .workflowInvalid, message, fields: mistakes)
    }

    // MARK: Fields

    mutating func string(_ object: JSONObject, _ key: String, _ pointer: JSONPointer) -> String? {
        guard let value = object[key], !value.isNull else { return nil }
        if let text = value.string { return text }
        refuse(pointer.appending(key), "must be a string, not \(value.typeName)")
        return nil
    }

    mutating func bool(_ object: JSONObject, _ key: String, _ pointer: JSONPointer) -> Bool? {
        guard let value = object[key], !value.isNull else { return nil }
        if let flag = value.bool { return flag }
        refuse(pointer.appending(key), "must be true or false, not \(value.typeName)")
        return nil
    }

    mutating func array(_ object: JSONObject, _ key: String, _ pointer: JSONPointer) -> [JSON]? {
        guard let value = object[key], !value.isNull else { return nil }
        if let elements = value.array { return elements }
        refuse(pointer.appending(key), "must be a list, not \(value.typeName)")
        return nil
    }

    mutating func strings(_ object: JSONObject, _ key: String, _ pointer: JSONPointer) -> [String] {
        let elements = array(object, key, pointer) ?? []
        var texts: [String] = []
        for (index, element) in elements.enumerated() {
            if let text = element.string {
                texts.append(text)
            } else {
                refuse(pointer.appending(key).appending(index), "must be a string, not \(element.typeName)")
            }
        }
        return texts
    }

    mutating func integer(
        _ object: JSONObject, _ key: String, in range: ClosedRange<Int64>, _ pointer: JSONPointer
    ) -> Int64? {
        guard let value = object[key], !value.isNull else { return nil }
        if let number = value.int, range.contains(number) { return number }
        refuse(
            pointer.appending(key),
            "must be a whole number from \(range.lowerBound) to \(range.upperBound), not \(value.text)")
        return nil
    }

    mutating func number(
        _ object: JSONObject, _ key: String, in range: ClosedRange<Double>, _ pointer: JSONPointer
    ) -> Double? {
        guard let value = object[key], !value.isNull else { return nil }
        if let number = value.double, range.contains(number) { return number }
        refuse(
            pointer.appending(key),
            "must be a number from \(range.lowerBound) to \(range.upperBound), not \(value.text)")
        return nil
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ object: JSONObject, _ key: String, _ pointer: JSONPointer, of type: Choice.Type = Choice.self
    ) -> Choice? where Choice.RawValue == String {
        guard let text = string(object, key, pointer) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let all = Choice.allCases.map(\.rawValue)
        refuse(
            pointer.appending(key),
            "must be one of \(all.joined(separator: ", ")), not \"\(text)\"."
                + NearestName.suggestion(for: text, among: all))
        return nil
    }

    /// A duration that is not negative; `isPositive`: nor zero.
    mutating func duration(
        _ object: JSONObject, _ key: String, isPositive: Bool, _ pointer: JSONPointer
    ) -> Duration? {
        guard let value = object[key], !value.isNull else { return nil }
        let duration = SpanText.duration(value)
        if let duration, duration <= Limits.longestTimeout,
            duration > .zero || (!isPositive && duration == .zero)
        {
            return duration
        }
        refuse(
            pointer.appending(key),
            "must be a duration\(isPositive ? " above zero" : "") of at most a year: milliseconds, or a text "
                + "such as \"30s\" or \"1h30m\" (ms, s, m, h, d); not \(value.text)")
        return nil
    }

    /// Warns of fields that nobody reads, with what was probably meant.
    mutating func checkKeys(_ object: JSONObject, known: [String], _ pointer: JSONPointer) {
        for key in object.keys where !known.contains(key) {
            warn(
                pointer.appending(key), "workflow.unknown-field",
                "the field \"\(key)\" is not known and has no effect."
                    + NearestName.suggestion(for: key, among: known))
        }
    }
}
