extension String {
    /// The text as a sentence, to which another one can be added: connectors seldom end theirs with a period.
    package var asSentence: String {
        guard let last, !".!?".contains(last) else { return self }
        return self + "."
    }
}
