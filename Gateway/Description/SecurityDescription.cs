using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Orleans.Pipeline.Gateway.Access;
using Orleans.Pipeline.Gateway.Settings;

namespace Orleans.Pipeline.Gateway.Description;

internal sealed class SecurityDescription : IOpenApiDocumentTransformer, IOpenApiOperationTransformer
{
    private const string Key = "ApiKey";
    private const string Token = "Bearer";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var components = document.Components ??= new OpenApiComponents();
        components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Key] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = GatewayAuthentication.KeyHeader,
                Description = "An API key."
            },
            [Token] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "A JSON web token of an authority that the gateway trusts, or an API key."
            },
        };
        return Task.CompletedTask;
    }

    /// <summary>Adds the accepted credentials and the requirement to each operation that has a requirement.</summary>
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<AccessNeed>().LastOrDefault() is { } need)
        {
            operation.Description += $" {Phrase(need)}";
            operation.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, context.Document)] = [] },
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Token, context.Document)] = [] },
            ];
        }

        return Task.CompletedTask;
    }

    private static string Phrase(AccessNeed need)
    {
        var scopes = need.AnyOf == Scopes.All ? "any scope" : $"the scope {ScopeNames.Join(need.AnyOf, "or")}";
        return need.Subject switch
        {
            Subject.Topic => $"Needs {scopes} on the topic.",
            Subject.Pipeline => $"Needs {scopes} on the pipeline.",
            _ => $"Needs {scopes}.",
        };
    }
}
