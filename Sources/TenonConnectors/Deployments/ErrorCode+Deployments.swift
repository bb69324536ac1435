package import TenonModel

extension ErrorCode {
    package static let connectorInvalid = ErrorCode("connector.invalid", 422)
    package static let connectorNotFound = ErrorCode("connector.not-found", 404)
    package static let connectorUnbound = ErrorCode("connector.unbound", 422)
    package static let connectorPackage = ErrorCode("connector.package", 422)
    package static let configurationInvalid = ErrorCode("configuration.invalid", 422)
    package static let deployTaken = ErrorCode("deploy.taken", 409)
    package static let instanceNotFound = ErrorCode("instance.not-found", 404)
    package static let instanceHostNotAllowed = ErrorCode("instance.host-not-allowed", 403)
    package static let integrationNotDeployed = ErrorCode("integration.not-deployed", 422)
}
