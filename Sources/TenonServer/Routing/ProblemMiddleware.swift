internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import TenonAPI
internal import TenonJSON
internal import TenonModel

/// Answers every error as a problem document. What nobody foresaw is logged and told without details.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = CallContext

    func handle(
        _ request: Request, context: CallContext, next: (Request, CallContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPParserError {
            throw error
        } catch {
            return Self.response(to: Self.problem(for: error, request: request, logger: context.logger))
        }
    }

    private static func problem(for error: any Error, request: Request, logger: Logger) -> Problem {
        switch error {
        case let error as TenonError:
            // 502 to 507 say that another system failed, is full, or that the host takes no work at the
            // moment: nothing is wrong with it.
            if error.code.httpStatus == 500 {
                logger.error("request failed", metadata: ["error": "\(error)"])
            }
            return Problem(error)
        case let error as any HTTPResponseError where error.status == .notFound:
            return Problem(
                TenonError(
                    .unknownPath, "There is nothing at \(request.uri.path.prefix(200)); see /openapi.json."))
        default:
            logger.error("request failed unexpectedly", metadata: ["error": "\(error)"])
            return Problem(
                TenonError(
                    .internalError, "The host failed to answer; its log says why. Try again, or report it."))
        }
    }

    private static func response(to problem: Problem) -> Response {
        var response = Response.json(problem.json, status: problem.code.httpStatus, type: Problem.mediaType)
        if problem.code.httpStatus == 401 { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }
}

extension Response {
    static func json(_ body: JSON?, status: Int, type: String = "application/json") -> Response {
        guard let body else { return Response(status: .init(code: status)) }
        return Response(
            status: .init(code: status),
            headers: [.contentType: type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: JSONWriter.bytes(body))))
    }

    static func page(_ markdown: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/markdown; charset=utf-8", .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: markdown)))
    }
}
