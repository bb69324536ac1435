extension Endpoint {
    package static let listInstances = Endpoint(
        "listInstances", .get, "/instances", "List deployed instances.",
        shape: Shape(
            answer: .list("instances"), query: [.init("projectId", .string, "Only of this project.")] + .page)
    )
    package static let getInstance = Endpoint(
        "getInstance", .get, "/instances/:id", "Get a deployed instance with its status.",
        shape: Shape(answer: .object("instance")))
    package static let checkInstance = Endpoint(
        "checkInstance", .post, "/instances/:id/check", "Check that an instance reaches its system.",
        shape: Shape(answer: .object("instance")))
    package static let removeInstance = Endpoint(
        "removeInstance", .delete, "/instances/:id", "Stop and remove an instance.",
        shape: Shape(answer: .none))

    static let instances = [listInstances, getInstance, checkInstance, removeInstance]
}
