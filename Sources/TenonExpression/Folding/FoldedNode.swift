/// A part of an expression whose constants have been worked out.
struct FoldedNode {
    var node: Node
    /// Whether it gives the same for every input; it may still read variables of macros around it.
    var isConstant: Bool
    /// The lowest slot of a variable that it reads; `Int.max` where it reads none.
    var lowestSlot = Int.max
    /// What can never work in it, unless a part around it makes that unimportant.
    var mistake: SyntaxError?
    /// Whether `node` is another than it was.
    var isChanged = false

    /// Whether it can be worked out as it stands.
    var isClosed: Bool { isConstant && lowestSlot == .max }
}

extension Node {
    /// The operand of `&&` and `||` that it decides, as a constant.
    func decides(by decisive: Bool) -> Bool {
        switch self {
        case .literal(.bool(let value)): value == decisive
        case .literal(.null): !decisive
        default: false
        }
    }
}
