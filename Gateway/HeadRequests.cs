using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Orleans.Pipeline.Gateway;

/// <summary>
/// Answers HEAD as GET, without the body: monitors and load balancers ask so. A tail, which does not end, is not among them.
/// </summary>
internal sealed class HeadRequests : IStartupFilter
{
    private static readonly PathString[] Roots = ["/v1", "/health", "/openapi", "/metrics"];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(AnswerAsync);
        next(app);
    };

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!HttpMethods.IsHead(request.Method) || !IsOfGateway(request) || IsTail(request))
        {
            await next(context);
            return;
        }

        var body = context.Response.Body;
        (request.Method, context.Response.Body) = (HttpMethods.Get, Stream.Null);
        try
        {
            await next(context);
        }
        finally
        {
            (request.Method, context.Response.Body) = (HttpMethods.Head, body);
        }
    }

    private static bool IsOfGateway(HttpRequest request) =>
        Array.Exists(Roots, root => request.Path.StartsWithSegments(root, StringComparison.OrdinalIgnoreCase));

    private static bool IsTail(HttpRequest request) => request.Path.Value?.EndsWith("/tail", StringComparison.OrdinalIgnoreCase) == true;
}
