internal import TenonModel
internal import TenonPattern

extension FunctionTable {
    /// Functions of regular expressions that tell what a pattern matches.
    static let regex: [FunctionDefinition] = [
        .typed("regex.extract", .global, 2...2) { (context, arguments) throws(TenonError) in
            let (text, finder) = (try arguments.text(0), try context.finder(arguments, 1))
            try context.requireOneGroup(of: finder)
            var search = try context.search(finder, text, keeping: 1)
            guard let match = try context.next(&search) else { return .optional(nil) }
            guard let part = part(of: match, finder) else { return .optional(nil) }
            return .optional(.string(slice(text, part)))
        }.preparing(preparePattern),
        .typed("regex.extractAll", .global, 2...2) { (context, arguments) throws(TenonError) in
            let (text, finder) = (try arguments.text(0), try context.finder(arguments, 1))
            try context.requireOneGroup(of: finder)
            var search = try context.search(finder, text, keeping: 1)
            var values: [Value] = []
            while let match = try context.next(&search) {
                try context.spend(1)
                if let part = part(of: match, finder) { values.append(.string(slice(text, part))) }
            }
            return .list(values)
        }.preparing(preparePattern),
        .typed("regex.replace", .global, 3...4) { (context, arguments) throws(TenonError) in
            let (text, other) = (try arguments.text(0), try arguments.text(2))
            let limit = try arguments.int(3, or: -1)
            if limit == 0, case .string = try arguments.value(1) { return .string(text) }
            let finder = try context.finder(arguments, 1)
            return .string(try context.replacing(finder, with: other, in: text, limit: limit))
        }.preparing(prepareReplacement),
    ]

    /// What is taken of a match: its group, where the pattern has one and something is in it, or all of it.
    private static func part(of match: PatternMatch, _ finder: PatternFinder) -> Range<Int>? {
        guard finder.groupCount > 0 else { return match.range }
        guard let group = match.group(1), !group.isEmpty else { return nil }
        return group
    }

    private static func slice(_ text: String, _ range: Range<Int>) -> String {
        let utf8 = text.utf8
        let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        return String(text[start..<utf8.index(start, offsetBy: range.count)])
    }

    // MARK: Constants

    private static func preparePattern(_ nodes: inout [Node]) throws(FunctionMistake) -> Bool {
        guard let finder = try constantFinder(nodes[1]) else { return false }
        guard finder.groupCount <= 1 else { throw FunctionMistake.tooManyGroups(finder.groupCount) }
        nodes[1] = .literal(.custom(PatternValue(finder)))
        return true
    }

    private static func prepareReplacement(_ nodes: inout [Node]) throws(FunctionMistake) -> Bool {
        guard let finder = try constantFinder(nodes[1]) else { return false }
        if let text = nodes[2].constantText {
            _ = try PatternReplacement(text, groupCount: finder.groupCount)
        }
        nodes[1] = .literal(.custom(PatternValue(finder)))
        return true
    }

    private static func constantFinder(_ node: Node) throws(FunctionMistake) -> PatternFinder? {
        guard let text = node.constantText else { return nil }
        do throws(PatternError) {
            return try PatternFinder(text, syntax: .re2)
        } catch {
            throw FunctionMistake("the pattern \(error.message)")
        }
    }
}

extension FunctionMistake {
    fileprivate static func tooManyGroups(_ count: Int) -> FunctionMistake {
        FunctionMistake(
            "the pattern has \(count) groups, of which one at most can be taken; write (?:...) for others")
    }
}

extension CallContext {
    /// The pattern that an argument is, compiled.
    fileprivate mutating func finder(
        _ arguments: FunctionArguments, _ index: Int
    ) throws(TenonError) -> PatternFinder {
        if case .custom(let value as PatternValue) = try arguments.value(index) { return value.finder }
        let text = try arguments.text(index)
        // What compiling costs besides searching.
        try spend(100 + text.utf8.count * 8)
        do throws(PatternError) {
            return try PatternFinder(text, syntax: .re2)
        } catch {
            throw mistake("the pattern \(error.message)")
        }
    }

    fileprivate func requireOneGroup(of finder: PatternFinder) throws(TenonError) {
        guard finder.groupCount <= 1 else {
            throw mistake(FunctionMistake.tooManyGroups(finder.groupCount).message)
        }
    }

    fileprivate mutating func search(
        _ finder: PatternFinder, _ text: String, keeping groupCount: Int
    ) throws(TenonError) -> PatternMatches {
        try spend(10 + text.utf8.count / 16)
        return finder.matches(in: text, keeping: groupCount)
    }

    /// The next match, paid for.
    fileprivate mutating func next(_ search: inout PatternMatches) throws(TenonError) -> PatternMatch? {
        let before = search.work
        let match: PatternMatch?
        do throws(PatternError) {
            match = try search.next()
        } catch {
            throw TenonError(
                .expressionLimit, "the pattern \(error.message)", context: ["offset": "\(offset)"])
        }
        try spend((search.work - before) / 64)
        return match
    }

    fileprivate mutating func replacing(
        _ finder: PatternFinder, with replacement: String, in text: String, limit: Int
    ) throws(TenonError) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var parts: PatternReplacement?
        var (end, count) = (0, 0)
        var search = try search(finder, text, keeping: finder.groupCount)
        while limit < 0 || count < limit, let match = try next(&search) {
            let filled: PatternReplacement
            if let parts {
                filled = parts
            } else {
                filled = try read(replacement, groupCount: finder.groupCount)
                parts = filled
            }
            try spend(1 + filled.partCount / 4)
            let between = bytes[end..<match.range.lowerBound]
            try checkSize(result.count + between.count + filled.byteCount(for: match))
            result += between
            filled.append(for: match, in: bytes, to: &result)
            (end, count) = (match.range.upperBound, count + 1)
        }
        try checkSize(result.count + bytes.count - end)
        result += bytes[end...]
        try spend(bytes: result.count)
        return String(decoding: result, as: UTF8.self)
    }

    /// Reads a replacement, paid for before it may turn out to be none: `exists` goes on after a mistake.
    private mutating func read(
        _ replacement: String, groupCount: Int
    ) throws(TenonError) -> PatternReplacement {
        try spend(replacement.utf8.count / 8)
        return try checked { () throws(FunctionMistake) in
            try PatternReplacement(replacement, groupCount: groupCount)
        }
    }
}
