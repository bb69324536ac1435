internal import Foundation
internal import HTTPTypes
package import Hummingbird
internal import NIOCore
internal import TenonAPI
internal import TenonJSON
internal import TenonModel

/// What a request carries through the server.
package struct CallContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The client's connection.
    let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

/// Builds the server's router from the table of routes.
struct APIRouter: Sendable {
    let host: Host
    let reader: RequestReader
    var timing = EventTiming()
    let ledger = IdempotencyLedger()
    var subscriptions = EventSubscriptions()

    func router(_ routes: [Route], policy: AccessPolicy, origins: OriginRule) -> Router<CallContext> {
        let router = Router(context: CallContext.self)
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: AccessMiddleware(policy: policy, origins: origins))
        for route in routes {
            router.on(RouterPath(route.endpoint.path), method: route.endpoint.method.http) {
                request, context in
                try await respond(to: request, context: context, route: route)
            }
        }
        for (path, methods) in Dictionary(grouping: routes, by: \.endpoint.path) {
            refuseOtherMethods(path, allowed: Set(methods.map(\.endpoint.method)), router)
        }
        return router
    }

    private func refuseOtherMethods(
        _ path: String, allowed: Set<Endpoint.Method>, _ router: Router<CallContext>
    ) {
        let list = allowed.map(\.rawValue).sorted().joined(separator: ", ")
        let methods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete, .head]
        for method in methods where !allowed.contains(where: { $0.http == method }) {
            router.on(RouterPath(path), method: method) { request, _ -> Response in
                let problem = Problem(
                    TenonError(
                        .wrongMethod,
                        "\(method.rawValue) is not possible at \(request.uri.path); use \(list)."))
                var response = Response.json(problem.json, status: 405, type: Problem.mediaType)
                response.headers[.allow] = list
                return response
            }
        }
    }

    private func respond(to request: Request, context: CallContext, route: Route) async throws -> Response {
        let (call, body) = try await reader.call(
            request, captures: context.parameters, endpoint: route.endpoint)
        defer {
            if let path = call.uploadPath {
                // An installed package was copied; a file that stays costs space only.
                try? FileManager.default.removeItem(atPath: path)
            }
        }
        let answer = try await self.answer(call, body: body, route: route)
        if let id = answer.followed {
            let events = ExecutionEvents(id: id, host: host, timing: timing)
            return Response.events(
                events, subscription: try subscriptions.claim(), to: request, channel: context.channel)
        }
        var response =
            answer.page.map(Response.page) ?? Response.json(answer.body, status: answer.status)
        if let location = answer.location { response.headers[.location] = location }
        return response
    }

    /// Runs the handler once for each `Idempotency-Key`.
    private func answer(_ call: Call, body: [UInt8], route: Route) async throws -> Answer {
        guard let key = call.idempotencyKey, route.endpoint.method == .post, call.uploadPath == nil else {
            return try await route.handler(call, host)
        }
        if let problem = UserGivenText.problem(with: key) {
            throw TenonError(.badParameter, "The Idempotency-Key \(problem).")
        }
        let scope = "\(route.endpoint.operation) \(call.id) \(key)"
        switch ledger.claim(scope, body: body) {
        case .otherBody:
            throw TenonError(
                .keyReused, "The Idempotency-Key \"\(key)\" was used with another body; take a new key.")
        case .inUse:
            throw TenonError(
                .keyInUse,
                "The first request with the Idempotency-Key \"\(key)\" still runs; ask again later.")
        case .answered(let answer): return try await repeated(answer, call)
        case .fresh:
            do {
                let answer = try await route.handler(call, host)
                ledger.record(scope, answer)
                return answer
            } catch {
                ledger.release(scope)
                throw error
            }
        }
    }

    /// The first answer again; an execution as it now is.
    private func repeated(_ answer: Answer, _ call: Call) async throws -> Answer {
        guard [.executeWorkflow, .executePipeline].contains(call.endpoint),
            let id = answer.body?["execution"]?["id"]?.string
        else { return answer }
        return try await call.followed(ExecutionID(id), on: host)
    }
}

extension Endpoint.Method {
    var http: HTTPRequest.Method {
        switch self {
        case .get: .get
        case .post: .post
        case .put: .put
        case .delete: .delete
        }
    }
}
