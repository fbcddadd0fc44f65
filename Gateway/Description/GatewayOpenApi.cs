using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Description;

internal static class GatewayOpenApi
{
    public const string DocumentName = "v1";

    public static void AddGatewayOpenApi(this IServiceCollection services)
    {
        services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, WireJson.Default));
        services.AddSingleton<DescriptionDocument>();
        services.AddOpenApi(DocumentName, document =>
        {
            document.ShouldInclude = endpoint =>
                endpoint.RelativePath is { } path
                    && (path.StartsWith("v1/", StringComparison.Ordinal) || path.StartsWith("health/", StringComparison.Ordinal));
            document.AddSchemaTransformer<WireSchemas>();
            document.AddOperationTransformer<ResponseDescriptions>();
            document.AddOperationTransformer<ExampleBodies>();
            document.AddOperationTransformer<SecurityDescription>();
            document.AddDocumentTransformer<SecurityDescription>();
            document.AddDocumentTransformer((description, _, _) =>
            {
                description.Info = new()
                {
                    Title = "Orleans.Pipeline",
                    Version = DocumentName,
                    Description = "Durable, partitioned, exactly-once data pipelines: append and read records, and operate pipelines. "
                        + "Errors are problem details (RFC 9457) with a stable code. A gateway without configured callers accepts "
                        + "requests without credentials.",
                };
                description.Servers = [new() { Url = "/" }];
                description.AddProblems();
                return Task.CompletedTask;
            });
        });
    }
}
