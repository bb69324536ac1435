import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import TenonJSON

/// A request as a foreign program would send it.
struct RawRequest {
    var method = "GET"
    var path: String
    var body: String?
    var headers: [(String, String)] = []

    struct Answer {
        var status: Int
        var headers: HTTPHeaders
        var json: JSON
        var code: String? { json["code"]?.string }
    }

    func send(to host: ServedHost, token: String? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: host.url + path)
        request.method = .RAW(value: method)
        let token = token ?? host.token.filter { !$0.isWhitespace }
        if !token.isEmpty { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return Answer(
            status: Int(response.status.code), headers: response.headers,
            json: (try? JSONParser.parse(Array(bytes.readableBytesView))) ?? .null)
    }
}
