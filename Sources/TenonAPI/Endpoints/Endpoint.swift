internal import TenonModel

/// One operation of the REST API. The table `Endpoint.all` registers the server's routes, addresses the
/// client's calls
/// and writes `/openapi.json`.
package struct Endpoint: Hashable, Sendable {
    package enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    package static let prefix = "/api/advanced-integration"

    /// The operation's name, unique: `createWorkflow`.
    package let operation: String
    package let method: Method
    /// From the root. The first capture is `:id`, a second one `:name`: with one name for each place, matching
    /// never depends on the order of routes.
    package let path: String
    package let summary: String
    package var body: RequestBody
    package var answer: AnswerShape
    package var query: [QueryParameter]
    /// Answers without a token.
    package var isOpen = false

    /// An operation under the API's prefix.
    package init(
        _ operation: String, _ method: Method, _ path: String, _ summary: String,
        shape: Shape = Shape()
    ) {
        self.operation = operation
        self.method = method
        self.path = Self.prefix + path
        self.summary = summary
        body = shape.body
        answer = shape.answer
        query = shape.query
    }

    /// An operation outside of the prefix that needs no token.
    package init(root path: String, _ operation: String, _ summary: String, answer: AnswerShape) {
        self.operation = operation
        method = .get
        self.path = path
        self.summary = summary
        body = .none
        self.answer = answer
        query = []
        isOpen = true
    }

    /// The names of the captures in their order.
    package var captures: [String] {
        path.split(separator: "/").filter { $0.hasPrefix(":") }.map { String($0.dropFirst()) }
    }

    /// The path for a request, with `id` and `name` in the places of their captures.
    package func path(id: String? = nil, name: String? = nil) -> String {
        let values = [":id": id, ":name": name]
        return path.split(separator: "/", omittingEmptySubsequences: false)
            .map { part in (values[String(part)] ?? nil).map { PercentEncoding.encode($0) } ?? String(part) }
            .joined(separator: "/")
    }
}

extension Endpoint {
    /// What goes in and what comes out.
    package struct Shape: Sendable {
        package var body: RequestBody = .none
        package var answer: AnswerShape = .object("status")
        package var query: [QueryParameter] = []

        package init(
            body: RequestBody = .none, answer: AnswerShape = .object("status"), query: [QueryParameter] = []
        ) {
            self.body = body
            self.answer = answer
            self.query = query
        }
    }

    /// The body that a request carries.
    package enum RequestBody: Hashable, Sendable {
        case none
        case json(BodySchema)
        /// May be left out.
        case optionalJSON(BodySchema)
        /// A file's bytes, exempt from the limit on JSON bodies.
        case file(mediaType: String)

        /// The members of a JSON body.
        package var fieldNames: [String] {
            switch self {
            case .json(let schema), .optionalJSON(let schema): schema.fields.map(\.name)
            case .none, .file: []
            }
        }
    }

    /// The body of a success, wrapped as the specification shows: `{"workflow": …}`.
    package enum AnswerShape: Hashable, Sendable {
        case object(String, status: Int = 200)
        /// A page: `{"workflows": […], "nextCursor": …}`.
        case list(String)
        case none
        /// The document itself, unwrapped.
        case document
        /// A page in Markdown.
        case text
        /// Server-Sent Events, until there are no more.
        case events

        package var status: Int {
            switch self {
            case .object(_, let status): status
            case .list, .document, .text, .events: 200
            case .none: 204
            }
        }
    }

    package struct QueryParameter: Hashable, Sendable {
        package enum Kind: String, Sendable {
            case string
            case boolean
            case integer
            case number
        }
        package let name: String
        package let kind: Kind
        package let summary: String
        /// The words from which it takes one; none where it takes any text.
        package var words: [String] = []

        package init(_ name: String, _ kind: Kind, _ summary: String) {
            self.name = name
            self.kind = kind
            self.summary = summary
        }

        /// A filter that takes one of a few words.
        package static func oneOf(_ name: String, _ words: [String]) -> QueryParameter {
            let list = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
            var parameter = QueryParameter(name, .string, "Only \(list) ones.")
            parameter.words = words
            return parameter
        }
    }
}

extension [Endpoint.QueryParameter] {
    /// Every list takes them.
    package static let page: Self = [
        .init("limit", .integer, "How many entries to answer, at most 500; 100 where left out."),
        .init("cursor", .string, "Where to go on: `nextCursor` of the page before."),
    ]
}
