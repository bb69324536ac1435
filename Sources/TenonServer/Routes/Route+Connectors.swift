internal import TenonAPI
internal import TenonModel

extension Route {
    static let connectors: [Route] = [
        Route(.createConnector) { call, host in call.answer(try host.createConnector(call.body)) },
        Route(.listConnectors) { call, host in try call.page(of: try host.connectors(type: call.text("type")))
        },
        Route(.getConnector) { call, host in call.answer(try host.connector(ConnectorID(call.id))) },
        Route(.deployConnector) { call, host in
            call.answer(try host.deploy(ConnectorID(call.id), call.body))
        },
    ]
}
