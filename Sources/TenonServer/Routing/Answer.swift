package import TenonAPI
package import TenonJSON
package import TenonModel

/// What a handler answers.
package struct Answer: Sendable, Equatable {
    package var status: Int
    package var body: JSON?
    package var location: String?
    /// A page in Markdown instead of a JSON body.
    package var page: String?
    /// The events of this execution instead of a body.
    package var followed: ExecutionID?

    package init(status: Int, body: JSON?, location: String? = nil) {
        self.status = status
        self.body = body
        self.location = location
    }
}

extension Call {
    /// A success of this endpoint: `value` wrapped under the endpoint's name.
    package func answer(_ value: JSON) -> Answer {
        switch endpoint.answer {
        case .object(let name, let status): Answer(status: status, body: .object([name: value]))
        case .list, .document, .text, .events, .none: Answer(status: endpoint.answer.status, body: value)
        }
    }

    /// A page of `items`; the cursor of a list that the host holds whole is a position.
    package func page(of items: [JSON]) throws -> Answer {
        let start = try text("cursor").map { try Self.position(of: $0) } ?? 0
        let end = min(items.count, start + (try limit()))
        let next = end < items.count ? String(end) : nil
        return page(Page(items: start < end ? Array(items[start..<end]) : [], nextCursor: next))
    }

    package func page(_ page: Page) -> Answer {
        guard case .list(let name) = endpoint.answer else { return Answer(status: 200, body: nil) }
        return Answer(status: 200, body: page.json(named: name))
    }

    private static func position(of cursor: String) throws -> Int {
        guard let position = Int(cursor), position >= 0 else {
            throw TenonError.badParameter("cursor", cursor, expected: "nextCursor of the page before")
        }
        return position
    }
}
