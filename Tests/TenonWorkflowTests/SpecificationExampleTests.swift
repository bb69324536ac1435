import TenonJSON
import TenonModel
import TenonWorkflow
import Testing

/// The examples of the specification as they are printed.
@Suite struct SpecificationExampleTests {
    static let dailyDataSync = #"""
        {
          "projectId": "project-123",
          "name": "Daily Data Sync",
          "description": "Sync data from CAD to simulation daily",
          "steps": [
            {
              "name": "Extract CAD Data",
              "type": "api-call",
              "order": 0,
              "parameters": {
                "integrationId": "cad-integration-id",
                "method": "GET",
                "endpoint": "/designs/latest"
              },
              "dependencies": []
            },
            {
              "name": "Transform Data",
              "type": "data-transform",
              "order": 1,
              "parameters": {
                "transformation": {
                  "type": "map",
                  "mapping": {
                    "designId": "id",
                    "designName": "name",
                    "parameters": "specs"
                  }
                }
              },
              "dependencies": []
            },
            {
              "name": "Load to Simulation",
              "type": "api-call",
              "order": 2,
              "parameters": {
                "integrationId": "simulation-integration-id",
                "method": "POST",
                "endpoint": "/simulations",
                "data": "{{context.Transform Data}}"
              },
              "dependencies": []
            }
          ],
          "triggers": [
            {
              "type": "schedule",
              "schedule": "0 2 * * *",
              "enabled": true
            }
          ],
          "integrationIds": ["cad-integration-id", "simulation-integration-id"]
        }
        """#

    static let multiSystemSync: JSON = .workflow(
        [
            [
                "name": "Get Latest Design", "type": "api-call", "order": 0,
                "parameters": [
                    "integrationId": "cad-integration", "method": "GET", "endpoint": "/designs/latest",
                ], "dependencies": [],
            ],
            [
                "name": "Validate Design Data", "type": "condition", "order": 1,
                "parameters": [
                    "condition": "design.status === \"approved\"", "trueStep": "transform-data",
                    "falseStep": "send-notification",
                ], "dependencies": [],
            ],
            [
                "name": "Transform for Simulation", "type": "data-transform", "order": 2,
                "parameters": [
                    "transformation": [
                        "type": "map", "mapping": ["simulationId": "id", "parameters": "specs"],
                    ]
                ], "dependencies": [],
            ],
            [
                "name": "Submit to Simulation", "type": "api-call", "order": 3,
                "parameters": [
                    "integrationId": "simulation-integration", "method": "POST", "endpoint": "/jobs/submit",
                ], "dependencies": [],
            ],
            [
                "name": "Update ERP", "type": "api-call", "order": 4,
                "parameters": [
                    "integrationId": "erp-integration", "method": "PUT", "endpoint": "/designs/{{design.id}}",
                ], "dependencies": [],
            ],
        ],
        [
            "name": "Multi-System Data Sync",
            "triggers": [
                ["type": "schedule", "schedule": "0 2 * * *", "enabled": true],
                ["type": "event", "event": "design.approved", "enabled": true],
            ], "integrationIds": ["cad-integration", "simulation-integration", "erp-integration"],
        ])

    @Test func `the daily data sync runs from extract to load`() throws {
        var simulation = try Simulation(
            try JSONParser.parse(Self.dailyDataSync), context: ["userId": "user-123"])
        try simulation.start()
        #expect(simulation.calls.map(\.integrationID) == [IntegrationID("cad-integration-id")])
        #expect(simulation.calls[0].action == "request")
        #expect(simulation.calls[0].input == ["method": "GET", "endpoint": "/designs/latest"])
        let design: JSON = ["id": 7, "name": "Wing", "specs": ["span": 12.5]]
        try simulation.succeed("Extract CAD Data", ["status": 200, "headers": ["etag": "x"], "body": design])
        #expect(try simulation.state("Extract CAD Data").output == design)
        #expect(
            try simulation.state("Extract CAD Data").response == ["status": 200, "headers": ["etag": "x"]])
        #expect(
            simulation.effects.contains(
                .transform(
                    step: 1,
                    transformation: [
                        "type": "map",
                        "mapping": ["designId": "id", "designName": "name", "parameters": "specs"],
                    ], input: design)))
        #expect(simulation.calls[0].input["data"] == ["transformed": design])
        try simulation.succeed("Load to Simulation", ["status": 201, "headers": [:], "body": nil])
        #expect(simulation.machine.status == .completed)
        #expect(simulation.effects.last == .finished)
    }

    @Test func `the daily data sync is accepted with its trigger and a warning about its write`() throws {
        let (definition, warnings) = try WorkflowDefinition.parse(try JSONParser.parse(Self.dailyDataSync))
        #expect(definition.name == "Daily Data Sync")
        #expect(definition.steps.map(\.id) == ["extract-cad-data", "transform-data", "load-to-simulation"])
        #expect(
            warnings.map { "\($0.code) \($0.pointer)" } == ["workflow.write-without-idempotency /steps/2"])
        #expect(definition.triggers.count == 1)
    }

    @Test func `the multi-system sync is accepted, with a warning for each branch that names no step`() throws
    {
        let (_, warnings) = try WorkflowDefinition.parse(Self.multiSystemSync)
        let branches = warnings.filter { $0.code == "workflow.unknown-branch" }
        #expect(
            branches.map(\.pointer) == ["/steps/1/parameters/trueStep", "/steps/1/parameters/falseStep"])
    }

    @Test func `an approved design goes through all systems`() throws {
        var simulation = try Simulation(
            Self.multiSystemSync, context: ["design": ["id": "a b/c", "status": "approved"]])
        try simulation.start()
        try simulation.succeed("Get Latest Design", ["status": 200, "headers": [:], "body": ["id": 1]])
        #expect(try simulation.state("Validate Design Data").output == true)
        try simulation.succeed("Submit to Simulation", ["status": 202, "headers": [:], "body": "queued"])
        #expect(simulation.calls[0].input["endpoint"] == "/designs/a%20b%2Fc")
        #expect(simulation.calls[0].input["data"] == nil)
        try simulation.succeed("Update ERP", ["status": 204, "headers": [:], "body": ""])
        #expect(simulation.machine.status == .completed)
        #expect(simulation.machine.warnings.isEmpty)
    }

    @Test func `without a design the condition is false, the rest is skipped and the warnings say why`()
        throws
    {
        var simulation = try Simulation(Self.multiSystemSync)
        try simulation.start()
        try simulation.succeed("Get Latest Design", ["status": 200, "headers": [:], "body": ["id": 1]])
        #expect(simulation.machine.status == .completed)
        #expect(
            simulation.machine.steps.map(\.status) == [.completed, .completed, .skipped, .skipped, .skipped])
        #expect(simulation.machine.warnings.count == 2)
        #expect(simulation.machine.warnings[0].contains("`design.status`"))
        #expect(simulation.machine.warnings[1].contains("the rest was skipped"))
    }
}
