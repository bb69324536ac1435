extension Endpoint {
    package static let setSecret = Endpoint(
        "setSecret", .put, "/projects/:id/secrets/:name",
        "Store a project's secret, or replace its value. No answer ever holds the value.",
        shape: Shape(body: .json(.secret), answer: .object("secret")))
    package static let listSecrets = Endpoint(
        "listSecrets", .get, "/projects/:id/secrets", "List a project's secrets without their values.",
        shape: Shape(answer: .list("secrets"), query: .page))
    package static let removeSecret = Endpoint(
        "removeSecret", .delete, "/projects/:id/secrets/:name", "Remove a project's secret.",
        shape: Shape(answer: .none))

    static let secrets = [setSecret, listSecrets, removeSecret]
}
