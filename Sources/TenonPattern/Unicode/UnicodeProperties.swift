internal import Synchronization

/// The sets that `\p{...}` names: general categories, scripts and yes-or-no properties.
final class UnicodeProperties: Sendable {
    static let shared = UnicodeProperties()

    private typealias Test = @Sendable (Unicode.Scalar.Properties) -> Bool
    /// Finding a set takes a look at every scalar, so each is found once.
    private let known = Mutex<[String: ScalarSet]>([:])

    /// The set with a name as it stands in braces: `Lu`, `Uppercase_Letter`, `gc=Lu`, `Script=Greek`, `Greek`,
    /// `Alphabetic`; nil where there is none.
    func set(named name: String) -> ScalarSet? {
        let parts = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            return category(name) ?? property(name) ?? UnicodeScripts.set(named: name)
        }
        switch parts[0] {
        case "gc", "General_Category": return category(String(parts[1]))
        case "sc", "Script", "scx", "Script_Extensions":
            return UnicodeScripts.set(named: String(parts[1]))
        default: return nil
        }
    }

    private func category(_ name: String) -> ScalarSet? {
        guard let categories = UnicodeCategories.named(name) else { return nil }
        return known("gc=\(name)") { categories.contains($0.generalCategory) }
    }

    private func property(_ name: String) -> ScalarSet? {
        switch name {
        case "Any": .all
        case "ASCII": ScalarSet([0...0x7F])
        case "Assigned": known(name) { $0.generalCategory != .unassigned }
        default: Self.tests[name].map { known(name, $0) }
        }
    }

    private func known(_ name: String, _ test: Test) -> ScalarSet {
        if let set = known.withLock({ $0[name] }) { return set }
        var ranges: [ClosedRange<UInt32>] = []
        for block in Self.blocks {
            guard let scalar = Unicode.Scalar(block.lowerBound), test(scalar.properties) else { continue }
            ranges.append(block)
        }
        let set = ScalarSet(ranges)
        known.withLock { $0[name] = set }
        return set
    }

    /// Scalars of which each may have properties of its own, and blocks where all have the same: planes that are
    /// not assigned or private, but for the last two of each, which are no characters.
    private static let blocks: [ClosedRange<UInt32>] = {
        var blocks = (UInt32(0)..<0xD800).map { $0...$0 } + (UInt32(0xE000)..<0x40000).map { $0...$0 }
        for plane in UInt32(4)...16 {
            let first = plane << 16
            let end = first + 0xFFFE
            // Tags and variation selectors stand at the begin of plane 14.
            let alike = plane == 14 ? first + 0x1000 : first
            blocks += (first..<alike).map { $0...$0 } + [alike...end - 1, end...end + 1]
        }
        return blocks
    }()

    private static let tests: [String: Test] = {
        var tests: [String: Test] = [:]
        for (names, test) in properties {
            for name in names { tests[name] = test }
        }
        return tests
    }()

    /// Those of ECMA-262 that the standard library knows.
    private static let properties: [([String], Test)] = [
        (["ASCII_Hex_Digit", "AHex"], { $0.isASCIIHexDigit }),
        (["Alphabetic", "Alpha"], { $0.isAlphabetic }),
        (["Bidi_Control", "Bidi_C"], { $0.isBidiControl }),
        (["Bidi_Mirrored", "Bidi_M"], { $0.isBidiMirrored }),
        (["Case_Ignorable", "CI"], { $0.isCaseIgnorable }),
        (["Cased"], { $0.isCased }),
        (["Changes_When_Casemapped", "CWCM"], { $0.changesWhenCaseMapped }),
        (["Changes_When_Lowercased", "CWL"], { $0.changesWhenLowercased }),
        (["Changes_When_NFKC_Casefolded", "CWKCF"], { $0.changesWhenNFKCCaseFolded }),
        (["Changes_When_Titlecased", "CWT"], { $0.changesWhenTitlecased }),
        (["Changes_When_Uppercased", "CWU"], { $0.changesWhenUppercased }),
        (["Dash"], { $0.isDash }),
        (["Default_Ignorable_Code_Point", "DI"], { $0.isDefaultIgnorableCodePoint }),
        (["Deprecated", "Dep"], { $0.isDeprecated }),
        (["Diacritic", "Dia"], { $0.isDiacritic }),
        (["Emoji"], { $0.isEmoji }),
        (["Emoji_Modifier", "EMod"], { $0.isEmojiModifier }),
        (["Emoji_Modifier_Base", "EBase"], { $0.isEmojiModifierBase }),
        (["Emoji_Presentation", "EPres"], { $0.isEmojiPresentation }),
        (["Extender", "Ext"], { $0.isExtender }),
        (["Grapheme_Base", "Gr_Base"], { $0.isGraphemeBase }),
        (["Grapheme_Extend", "Gr_Ext"], { $0.isGraphemeExtend }),
        (["Hex_Digit", "Hex"], { $0.isHexDigit }),
        (["IDS_Binary_Operator", "IDSB"], { $0.isIDSBinaryOperator }),
        (["IDS_Trinary_Operator", "IDST"], { $0.isIDSTrinaryOperator }),
        (["ID_Continue", "IDC"], { $0.isIDContinue }),
        (["ID_Start", "IDS"], { $0.isIDStart }),
        (["Ideographic", "Ideo"], { $0.isIdeographic }),
        (["Join_Control", "Join_C"], { $0.isJoinControl }),
        (["Logical_Order_Exception", "LOE"], { $0.isLogicalOrderException }),
        (["Lowercase", "Lower"], { $0.isLowercase }),
        (["Math"], { $0.isMath }),
        (["Noncharacter_Code_Point", "NChar"], { $0.isNoncharacterCodePoint }),
        (["Pattern_Syntax", "Pat_Syn"], { $0.isPatternSyntax }),
        (["Pattern_White_Space", "Pat_WS"], { $0.isPatternWhitespace }),
        (["Quotation_Mark", "QMark"], { $0.isQuotationMark }),
        (["Radical"], { $0.isRadical }),
        (["Sentence_Terminal", "STerm"], { $0.isSentenceTerminal }),
        (["Soft_Dotted", "SD"], { $0.isSoftDotted }),
        (["Terminal_Punctuation", "Term"], { $0.isTerminalPunctuation }),
        (["Unified_Ideograph", "UIdeo"], { $0.isUnifiedIdeograph }),
        (["Uppercase", "Upper"], { $0.isUppercase }),
        (["Variation_Selector", "VS"], { $0.isVariationSelector }),
        (["White_Space", "space"], { $0.isWhitespace }),
        (["XID_Continue", "XIDC"], { $0.isXIDContinue }),
        (["XID_Start", "XIDS"], { $0.isXIDStart }),
    ]
}
