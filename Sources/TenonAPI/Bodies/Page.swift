package import TenonJSON

/// One page of a list: `{"workflows": […], "nextCursor": "…"}`; without `nextCursor` it is the last.
package struct Page: Equatable, Sendable {
    package var items: [JSON]
    package var nextCursor: String?

    package init(items: [JSON], nextCursor: String? = nil) {
        self.items = items
        self.nextCursor = nextCursor
    }

    package func json(named name: String) -> JSON {
        var object: JSONObject = [name: .array(items)]
        if let nextCursor { object["nextCursor"] = .string(nextCursor) }
        return .object(object)
    }

    package init(_ json: JSON, named name: String) {
        items = json[name]?.array ?? []
        nextCursor = json["nextCursor"]?.string
    }
}
