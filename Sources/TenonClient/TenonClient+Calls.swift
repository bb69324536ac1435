internal import TenonAPI
internal import TenonJSON

extension TenonClient {
    /// The resource under `name` in the answer: `{"workflow": …}`.
    func resource(_ name: String, _ call: ClientCall, _ body: JSON? = nil) async throws(ClientError) -> JSON {
        var call = call
        if let body { call.body = .json(body) }
        let answer = try await send(call)
        guard let value = answer[name] else {
            throw .unexpectedAnswer(status: call.endpoint.answer.status, reason: "\"\(name)\" is missing")
        }
        return value
    }

    /// Every entry of a list, page by page.
    func all(_ call: ClientCall) async throws(ClientError) -> [JSON] {
        guard case .list(let name) = call.endpoint.answer else { return [] }
        var items: [JSON] = []
        var cursor: String?
        repeat {
            var next = call
            next.query.append(("limit", "500"))
            if let cursor { next.query.append(("cursor", cursor)) }
            let page = Page(try await send(next), named: name)
            items += page.items
            cursor = page.nextCursor
        } while cursor != nil
        return items
    }
}
