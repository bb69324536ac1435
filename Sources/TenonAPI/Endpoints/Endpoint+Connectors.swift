extension Endpoint {
    package static let createConnector = Endpoint(
        "createConnector", .post, "/connectors", "Create a connector definition.",
        shape: Shape(body: .json(.connector), answer: .object("connector", status: 201)))
    package static let listConnectors = Endpoint(
        "listConnectors", .get, "/connectors", "List connector definitions.",
        shape: Shape(
            answer: .list("connectors"),
            query: [.oneOf("type", ["source", "target", "bidirectional", "action"])] + .page))
    package static let getConnector = Endpoint(
        "getConnector", .get, "/connectors/:id", "Get a connector definition.",
        shape: Shape(answer: .object("connector")))
    package static let deployConnector = Endpoint(
        "deployConnector", .post, "/connectors/:id/deploy", "Deploy a connector into a project.",
        shape: Shape(body: .json(.deployment), answer: .object("instance", status: 201)))

    static let connectors = [createConnector, listConnectors, getConnector, deployConnector]
}
