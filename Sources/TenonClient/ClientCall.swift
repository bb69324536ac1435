package import TenonAPI
package import TenonJSON
internal import TenonModel

/// One request to an endpoint.
package struct ClientCall: Sendable {
    package enum Body: Sendable {
        case none
        case json(JSON)
        case file(UploadFile)
    }

    package let endpoint: Endpoint
    package var id: String?
    /// The second capture of the path.
    package var name: String?
    package var query: [(name: String, value: String)] = []
    package var body: Body = .none
    package var idempotencyKey: String?
    package var timeout: Duration = .seconds(60)

    package init(_ endpoint: Endpoint, id: String? = nil, name: String? = nil) {
        self.endpoint = endpoint
        self.id = id
        self.name = name
    }

    /// The first capture of the path for which there is nothing but an empty text.
    var emptyCapture: String? {
        endpoint.captures.first { capture in (capture == "name" ? name : id)?.isEmpty ?? true }
    }

    /// Path and query.
    var target: String {
        let pairs = query.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }
        return endpoint.path(id: id, name: name) + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }
}

/// A file on its way to a host.
package struct UploadFile: Sendable {
    package let path: String
    package let byteCount: Int64

    package init(path: String, byteCount: Int64) {
        self.path = path
        self.byteCount = byteCount
    }
}
