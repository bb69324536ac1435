internal import TenonPattern

/// A constant pattern that is compiled, in the place of its text.
final class PatternValue: CustomValue {
    let finder: PatternFinder
    init(_ finder: PatternFinder) { self.finder = finder }

    var typeName: String { "string" }
    var text: String { finder.pattern.text }

    func isEqual(to other: any CustomValue) -> Bool { (other as? PatternValue)?.text == text }
}
