internal import TenonJSON
internal import TenonPattern

extension SchemaValidation {
    mutating func fits(_ text: String, _ rules: TextRules) -> Bool {
        var isValid = true
        charge(text.utf8.count / 16)
        if rules.length.minimum != nil || rules.length.maximum != nil {
            isValid = fits(text.unicodeScalars.count, rules.length, unit: "character")
        }
        if let rule = rules.pattern, !occurs(rule.pattern, in: text) {
            report("must match \(rule.text)")
            isValid = false
        }
        if let format = rules.format, !format.matches(text) {
            report("must be \(format.words)")
            isValid = false
        }
        return isValid
    }

    /// Where finding out costs too much, the check as a whole does.
    mutating func occurs(_ pattern: Pattern, in text: String) -> Bool {
        var work = 0
        do throws(PatternError) {
            let isFound = try pattern.matches(text, work: &work)
            charge(work / 64)
            return isFound
        } catch {
            charge(.max)
            return false
        }
    }

    mutating func fits(_ count: Int, _ range: CountRange, unit: String) -> Bool {
        func words(_ limit: Int) -> String { "\(limit) \(unit)\(limit == 1 ? "" : "s"), but has \(count)" }
        if let minimum = range.minimum, count < minimum {
            report("must have at least \(words(minimum))")
            return false
        }
        if let maximum = range.maximum, count > maximum {
            report("must have at most \(words(maximum))")
            return false
        }
        return true
    }

    mutating func fits(_ value: JSON, _ rules: NumberRules) -> Bool {
        guard let number = ExactDecimal(value) else { return true }
        charge(number.digits.count / 64)
        var isValid = true
        func check(_ keyword: String, _ holds: Bool, _ words: String) {
            guard !holds else { return }
            report("must be \(words) \(rules.texts[keyword] ?? "")")
            isValid = false
        }
        if let limit = rules.minimum { check("minimum", !(number < limit), "at least") }
        if let limit = rules.maximum { check("maximum", !(limit < number), "at most") }
        if let limit = rules.exclusiveMinimum { check("exclusiveMinimum", limit < number, "greater than") }
        if let limit = rules.exclusiveMaximum { check("exclusiveMaximum", number < limit, "less than") }
        if let divisor = rules.multipleOf {
            check("multipleOf", number.isMultiple(of: divisor), "a multiple of")
        }
        return isValid
    }
}

/// Parts of sentences.
enum Words {
    /// "a string", "an integer", "null".
    static func article(_ type: String) -> String {
        switch type {
        case "null": "null"
        case "integer", "array", "object": "an \(type)"
        default: "a \(type)"
        }
    }

    /// "a string, an integer or null".
    static func list(_ types: [String]) -> String {
        let words = types.map(article)
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }
}
