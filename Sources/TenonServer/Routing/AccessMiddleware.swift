internal import HTTPTypes
internal import Hummingbird
internal import TenonAPI

/// Lets only requests through that come under a known name, from no foreign page, and with the token.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = CallContext
    private static let openPaths = Set(
        Endpoint.all.filter(\.isOpen).map { RouterPath($0.path).description })

    let policy: AccessPolicy
    let origins: OriginRule

    func handle(
        _ request: Request, context: CallContext, next: (Request, CallContext) async throws -> Response
    ) async throws -> Response {
        try origins.check(host: request.head.authority, origin: request.headers[.origin])
        if !Self.openPaths.contains(context.endpointPath ?? "") {
            try policy.check(authorization: request.headers[.authorization])
        }
        return try await next(request, context)
    }
}
