using Microsoft.OpenApi;
using Orleans.Pipeline.Gateway.Access;

namespace Orleans.Pipeline.Gateway.Description;

/// <summary>How callers say who they are, in the OpenAPI document.</summary>
internal static class Credentials
{
    private const string Key = "ApiKey";
    private const string Token = "Bearer";

    /// <summary>Says that every endpoint takes an API key or a token, or neither where the gateway asks nobody.</summary>
    public static void AddCredentials(this OpenApiDocument document)
    {
        var components = document.Components ??= new OpenApiComponents();
        components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Key] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = GatewayAuthentication.KeyHeader, Description = "An API key." },
            [Token] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT", Description = "A JSON web token of the authority that the gateway trusts." },
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Token, document)] = [] },
            [],
        ];
    }
}
