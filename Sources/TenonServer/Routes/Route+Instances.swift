internal import TenonAPI
internal import TenonModel

extension Route {
    static let instances: [Route] = [
        Route(.listInstances) { call, host in
            try call.page(of: try host.instances(project: call.text("projectId").map { ProjectID($0) }))
        },
        Route(.getInstance) { call, host in call.answer(try host.instance(InstanceID(call.id))) },
        Route(.checkInstance) { call, host in call.answer(try host.checkInstance(InstanceID(call.id))) },
        Route(.removeInstance) { call, host in
            try host.removeInstance(InstanceID(call.id))
            return Answer(status: 204, body: nil)
        },
    ]
}
