using Microsoft.AspNetCore.Builder;

namespace Orleans.Pipeline.Gateway.Tests.Documentation;

/// <summary>The code of docs/security.md, so that it compiles; <see cref="SecurityDocumentTests"/> compares them.</summary>
internal static class SecurityDocument
{
    public static void Protect(WebApplication app)
    {
        app.MapGet("/reports", () => "…").RequireAny(Scopes.Consume);
        app.MapGet("/reports/{topic}", (string topic) => $"{topic}: …").RequireAnyOnTopic(Scopes.Consume);
    }
}
