internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import TenonAPI
internal import TenonJSON
internal import TenonModel

/// Turns a request into a call: decodes the path and query, reads and parses the body within the limits.
struct RequestReader: Sendable {
    let pool: BlockingPool
    /// Where uploads lie until they are installed.
    let uploadDirectory: String

    func call(
        _ request: Request, captures: Parameters, endpoint: Endpoint
    ) async throws -> (call: Call, body: [UInt8]) {
        let query = try RequestQuery.values(in: request.uri.query ?? "", for: endpoint)
        let id = try captures.get("id").map(RequestQuery.decoded) ?? ""
        let name = try captures.get("name").map(RequestQuery.decoded) ?? ""
        var bytes: [UInt8] = []
        var body = JSON.null
        var uploadPath: String?
        switch endpoint.body {
        case .none: try await refuseBody(of: request, to: endpoint)
        case .file: uploadPath = try await save(request)
        case .json, .optionalJSON:
            bytes = try await collect(request)
            body = try await parse(bytes, isOptional: endpoint.body.isOptional)
        }
        let call = Call(
            endpoint: endpoint, id: id, name: name, body: body, uploadPath: uploadPath,
            idempotencyKey: request.headers[.idempotencyKey], query: query, prefer: request.headers[.prefer])
        return (call, bytes)
    }

    /// Refuses a body where none is taken, so that nobody believes that it was read. An empty object says nothing
    /// and is sent by some clients with every request.
    private func refuseBody(of request: Request, to endpoint: Endpoint) async throws {
        // Probes and caches are not asked for more than they know.
        guard request.announcesBody, !endpoint.isOpen else { return }
        let unexpected = TenonError(
            .unexpectedBody,
            "\(endpoint.method.rawValue) \(request.uri.path.prefix(200)) takes no body; leave it out.")
        // What follows an execution reads the rest of the connection itself.
        guard endpoint.answer != .events else { throw unexpected }
        do {
            let bytes = try await request.body.collect(upTo: Self.emptyBodyBytes).readableBytesView
            let text = bytes.filter { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
            guard text.isEmpty || text.elementsEqual(Self.emptyObject) else { throw unexpected }
        } catch is NIOTooManyBytesError {
            throw unexpected
        }
    }

    private static let emptyObject = Array("{}".utf8)
    /// An empty object with some space in and around it.
    private static let emptyBodyBytes = 64

    private func collect(_ request: Request) async throws -> [UInt8] {
        let limit = Limits.requestBodyBytes
        let tooLarge = TenonError(
            .tooLarge, "The body is larger than \(limit >> 20) MB; send less at a time.")
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw tooLarge
        }
        do {
            return Array(try await request.body.collect(upTo: limit).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
    }

    private func parse(_ bytes: [UInt8], isOptional: Bool) async throws -> JSON {
        if bytes.isEmpty, isOptional { return .null }
        let value = try await pool.run { try Self.json(bytes) }
        guard value.object != nil else {
            throw TenonError(.wrongBody, "The body is \(value.typeName); send a JSON object.")
        }
        return value
    }

    private static func json(_ bytes: [UInt8]) throws(TenonError) -> JSON {
        do {
            return try JSONParser.parse(bytes, maxDepth: Limits.jsonDepth, maxValues: Limits.jsonValues)
        } catch {
            if error.problem.hasPrefix("more values") {
                throw TenonError(
                    .tooLarge,
                    "The body has more than \(Limits.jsonValues) values; send less at a time.")
            }
            let isTooDeep = error.problem.hasPrefix("nested deeper")
            throw TenonError(
                isTooDeep ? .tooDeep : .malformedJSON,
                isTooDeep
                    ? "The body is nested deeper than \(Limits.jsonDepth) levels; flatten it."
                    : "The body is not valid JSON: \(error). Mend it there.")
        }
    }

    /// Writes the body to a file as it arrives.
    private func save(_ request: Request) async throws -> String {
        let path = uploadDirectory + "/upload-" + UUID().uuidString
        try await pool.run {
            try FileManager.default.createDirectory(
                atPath: uploadDirectory, withIntermediateDirectories: true)
            let isCreated = FileManager.default.createFile(
                atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
            if !isCreated { throw noRoom }
        }
        do {
            try await write(request, to: path)
            return path
        } catch {
            // The error that ended the upload is the one to tell.
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
    }

    private var noRoom: TenonError {
        TenonError(
            .internalError, "The upload cannot be stored in \(uploadDirectory); check its owner and space.")
    }

    private func write(_ request: Request, to path: String) async throws {
        guard let file = FileHandle(forWritingAtPath: path) else {
            throw noRoom
        }
        // The descriptor is closed with the handle; a failed close loses a file that is checked by its
        // content anyway.
        defer { try? file.close() }
        var size = 0
        for try await buffer in request.body {
            size += buffer.readableBytes
            guard size <= Limits.packageBytes else {
                throw TenonError(
                    .tooLarge, "The package is larger than \(Limits.packageBytes >> 20) MB; make it smaller.")
            }
            let data = Data(buffer.readableBytesView)
            try await pool.run { try file.write(contentsOf: data) }
        }
        guard size > 0 else {
            throw TenonError(.wrongBody, "The request has no file; send the bytes of a .tenon package.")
        }
    }
}

extension Endpoint.RequestBody {
    fileprivate var isOptional: Bool { if case .optionalJSON = self { true } else { false } }
}

extension Request {
    /// Whether a body follows the head (RFC 9112, section 6).
    fileprivate var announcesBody: Bool {
        headers[.transferEncoding] != nil || headers[.contentLength].map { $0 != "0" } ?? false
    }
}

extension HTTPField.Name {
    // Constant names of valid characters.
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
    static let prefer = HTTPField.Name("Prefer")!
}
