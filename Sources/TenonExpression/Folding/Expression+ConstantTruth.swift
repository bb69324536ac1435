extension Expression {
    /// How a condition ends for every input, as far as saving has worked it out.
    package var constantTruth: Bool? {
        switch program {
        case .literal(.bool(let isTrue)): isTrue
        case .literal(.null): false
        default: nil
        }
    }
}
