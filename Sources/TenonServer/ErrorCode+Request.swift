package import TenonModel

extension ErrorCode {
    package static let malformedJSON = ErrorCode("request.malformed-json", 400)
    package static let tooDeep = ErrorCode("request.too-deep", 400)
    package static let badParameter = ErrorCode("request.bad-parameter", 400)
    package static let unexpectedBody = ErrorCode("request.unexpected-body", 400)
    package static let wrongHost = ErrorCode("request.wrong-host", 403)
    package static let wrongOrigin = ErrorCode("request.wrong-origin", 403)
    package static let unknownPath = ErrorCode("request.unknown-path", 404)
    package static let wrongMethod = ErrorCode("request.wrong-method", 405)
    package static let tooLarge = ErrorCode("request.too-large", 413)
    package static let wrongBody = ErrorCode("request.wrong-body", 422)

    package static let missingToken = ErrorCode("auth.missing-token", 401)
    package static let wrongToken = ErrorCode("auth.wrong-token", 401)
    package static let tokenFile = ErrorCode("auth.token-file", 500)
    package static let openListen = ErrorCode("auth.open-listen", 422)

    package static let keyReused = ErrorCode("idempotency.key-reused", 422)
    package static let keyInUse = ErrorCode("idempotency.key-in-use", 409)

    package static let tooManyExplanations = ErrorCode("pipeline.too-many-explanations", 503)
    package static let tooManyFollowers = ErrorCode("execution.too-many-followers", 503)

    package static let internalError = ErrorCode("host.internal", 500)
}
