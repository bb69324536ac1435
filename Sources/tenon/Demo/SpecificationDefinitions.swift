internal import TenonJSON

/// The two definitions of the specification, as printed there.
enum SpecificationDefinitions {
    static let projectID = "project-123"

    static func pipeline() throws -> JSON { try JSONParser.parse(pipelineText) }
    static func workflow() throws -> JSON { try JSONParser.parse(workflowText) }

    private static let pipelineText = """
        {
          "projectId": "project-123",
          "name": "CAD to ERP Pipeline",
          "description": "Sync design data to ERP system",
          "sourceIntegrationId": "cad-integration-id",
          "targetIntegrationId": "erp-integration-id",
          "stages": [
            {
              "name": "Extract",
              "type": "extract",
              "order": 0,
              "transformations": []
            },
            {
              "name": "Filter Active Designs",
              "type": "transform",
              "order": 1,
              "transformations": [
                {
                  "type": "filter",
                  "condition": {
                    "field": "status",
                    "operator": "equals",
                    "value": "active"
                  }
                }
              ]
            },
            {
              "name": "Map Fields",
              "type": "transform",
              "order": 2,
              "transformations": [
                {
                  "type": "map",
                  "mapping": {
                    "erpDesignId": "id",
                    "erpDesignName": "name",
                    "erpCost": "estimatedCost"
                  }
                }
              ]
            },
            {
              "name": "Load to ERP",
              "type": "load",
              "order": 3,
              "transformations": []
            }
          ],
          "schedule": "0 */6 * * *"
        }
        """

    private static let workflowText = """
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
        """
}
