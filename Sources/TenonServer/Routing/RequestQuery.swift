internal import TenonAPI
internal import TenonModel

/// The parameters behind a path's question mark.
enum RequestQuery {
    /// The parameters by their names; refuses one that the endpoint does not take, that is given twice, or that
    /// is none of the words from which it takes one: a filter that is misspelt must not answer everything.
    static func values(in text: String, for endpoint: Endpoint) throws(TenonError) -> [String: String] {
        // Probes and caches add parameters of their own.
        guard !endpoint.isOpen else { return [:] }
        var values: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try decoded(parts[0].replacing("+", with: " "))
            let value = try decoded(parts.count > 1 ? parts[1].replacing("+", with: " ") : "")
            guard let parameter = endpoint.query.first(where: { $0.name == name }) else {
                throw unknown(name, endpoint)
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw TenonError(
                    .badParameter, "The parameter \(name) is given twice; give it once.",
                    context: ["parameter": name])
            }
            guard parameter.words.isEmpty || parameter.words.contains(value) else {
                throw .badParameter(
                    name, value, expected: "one of " + parameter.words.joined(separator: ", "),
                    hint: NearestName.suggestion(for: value, among: parameter.words))
            }
        }
        return values
    }

    /// A part of an address without its percent escapes.
    static func decoded(_ text: some StringProtocol) throws(TenonError) -> String {
        guard let decoded = PercentEncoding.decode(text) else {
            throw TenonError(.badParameter, "The address has a broken percent escape; write % as %25.")
        }
        return decoded
    }

    private static func unknown(_ name: String, _ endpoint: Endpoint) -> TenonError {
        let known = endpoint.query.map(\.name)
        let place = "\(endpoint.method.rawValue) \(endpoint.path)"
        return TenonError(
            .badParameter,
            "The parameter \"\(name.prefix(100))\" is not known here."
                + NearestName.suggestion(for: name, among: known)
                + (known.isEmpty
                    ? " \(place) takes no parameters."
                    : " \(place) takes \(known.joined(separator: ", "))."),
            context: ["parameter": String(name.prefix(100))])
    }
}
