/// What becomes of a column of the source in the host, from nothing to everything.
enum ColumnUse: Int, Sendable, Comparable {
    case none
    /// Only handed on to the target.
    case copied
    /// Its values are looked at.
    case parsed

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// One transformation of a definition: its stage and its number there.
struct TransformationPlace: Hashable, Sendable {
    let stage: Int
    let position: Int
}

/// What the source does instead of the host.
struct PushedWork: Sendable {
    var filters: Set<TransformationPlace> = []
    var limit: TransformationPlace?

    func contains(_ place: TransformationPlace) -> Bool { filters.contains(place) || limit == place }
}
