internal import TenonAPI
internal import TenonJSON
internal import TenonModel

extension Route {
    static let host: [Route] = [
        Route(.live, waiting: { _, _ in Answer(status: 200, body: ["status": "live"]) }),
        Route(
            .ready,
            waiting: { _, host in
                host.operations.isReady
                    ? Answer(status: 200, body: ["status": "ready"])
                    : Answer(status: 503, body: ["status": "draining"])
            }),
        Route(.description, waiting: { _, _ in Answer(status: 200, body: OpenAPI.document(version: "1.0")) }),
        Route(.errorPage) { call, host in
            let isCode = call.id.allSatisfy { character in
                character.isASCII && (character.isLowercase || character.isNumber || "-.".contains(character))
            }
            guard isCode, let page = host.errorPage(call.id) else {
                throw TenonError(.unknownPath, "There is no page about \"\(call.id.prefix(100))\".")
            }
            var answer = Answer(status: 200, body: nil)
            answer.page = page
            return answer
        },
    ]
}
