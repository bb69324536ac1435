internal import HTTPTypes
internal import Hummingbird
internal import NIOPosix

/// The CAD vault's HTTP service: `GET /designs`, all as one JSON array, and `GET /designs/latest`.
struct VaultService: Sendable {
    private static let rowsPerChunk = 1000

    let vault: DesignVault
    /// Reading blocks, so not on the event loop.
    let threads: NIOThreadPool

    var router: Router<BasicRequestContext> {
        let router = Router()
        router.get("/designs") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: ResponseBody { writer in
                    try await writeDesigns(to: &writer)
                    try await writer.finish(nil)
                })
        }
        router.get("/designs/latest") { _, _ in
            let text = try await threads.runIfActive { try vault.latest() }
            return Response(
                status: text == nil ? .notFound : .ok, headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text ?? "null")))
        }
        return router
    }

    private func writeDesigns(to writer: inout any ResponseBodyWriter) async throws {
        var last = ""
        var separator = "["
        while true {
            let after = last
            let rows = try await threads.runIfActive {
                try vault.designs(after: after, limit: Self.rowsPerChunk)
            }
            guard let end = rows.last else { break }
            let text = rows.map(\.json).joined(separator: ",\n")
            try await writer.write(ByteBuffer(string: separator + text))
            separator = ",\n"
            last = end.id
        }
        try await writer.write(ByteBuffer(string: separator == "[" ? "[]" : "]"))
    }
}
